import type { Context } from 'hono';
import { SessionError } from '../../../protocol/errors.js';
import type { Idempotency } from '../idempotency.js';
import type { HttpEnvironment } from './environment.js';

/**
 * The `Idempotency-Key` of a request (draft-ietf-httpapi-idempotency-key-header), bare or quoted.
 * @param action what is changed, and of what: the same key for another action is another key.
 * @throws {SessionError} `IDEMPOTENCY_KEY_INVALID`
 */
export function idempotencyOf(
  c: Context<HttpEnvironment>,
  action: string,
  request: unknown,
): Idempotency | undefined {
  const header = c.req.header('idempotency-key');
  if (header === undefined) return undefined;
  const scope = `${c.get('credential').name} ${action}`;
  return { scope, key: readKey(header), request, onReplay: () => c.set('isReplayed', true) };
}

/** A string of structured fields (RFC 9651, 3.3.3); whoever writes no quotes at all is understood too. */
function readKey(header: string): string {
  const quoted = /^"((?:[^"\\]|\\["\\])*)"$/.exec(header)?.[1]?.replace(/\\(.)/g, '$1');
  const key = quoted ?? (header.includes('"') ? '' : header);
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) throw new SessionError('IDEMPOTENCY_KEY_INVALID');
  return key;
}

/**
 * The same, where a change must not go without.
 * @throws {SessionError} `IDEMPOTENCY_KEY_MISSING`, `IDEMPOTENCY_KEY_INVALID`
 */
export function requireIdempotency(
  c: Context<HttpEnvironment>,
  action: string,
  request: unknown,
): Idempotency {
  const idempotency = idempotencyOf(c, action, request);
  if (!idempotency) throw new SessionError('IDEMPOTENCY_KEY_MISSING');
  return idempotency;
}
