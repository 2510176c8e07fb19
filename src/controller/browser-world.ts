import { Ticker } from './clock/ticker.js';
import type { World } from './world.js';

/** How long a page may keep what is required waiting, ms. */
const longestBusyMs = 1000;

let world: World | undefined;

/** The world of this page; made on first use, so that importing the module on a server touches nothing. */
export function browserWorld(): World {
  return (world ??= createBrowserWorld());
}

function createBrowserWorld(): World {
  // As they are now: a page may put others in their place later, as test libraries do.
  const { setTimeout, clearTimeout, performance } = globalThis as typeof window;
  const timers = { setTimeout: setTimeout.bind(null), clearTimeout: clearTimeout.bind(null) };
  return {
    ...timers,
    fetch: (input, init) => fetch(input, init),
    now: Date.now,
    monotonicNow: performance.now.bind(performance),
    get tabStorage() {
      return sessionStorage;
    },
    get address() {
      return location.href;
    },
    replaceAddress: (address) => history.replaceState(history.state, '', address),
    whenIdle(callback?: () => void) {
      // Nothing is held any longer once it is done: the other of the two may come much later.
      const once = () => {
        callback?.();
        callback = undefined;
      };
      // A page that is never idle, or has replaced the function, gets it all the same. WebKit has none:
      // https://bugs.webkit.org/show_bug.cgi?id=164193
      setTimeout(once, window.requestIdleCallback?.(once) ? longestBusyMs : 0);
    },
    ticker: new Ticker(timers),
  };
}
