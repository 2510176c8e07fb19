import type { TestService } from '../fixtures.js';
import type { RawAnswer } from './answers.js';
import type { FuzzedRequest } from './arbitrary-request.js';
import type { Operation } from './operations.js';

/** Sends a request as it is; of a stream only the beginning is taken. */
export async function send(
  { url }: Pick<TestService, 'url'>,
  { method }: Pick<Operation, 'method'>,
  { target, body, headers }: FuzzedRequest,
): Promise<RawAnswer> {
  const response = await fetch(url + target, { method, headers, ...(body !== undefined && { body }) });
  const isStream = response.headers.get('content-type') === 'text/event-stream';
  const text = isStream ? '' : await response.text();
  if (isStream) await response.body?.cancel();
  return { status: response.status, headers: response.headers, text };
}
