import { parseCompactJws, type JsonObject } from './compact-jws.js';
import { isPathSegment } from './path-segment.js';
import { SessionError } from './errors.js';
import type { ErrorCode } from './error-codes.js';

/** Header of a session token (JOSE header, RFC 7515). Nothing else is allowed in it. */
export interface SessionTokenHeader {
  alg: 'ES256' | 'RS256';
  kid?: string;
  typ?: string;
}

/** Claims of a session token (RFC 7519). Instants are whole seconds since the epoch. */
export interface SessionTokenClaims {
  /** The session's id. */
  jti: string;
  /** The customer, by the marketplace's own id. */
  sub: string;
  provider_id: string;
  /** The application it is for. */
  aud: string;
  iat: number;
  exp: number;
  nbf?: number;
  iss?: string;
  tokens_allocated: number;
  return_url?: string;
  /** Whether requests with this session token come with proofs of possession (DPoP, RFC 9449). */
  dpop_bound?: boolean;
  /** Confirmation (RFC 7800): the thumbprint of the key that the session is bound to (RFC 7638; RFC 9449, 6.1). */
  cnf?: { jkt: string };
  /** How often the session was launched again before this session token was issued; without it never. */
  launch_count?: number;
  /** What it allows, with blanks between (RFC 8693, 4.2); without it all of the session's operations. */
  scope?: string;
  /** By which it is revoked; of a token that was issued for a user. */
  token_id?: string;
}

export interface ParsedSessionToken {
  header: SessionTokenHeader;
  claims: SessionTokenClaims;
}

/** The longest session token that is looked at, in characters. */
export const maxTokenLength = 8192;

/** Algorithms that a session token may name (RFC 8725, 3.1: an allow-list, never the token's choice). */
export const tokenAlgorithms = ['ES256', 'RS256'] as const;

/** `typ` of the session tokens that this service issues (RFC 8725, 3.11: explicit typing). */
export const sessionTokenType = 'session+jwt';

/** `typ` of a token for a user who has no live session: it opens none, and its `jti` is its own. */
export const customerTokenType = 'customer+jwt';

const tokenTypes: readonly unknown[] = [undefined, 'JWT', sessionTokenType, customerTokenType];

const refuse = (code: ErrorCode): never => {
  throw new SessionError(code);
};

/**
 * Reads a session token in compact form without verifying it. The text must be canonical: one token has one spelling
 * only, so that no check can be passed by one spelling and missed by another.
 * @throws {SessionError} `TOKEN_TOO_LARGE`, `TOKEN_MALFORMED`, `TOKEN_ENCODING_INVALID`, `TOKEN_NOT_UTF8`,
 * `TOKEN_JSON_INVALID`, `TOKEN_HEADER_REFUSED`, `TOKEN_ALGORITHM_REFUSED`, `TOKEN_TYPE_REFUSED`,
 * `TOKEN_CLAIM_MISSING`, `TOKEN_CLAIM_INVALID`.
 */
export function parseSessionToken(token: string): ParsedSessionToken {
  const { header, payload: claims } = parseCompactJws(token, maxTokenLength);
  checkHeader(header);
  checkClaimTypes(claims);
  return { header, claims } as unknown as ParsedSessionToken;
}

function checkHeader({ alg, kid, typ, ...others }: JsonObject): void {
  if (Object.keys(others).length) refuse('TOKEN_HEADER_REFUSED');
  if (!tokenAlgorithms.includes(alg as 'ES256')) refuse('TOKEN_ALGORITHM_REFUSED');
  if (kid !== undefined && (typeof kid !== 'string' || kid.length > 256)) refuse('TOKEN_HEADER_REFUSED');
  if (!tokenTypes.includes(typ)) refuse('TOKEN_TYPE_REFUSED');
}

function checkClaimTypes(claims: JsonObject): void {
  const isText = (value: unknown) => typeof value === 'string' && value !== '';
  // Whole seconds between 1970 and 5138: milliseconds are out of range (RFC 7519, 2: NumericDate).
  const isInstant = (value: unknown) =>
    Number.isInteger(value) && (value as number) > 0 && (value as number) < 1e11;
  const isAmount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
  const required = {
    jti: isPathSegment,
    sub: isText,
    provider_id: isText,
    aud: isText,
    iat: isInstant,
    exp: isInstant,
    tokens_allocated: isAmount,
  };
  const optional = {
    nbf: isInstant,
    iss: isText,
    return_url: isText,
    dpop_bound: (value: unknown) => typeof value === 'boolean',
    cnf: isConfirmation,
    launch_count: isAmount,
    scope: isText,
    token_id: isText,
  };
  for (const [name, isRight] of Object.entries({ ...required, ...optional })) {
    const value = claims[name];
    if (value === undefined) {
      if (name in required) refuse('TOKEN_CLAIM_MISSING');
    } else if (!isRight(value)) {
      refuse('TOKEN_CLAIM_INVALID');
    }
  }
}

/** Only the thumbprint of a key: 32 bytes of SHA-256 as base64url (RFC 9449, 6.1). */
function isConfirmation(value: unknown): boolean {
  if (typeof value !== 'object' || !value) return false;
  const { jkt, ...others } = value as JsonObject;
  return typeof jkt === 'string' && /^[\w-]{43}$/.test(jkt) && Object.keys(others).length === 0;
}
