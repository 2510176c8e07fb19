import type { Context } from 'hono';
import { SessionError } from '../../protocol/errors.js';
import type { Idempotency } from '../idempotency.js';
import { credentialName } from './credential.js';
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
  const key = /^"(.*)"$/.exec(header)?.[1] ?? header;
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) throw new SessionError('IDEMPOTENCY_KEY_INVALID');
  return { scope: `${credentialName(c.get('credential'))} ${action}`, key, request };
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
