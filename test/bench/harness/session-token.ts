import type { SessionTokenClaims } from '../../../src/protocol/session-token.js';

const encode = (value: object | string) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** A session token of the right shape; the backend of the benchmarks does not look at its signature. */
export function createSessionToken(sessionId: string, expiresAt: number): string {
  const claims: SessionTokenClaims = {
    jti: sessionId,
    sub: 'customer',
    provider_id: 'provider',
    aud: 'application',
    iat: expiresAt - 86_400,
    exp: expiresAt + 60,
    tokens_allocated: 100,
  };
  return [{ alg: 'ES256', typ: 'session+jwt' }, claims, 'signature'.repeat(9)].map(encode).join('.');
}
