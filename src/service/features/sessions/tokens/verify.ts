import { compactVerify } from 'jose';
import { SessionError } from '../../../../protocol/errors.js';
import { checkClaims } from '../../../../protocol/session-token-claims.js';
import {
  customerTokenType,
  parseSessionToken,
  sessionTokenType,
  type ParsedSessionToken,
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

/**
 * Verifies that a session token, or one for a user without a session, is this service's own, and that its time is not over.
 * The form is checked before any cryptography; the key is ours by name, and nothing in the token chooses the algorithm
 * (RFC 8725, 3.1 and 3.2).
 * @throws {SessionError} `TOKEN_*`
 */
export async function verifySessionToken(
  context: ServiceContext,
  token: string,
): Promise<ParsedSessionToken> {
  const tokens = knownTokensOf(context);
  const known = tokens.find(token);
  const { header, claims } = known ?? parseSessionToken(token);
  if (header.alg !== 'ES256') throw new SessionError('TOKEN_ALGORITHM_REFUSED');
  if (header.typ !== sessionTokenType && header.typ !== customerTokenType)
    throw new SessionError('TOKEN_TYPE_REFUSED');
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
  // Signed or not: a text that the database cannot hold is no id, and would fail in it.
  const { jti, token_id = jti } = claims;
  if (!isStorable(jti) || !isStorable(token_id)) throw new SessionError('TOKEN_CLAIM_INVALID');
  return { header, claims };
}

/**
 * The session that a verified session token is for, as it stands.
 * @throws {SessionError} `SESSION_NOT_FOUND`, `TOKEN_AUDIENCE_MISMATCH`, `TOKEN_CLAIM_INVALID`, `TOKEN_SUPERSEDED`
 */
export async function findItsSession(
  context: ServiceContext,
  claims: SessionTokenClaims,
): Promise<SessionView> {
  const view = await readSession(context, claims.jti);
  if (claims.aud !== view.application_id) throw new SessionError('TOKEN_AUDIENCE_MISMATCH');
  if (claims.sub !== view.user_id) throw new SessionError('TOKEN_CLAIM_INVALID');
  if ((claims.launch_count ?? 0) !== view.launch_count) throw new SessionError('TOKEN_SUPERSEDED');
  return view;
}
