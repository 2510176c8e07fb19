import { compactVerify } from 'jose';
import { SessionError } from '../../protocol/errors.js';
import { checkClaims } from '../../protocol/session-token-claims.js';
import {
  parseSessionToken,
  sessionTokenType,
  type SessionTokenClaims,
} from '../../protocol/session-token.js';
import type { ServiceContext } from '../context.js';
import { readSession, type SessionView } from '../sessions/session-view.js';

export interface VerifiedSessionToken {
  claims: SessionTokenClaims;
  /** The session it is for, as it stands. */
  view: SessionView;
}

/**
 * Verifies a session token of this service and finds its session. The form is checked before any cryptography; the key
 * is ours by name, and nothing in the token chooses the algorithm (RFC 8725, 3.1 and 3.2).
 * @throws {SessionError} `TOKEN_*`, `SESSION_NOT_FOUND`.
 */
export async function verifySessionToken(
  context: ServiceContext,
  token: string,
): Promise<VerifiedSessionToken> {
  const known = context.tokens.find(token);
  const { header, claims } = known ?? parseSessionToken(token);
  if (header.alg !== 'ES256') throw new SessionError('TOKEN_ALGORITHM_REFUSED');
  if (header.typ !== sessionTokenType) throw new SessionError('TOKEN_TYPE_REFUSED');
  const key = header.kid === undefined ? undefined : await context.keys.find(header.kid);
  if (!key) throw new SessionError('TOKEN_KEY_UNKNOWN');
  if (!known) {
    await compactVerify(token, key.publicKey, { algorithms: ['ES256'] }).catch(() => {
      throw new SessionError('TOKEN_SIGNATURE_INVALID');
    });
    context.tokens.add(token, { header, claims });
  }
  checkClaims(claims, { now: context.now(), toleranceSeconds: 0, issuer: context.publicUrl });
  const view = await readSession(context, claims.jti);
  if (claims.aud !== view.application_id) throw new SessionError('TOKEN_AUDIENCE_MISMATCH');
  if (claims.sub !== view.user_id) throw new SessionError('TOKEN_CLAIM_INVALID');
  if ((claims.launch_count ?? 0) !== view.launch_count) throw new SessionError('TOKEN_SUPERSEDED');
  return { claims, view };
}
