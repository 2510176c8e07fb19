import type { Problem } from '../../protocol/api.js';
import { errorCodes, type ErrorCode } from '../../protocol/error-codes.js';
import { SessionError } from '../../protocol/errors.js';

/** A request whose members are not what they have to be. */
export class InvalidRequest extends SessionError {
  readonly pointer: string;

  /** @param pointer RFC 6901 */
  constructor(pointer: string, message: string) {
    super('REQUEST_INVALID', { message });
    this.pointer = pointer;
  }
}

/** What a failed request is answered (RFC 9457). */
export function problemOf(error: unknown, more: object = {}): Response {
  const known = error instanceof SessionError ? error : new SessionError('SERVICE_ERROR', { cause: error });
  const { status, title, action } = errorCodes[known.code];
  const problem: Problem = {
    type: `urn:marketplace-session:error:${known.code}`,
    title,
    status: status || 500,
    detail: known.message === known.code ? action : known.message,
    code: known.code,
    request_id: crypto.randomUUID(),
    ...(known instanceof InvalidRequest && { errors: [{ pointer: known.pointer, message: known.message }] }),
    ...(known.topUpUrl !== undefined && { top_up_url: known.topUpUrl }),
    ...more,
  };
  const headers = new Headers({ 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store' });
  if (problem.status === 401) headers.set('WWW-Authenticate', 'Bearer realm="marketplace-session"');
  if (known.retryAfterSeconds !== undefined) headers.set('Retry-After', String(known.retryAfterSeconds));
  return new Response(JSON.stringify(problem), { status: problem.status, headers });
}

/** Whether a text is a code of the protocol. */
export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errorCodes, code);
