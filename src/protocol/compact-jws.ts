import type { ErrorCode } from './error-codes.js';
import { SessionError } from './errors.js';
import { repeatsMember } from './plain-json.js';

export type JsonObject = Record<string, unknown>;

/** How many levels of JSON it may nest. */
const maxDepth = 8;

const refuse = (code: ErrorCode): never => {
  throw new SessionError(code);
};

/**
 * Reads a JWS in compact form (RFC 7515, 7.1) without verifying it. The text must be canonical: one JWS has one
 * spelling only, so that no check can be passed by one spelling and missed by another.
 * @param maxLength the longest text that is looked at, in characters.
 * @throws {SessionError} `TOKEN_TOO_LARGE`, `TOKEN_MALFORMED`, `TOKEN_ENCODING_INVALID`, `TOKEN_NOT_UTF8`,
 * `TOKEN_JSON_INVALID`.
 */
export function parseCompactJws(
  text: string,
  maxLength: number,
): { header: JsonObject; payload: JsonObject } {
  // A program in JavaScript may pass anything.
  if (typeof text !== 'string') refuse('TOKEN_MALFORMED');
  if (text.length > maxLength) refuse('TOKEN_TOO_LARGE');
  const parts = text.split('.');
  if (parts.length !== 3 || parts.includes('')) refuse('TOKEN_MALFORMED');
  const [headerBytes, payloadBytes] = parts.map(decodeCanonical) as [string, string, string];
  return { header: parseObject(headerBytes), payload: parseObject(payloadBytes) };
}

/** base64url to a string of bytes; refuses padding, other alphabets and unused bits (RFC 4648, 3.5). */
function decodeCanonical(part: string): string {
  if (!/^[\w-]+$/.test(part) || part.length % 4 === 1) refuse('TOKEN_ENCODING_INVALID');
  const bytes = atob(part.replace(/-/g, '+').replace(/_/g, '/'));
  const again = btoa(bytes).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  return again === part ? bytes : refuse('TOKEN_ENCODING_INVALID');
}

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
    if (typeof value === 'object' && value && !Array.isArray(value) && !repeatsMember(text, maxDepth))
      return value as JsonObject;
  } catch {
    // answered below
  }
  return refuse('TOKEN_JSON_INVALID');
}
