import { compactVerify } from 'jose';
import { SessionError } from '../../../../protocol/errors.js';
import { checkClaims } from '../../../../protocol/session-token-claims.js';
import {
  parseSessionToken,
  sessionTokenType,
  type SessionTokenClaims,
} from '../../../../protocol/session-token.js';
import type { ServiceContext } from '../../../foundation/context.js';
import { perService } from '../../../foundation/per-service.js';
import { isStorable } from '../../../foundation/storable-text.js';
import { KnownTokens } from './known-tokens.js';
import { signingKeysOf } from './signing-keys.js';
import { readSession, type SessionView } from '../session-view.js';

const knownTokensOf = perService(() => new KnownTokens());

/** How far a session token may be from the future, seconds: clocks are set and measured while tokens are on their way. */
const aheadToleranceSeconds = 5;

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
  const tokens = knownTokensOf(context);
  const known = tokens.find(token);
  const { header, claims } = known ?? parseSessionToken(token);
  if (header.alg !== 'ES256') throw new SessionError('TOKEN_ALGORITHM_REFUSED');
  if (header.typ !== sessionTokenType) throw new SessionError('TOKEN_TYPE_REFUSED');
  const key = header.kid === undefined ? undefined : await signingKeysOf(context).find(header.kid);
  if (!key) throw new SessionError('TOKEN_KEY_UNKNOWN');
  if (!known) {
    await compactVerify(token, key.publicKey, { algorithms: ['ES256'] }).catch(() => {
      throw new SessionError('TOKEN_SIGNATURE_INVALID');
    });
    tokens.add(token, { header, claims });
  }
  checkClaims(claims, {
    now: context.now(),
    toleranceSeconds: 0,
    aheadToleranceSeconds,
    issuer: context.publicUrl,
  });
  // Signed or not: a text that the database cannot hold is no session's id, and would fail in it.
  if (!isStorable(claims.jti)) throw new SessionError('TOKEN_CLAIM_INVALID');
  const view = await readSession(context, claims.jti);
  if (claims.aud !== view.application_id) throw new SessionError('TOKEN_AUDIENCE_MISMATCH');
  if (claims.sub !== view.user_id) throw new SessionError('TOKEN_CLAIM_INVALID');
  if ((claims.launch_count ?? 0) !== view.launch_count) throw new SessionError('TOKEN_SUPERSEDED');
  return { claims, view };
}
