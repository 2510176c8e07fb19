import { SessionError } from '../../protocol/errors.js';
import { readRetryAfter } from './http-client.js';
import { sendOnce, type HttpAnswer } from './http-request.js';
import type { World } from '../world.js';

/**
 * Asks the page's own server, with the page's cookies.
 * @param more a body, and the headers that go with it.
 * @throws as `sendOnce` does.
 */
export const askOwnServer = (
  world: World,
  address: string,
  signal: AbortSignal,
  more?: Pick<RequestInit, 'body' | 'headers'>,
): Promise<HttpAnswer> =>
  sendOnce(
    world,
    address,
    {
      method: 'POST',
      credentials: 'include',
      cache: 'no-store',
      headers: { Accept: 'application/json' },
      ...more,
    },
    signal,
  );

/**
 * @throws {SessionError} `PAGE_SERVER_UNAVAILABLE` where it is away, overloaded or wrong (408, 425, 429, 5xx), and says nothing
 * of the person who asks.
 */
export function requireAvailable({ status, headers }: Response, world: World): void {
  if (status < 500 && ![408, 425, 429].includes(status)) return;
  const retryAfterSeconds = readRetryAfter(headers.get('Retry-After'), world.now());
  throw new SessionError('PAGE_SERVER_UNAVAILABLE', { status, retryAfterSeconds });
}
