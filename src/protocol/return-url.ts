import { SessionError } from './errors.js';

/**
 * The address, if it may be followed: written in full with http or https, without user info, and on exactly one of the
 * allowed origins, spelled as it is allowed. Parsed by `URL`, then compared, so that no spelling slips through.
 * @param allowedOrigins such as `https://market.example`; compared as whole origins.
 * @throws {SessionError} `RETURN_URL_REFUSED`
 */
export function parseReturnUrl(address: string, allowedOrigins: readonly string[]): URL {
  // Control characters, blanks and backslashes are what the URL parser forgives and people do not see.
  const isPlain = /^https?:\/\/[^\\\s\p{Cc}]+$/u.test(address);
  const url = isPlain && URL.canParse(address) ? new URL(address) : null;
  // User info, an encoded host and look-alike letters read otherwise than the origin that they are parsed to.
  const [written] = /^[^/]*\/\/[^/?#]*/.exec(address) ?? [];
  if (!url || written !== url.origin || !allowedOrigins.includes(url.origin)) {
    throw new SessionError('RETURN_URL_REFUSED');
  }
  return url;
}
