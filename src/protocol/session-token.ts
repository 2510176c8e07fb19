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
  // A program in JavaScript may pass anything.
  if (typeof token !== 'string') refuse('TOKEN_MALFORMED');
  if (token.length > maxTokenLength) refuse('TOKEN_TOO_LARGE');
  const parts = token.split('.');
  if (parts.length !== 3 || parts.includes('')) refuse('TOKEN_MALFORMED');
  const [headerBytes, claimBytes] = parts.map(decodeCanonical) as [string, string, string];
  const header = parseObject(headerBytes);
  const claims = parseObject(claimBytes);
  checkHeader(header);
  checkClaimTypes(claims);
  return { header, claims } as unknown as ParsedSessionToken;
}

/** base64url to a string of bytes; refuses padding, other alphabets and unused bits (RFC 4648, 3.5). */
function decodeCanonical(part: string): string {
  if (!/^[\w-]+$/.test(part) || part.length % 4 === 1) refuse('TOKEN_ENCODING_INVALID');
  const bytes = atob(part.replace(/-/g, '+').replace(/_/g, '/'));
  const again = btoa(bytes).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  return again === part ? bytes : refuse('TOKEN_ENCODING_INVALID');
}

type JsonObject = Record<string, unknown>;

function parseObject(bytes: string): JsonObject {
  let text = '';
  try {
    const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    text = utf8.decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
  } catch {
    refuse('TOKEN_NOT_UTF8');
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value && !Array.isArray(value) && isPlainJson(text))
      return value as JsonObject;
  } catch {
    // answered below
  }
  return refuse('TOKEN_JSON_INVALID');
}

/** Whether well-formed JSON repeats no member, has no `__proto__` and nests at most eight levels. */
function isPlainJson(text: string): boolean {
  const levels: Set<string>[] = [];
  for (const [, string, colon, bracket] of text.matchAll(/("(?:[^"\\]|\\.)*")\s*(:?)|([{}[\]])/g)) {
    if (bracket === '{' || bracket === '[') {
      if (levels.push(new Set()) > 8) return false;
    } else if (bracket) {
      levels.pop();
    } else if (colon) {
      const name = JSON.parse(string!) as string;
      const names = levels.at(-1)!;
      if (names.has(name) || name === '__proto__') return false;
      names.add(name);
    }
  }
  return true;
}

function checkHeader({ alg, kid, typ, ...others }: JsonObject): void {
  if (Object.keys(others).length) refuse('TOKEN_HEADER_REFUSED');
  if (!tokenAlgorithms.includes(alg as 'ES256')) refuse('TOKEN_ALGORITHM_REFUSED');
  if (kid !== undefined && (typeof kid !== 'string' || kid.length > 256)) refuse('TOKEN_HEADER_REFUSED');
  if (typ !== undefined && typ !== 'JWT' && typ !== sessionTokenType) refuse('TOKEN_TYPE_REFUSED');
}

function checkClaimTypes(claims: JsonObject): void {
  const isText = (value: unknown) => typeof value === 'string' && value !== '';
  // Whole seconds between 1970 and 5138: milliseconds are out of range (RFC 7519, 2: NumericDate).
  const isInstant = (value: unknown) =>
    Number.isInteger(value) && (value as number) > 0 && (value as number) < 1e11;
  const isAmount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
  const required = {
    jti: isText,
    sub: isText,
    provider_id: isText,
    aud: isText,
    iat: isInstant,
    exp: isInstant,
    tokens_allocated: isAmount,
  };
  const optional = { nbf: isInstant, iss: isText, return_url: isText };
  for (const [name, isRight] of Object.entries({ ...required, ...optional })) {
    const value = claims[name];
    if (value === undefined) {
      if (name in required) refuse('TOKEN_CLAIM_MISSING');
    } else if (!isRight(value)) {
      refuse('TOKEN_CLAIM_INVALID');
    }
  }
}
