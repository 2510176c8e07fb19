import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import { SessionError } from '../../../protocol/errors.js';
import type { HttpEnvironment } from './environment.js';

/** The strong validator of what is answered (RFC 9110, 8.8.3): the same as long as not a letter of it changes. */
export const entityTag = (representation: object): { ETag: string } => ({
  ETag: `"${createHash('sha256').update(JSON.stringify(representation)).digest('base64url')}"`,
});

/**
 * Refuses a change of what is no longer as its sender has read it, where the request says how that was: `If-Match` (RFC 9110, 13.1.1).
 * @param current as it stands, locked, as it would be answered
 * @throws {SessionError} `PRECONDITION_FAILED`
 */
export function requireMatch(c: Context<HttpEnvironment>, current: object): void {
  const condition = c.req.header('if-match');
  if (condition === undefined || condition === '*') return;
  // Our own tags hold no comma.
  const tags = condition.split(',').map((tag) => tag.trim());
  if (!tags.includes(entityTag(current).ETag)) throw new SessionError('PRECONDITION_FAILED');
}
