import type { Page } from './page/page.js';
import type { Ticker } from './clock/ticker.js';

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
  /** Lives as long as the tab: sessionStorage. Where it is forbidden, reading it throws, or it is null. */
  readonly tabStorage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | null;
  /** The page's address, in full. */
  readonly address: string;
  /** Puts another address in place of the current history entry, without a load. */
  replaceAddress(address: string): void;
  /** Runs something when the page has nothing better to do, within a second. */
  whenIdle(callback: () => void): void;
  /** One for all sessions of a page. */
  readonly ticker: Ticker;
  /** What is needed after the first second; the browser's own where it is left out. */
  readonly page?: Page;
}
