import { fetchInTime, type RoundTrip } from './http-request.js';
import type { World } from '../world.js';

/**
 * Asks the page's own server, with the page's cookies.
 * @param more a body, and the headers that go with it.
 * @throws as `fetchInTime` does.
 */
export const askOwnServer = (
  world: World,
  address: string,
  signal: AbortSignal,
  more?: Pick<RequestInit, 'body' | 'headers'>,
): Promise<RoundTrip & { response: Response; text: string }> =>
  fetchInTime(
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
