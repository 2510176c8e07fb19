import type { Page } from './late/page.js';
import { Ticker } from './ticker.js';

/**
 * All that the controller needs from where it runs. Tests and the sandbox pass their own; a page uses the browser's.
 */
export interface World {
  fetch(input: string, init: RequestInit): Promise<Response>;
  /** The device's wall clock, ms since the epoch. */
  now(): number;
  /** A clock that nobody sets; it may stand still while the device sleeps (High Resolution Time, 4.1). ms */
  monotonicNow(): number;
  setTimeout(callback: () => void, delayMs: number): number;
  clearTimeout(timer: number | undefined): void;
  /** Lives as long as the tab: sessionStorage; null where it is forbidden. */
  readonly tabStorage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | null;
  /** The page's address, in full. */
  readonly address: string;
  /** Puts another address in place of the current history entry, without a load. */
  replaceAddress(address: string): void;
  /** Runs something when the page has nothing better to do. */
  whenIdle(callback: () => void): void;
  /** One for all sessions of a page. */
  readonly ticker: Ticker;
  /** What is needed after the first second; the browser's own where it is left out. */
  readonly page?: Page;
}

let world: World | undefined;

/** The world of this page; made on first use, so that importing the module on a server touches nothing. */
export function browserWorld(): World {
  return (world ??= createBrowserWorld());
}

function createBrowserWorld(): World {
  let tabStorage: Storage | null = null;
  try {
    tabStorage = sessionStorage;
  } catch {
    // Forbidden here: a reload needs the token anew.
  }
  const timers = {
    setTimeout: (callback: () => void, delayMs: number) => window.setTimeout(callback, delayMs),
    clearTimeout: (timer: number | undefined) => clearTimeout(timer),
  };
  return {
    ...timers,
    fetch: (input, init) => fetch(input, init),
    now: () => Date.now(),
    monotonicNow: () => performance.now(),
    tabStorage,
    get address() {
      return location.href;
    },
    replaceAddress: (address) => history.replaceState(history.state, '', address),
    // WebKit has no requestIdleCallback: https://bugs.webkit.org/show_bug.cgi?id=164193
    whenIdle: (callback) => (window.requestIdleCallback ?? setTimeout)(callback),
    ticker: new Ticker(timers),
  };
}
