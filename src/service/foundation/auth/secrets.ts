import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import { SessionError } from '../../../protocol/errors.js';
import type { HttpEnvironment } from '../http/environment.js';

/** SHA-256, hex. A random key of 256 bits needs no salt and no slow hash. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/**
 * Only browsers send `Origin`, or without it, when they just read, `Sec-Fetch-Site`; no secret belongs there. The other
 * `Sec-Fetch-*` tell nothing: the fetch of Node sends `Sec-Fetch-Mode` too.
 * @throws {SessionError} `SECRET_KEY_IN_BROWSER`
 */
export function refuseBrowser(c: Context<HttpEnvironment>): void {
  const marks = [c.req.header('origin'), c.req.header('sec-fetch-site')];
  if (marks.some((mark) => mark !== undefined)) throw new SessionError('SECRET_KEY_IN_BROWSER');
}
