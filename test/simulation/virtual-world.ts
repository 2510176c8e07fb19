import { Ticker } from '../../src/controller/clock/ticker.js';
import type { World } from '../../src/controller/world.js';
import type { VirtualService } from './virtual-service.js';
import type { VirtualTime } from './virtual-time.js';

export const endpoint = 'https://market.example/api/v1';

/**
 * The world of one client, one tab alone that is looked at. Nothing ticks in it: a tick asks the service nothing.
 * @param onAnswer called when the service answers this client.
 */
export function createVirtualWorld(
  time: VirtualTime,
  service: VirtualService,
  random: () => number,
  onAnswer: () => void,
): World {
  let lastId = 0;
  return {
    fetch: (url, init) => service.fetch(url, init, onAnswer),
    now: () => time.now,
    monotonicNow: () => time.now,
    setTimeout: time.setTimeout,
    clearTimeout: time.clearTimeout,
    tabStorage: null,
    address: 'https://app.example/',
    replaceAddress: () => {},
    whenIdle: (callback) => queueMicrotask(callback),
    ticker: new Ticker({ setTimeout: () => 0, clearTimeout: () => {} }),
    page: {
      random,
      randomId: () => `id-${++lastId}`,
      leaveTo: () => {},
      isVisible: true,
      isOnline: true,
      listen: () => {},
      onAddressChange: () => {},
      openTabChannel: () => null,
      locks: null,
      sharedStorage: null,
    },
  };
}
