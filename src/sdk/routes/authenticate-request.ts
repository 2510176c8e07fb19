import type { createRemoteJWKSet } from 'jose';
import type { ErrorCode } from '../../protocol/error-codes.js';
import { SessionError } from '../../protocol/errors.js';
import { checkClaims } from '../../protocol/session-token-claims.js';
import {
  customerTokenType,
  parseSessionToken,
  tokenAlgorithms,
  type SessionTokenClaims,
} from '../../protocol/session-token.js';
import { isFinal } from '../../protocol/state-machine.js';
import type { Session } from '../api-types.js';
import type { Marketplace } from '../marketplace.js';

export interface AuthenticateOptions {
  /** The application's id. */
  audience: string;
  /** The service's `/.well-known/jwks.json`. */
  jwksUri: string;
  /** Asks the service too whether the session still runs; without it a session counts until its session token expires. */
  marketplace?: Marketplace | undefined;
  /** The issuer that is expected: the service's public address. */
  issuer?: string | undefined;
  /** The parameter of the launch address; `session` by default. */
  tokenParam?: string | undefined;
}

interface Authenticated {
  isAuthenticated: true;
  claims: SessionTokenClaims;
  /** As the service says it, where it was asked. */
  session: Session | null;
  reason: null;
  message: null;
}

interface NotAuthenticated {
  isAuthenticated: false;
  claims: null;
  session: null;
  /** Why not. */
  reason: ErrorCode;
  /** The same in a sentence for a developer, with what to do where that is not plain. */
  message: string;
}

/** For the answer: it is for one person, and a 401 says what is wrong (RFC 6750, 3). */
export type AuthenticateResult = (Authenticated | NotAuthenticated) & { toWebHeaders(): Headers };

/** The remote key sets, one for each address: it keeps and renews its keys. */
const keySets = new Map<string, ReturnType<typeof createRemoteJWKSet>>();

const customerWithoutSession =
  'The customer is signed in and has no live session: sell one, and the page fetches a session token of it.';
const boundToBrowser =
  'This session token is bound to a browser, whose proofs are made for the session service alone: set proofOfPossession of the application to off, or know the customer by a login of your own.';

/**
 * Whether a request comes with a valid session token, in `Authorization` or in the launch address: for what a provider's own
 * server gives to paying customers only. Refused are a token of a customer without a live session (`NO_LIVE_SESSION`) and one that is
 * bound to a browser (`PROOF_REQUIRED`): anybody who has copied it could send it. Needs the package `jose`.
 * @throws what is wrong with the key set or the service, but nothing of the request.
 */
export async function authenticateRequest(
  request: Request,
  options: AuthenticateOptions,
): Promise<AuthenticateResult> {
  try {
    const claims = await verify(tokenOf(request, options.tokenParam ?? 'session'), options);
    const session = (await options.marketplace?.sessions.retrieve(claims.jti))?.session ?? null;
    if (session && isFinal(session.status)) throw new SessionError('SESSION_ENDED');
    const toWebHeaders = () => new Headers({ 'Cache-Control': 'private, no-store' });
    return { isAuthenticated: true, claims, session, reason: null, message: null, toWebHeaders };
  } catch (error) {
    if (!(error instanceof SessionError) || !isOfTheRequest(error.code)) throw error;
    const { code: reason, message } = error;
    const toWebHeaders = () =>
      new Headers({ 'Cache-Control': 'private, no-store', 'WWW-Authenticate': challengeOf(error) });
    return { isAuthenticated: false, claims: null, session: null, reason, message, toWebHeaders };
  }
}

const isOfTheRequest = (code: ErrorCode) => /^(TOKEN|PROOF|SESSION|NO_LIVE)_/.test(code);

/** A request without a token learns the scheme alone; a description has few characters (RFC 6750, 3). */
function challengeOf({ code, message }: SessionError): string {
  if (code === 'TOKEN_MISSING') return 'Bearer';
  const description = message.replace(/[^ !#-[\]-~]/g, '');
  return `Bearer error="invalid_token", error_description="${description}"`;
}

function tokenOf({ headers, url }: Request, param: string): string {
  const [, bearer] = /^Bearer +(\S+)$/i.exec(headers.get('authorization') ?? '') ?? [];
  if (bearer) return bearer;
  const [token, ...others] = new URL(url).searchParams.getAll(param);
  if (others.length) throw new SessionError('TOKEN_AMBIGUOUS');
  if (!token) throw new SessionError('TOKEN_MISSING');
  return token;
}

async function verify(token: string, { audience, issuer, jwksUri }: AuthenticateOptions) {
  // Its form first: libraries forgive what must be refused.
  const { header, claims } = parseSessionToken(token);
  if (header.typ === customerTokenType)
    throw new SessionError('NO_LIVE_SESSION', { message: customerWithoutSession });
  // Bound to a browser's key, it is none without a proof (RFC 9449, 7.2).
  if (claims.cnf) throw new SessionError('PROOF_REQUIRED', { message: boundToBrowser });
  const jose = await import('jose');
  const { compactVerify, errors } = jose;
  let keys = keySets.get(jwksUri);
  if (!keys) keySets.set(jwksUri, (keys = jose.createRemoteJWKSet(new URL(jwksUri))));
  await compactVerify(token, keys, { algorithms: [...tokenAlgorithms] }).catch((cause: unknown) => {
    if (cause instanceof errors.JWKSNoMatchingKey) throw new SessionError('TOKEN_KEY_UNKNOWN');
    if (cause instanceof errors.JWSSignatureVerificationFailed)
      throw new SessionError('TOKEN_SIGNATURE_INVALID');
    throw new SessionError('KEYS_UNAVAILABLE', { cause });
  });
  checkClaims(claims, { now: Date.now(), toleranceSeconds: 60, audience, issuer });
  return claims;
}
