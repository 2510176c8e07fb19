import { fetchInTime } from './http-request.js';
import type { World } from '../world.js';

/** Asks the page's own server, with the page's cookies. @throws as `fetchInTime` does. */
export const askOwnServer = (
  world: World,
  address: string,
  signal: AbortSignal,
): Promise<{ response: Response; text: string }> =>
  fetchInTime(
    world,
    address,
    { method: 'POST', credentials: 'include', cache: 'no-store', headers: { Accept: 'application/json' } },
    signal,
  );
