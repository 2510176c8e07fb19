import { SessionError } from './errors.js';
import type { SessionTokenClaims } from './session-token.js';

/** The longest life of a session token, seconds: a day of session, the same again in extensions and pauses. */
export const maxTokenLifeSeconds = 172_800;

/** The largest difference of clocks that may be tolerated, seconds. */
const maxToleranceSeconds = 300;

export interface ClaimExpectations {
  /** Milliseconds since the epoch. */
  now: number;
  /** Difference of clocks that is forgiven, seconds, 0 to 300. */
  toleranceSeconds: number;
  /** How far `iat` and `nbf` may lie ahead, seconds; `toleranceSeconds` where it is not given. */
  aheadToleranceSeconds?: number;
  /** The application; undefined accepts any. */
  audience?: string | undefined;
  /** The issuer; undefined accepts any. */
  issuer?: string | undefined;
}

/**
 * Checks verified claims against what is expected. `exp` equal to now is expired (RFC 7519, 4.1.4).
 * @throws {SessionError} `TOKEN_AUDIENCE_MISMATCH`, `TOKEN_ISSUER_MISMATCH`, `TOKEN_CLAIM_INVALID`, `TOKEN_EXPIRED`,
 * `TOKEN_NOT_YET_VALID`.
 * @throws {TypeError} where the tolerance is not between 0 and 300.
 */
export function checkClaims(claims: SessionTokenClaims, expected: ClaimExpectations): void {
  const { toleranceSeconds, aheadToleranceSeconds = toleranceSeconds } = expected;
  if (!(toleranceSeconds >= 0 && toleranceSeconds <= maxToleranceSeconds)) {
    throw new TypeError(`toleranceSeconds must lie between 0 and ${maxToleranceSeconds}`);
  }
  if (expected.audience !== undefined && claims.aud !== expected.audience)
    throw new SessionError('TOKEN_AUDIENCE_MISMATCH');
  if (expected.issuer !== undefined && claims.iss !== expected.issuer)
    throw new SessionError('TOKEN_ISSUER_MISMATCH');
  const lifeSeconds = claims.exp - claims.iat;
  if (lifeSeconds <= 0 || lifeSeconds > maxTokenLifeSeconds) throw new SessionError('TOKEN_CLAIM_INVALID');
  const nowSeconds = expected.now / 1000;
  if (nowSeconds - toleranceSeconds >= claims.exp) throw new SessionError('TOKEN_EXPIRED');
  if (Math.max(claims.iat, claims.nbf ?? 0) > nowSeconds + aheadToleranceSeconds)
    throw new SessionError('TOKEN_NOT_YET_VALID');
}
