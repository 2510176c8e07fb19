import type { TabChannel } from '../tabs/tab-channel.js';

/** What happens to a page. `suspended` is frozen or put into the back-forward cache, `resumed` is back from there. */
export type PageNews = 'shown' | 'hidden' | 'suspended' | 'resumed' | 'online' | 'offline';

/** What a session needs of its page after the first second. */
export interface Page {
  /** At least 0, below 1. */
  random(): number;
  /** A name that nobody else has. */
  randomId(): string;
  /** Leaves the page; going back does not return to it. */
  leaveTo(address: string): void;
  /** Whether the page is in front. */
  readonly isVisible: boolean;
  /** False where the device knows that it has no network. */
  readonly isOnline: boolean;
  /** Calls back with what happens to the page, until `signal` aborts. */
  listen(listener: (news: PageNews) => void, signal: AbortSignal): void;
  /** Calls back when the page's address has changed, or may have, until `signal` aborts. */
  onAddressChange(listener: () => void, signal: AbortSignal): void;
  /** Opens a line to the other tabs of this origin; null where there is none. */
  openTabChannel(name: string, onMessage: (message: unknown) => void): TabChannel | null;
  /** Locks that the tabs of this origin share (Web Locks); null where the browser has none. */
  readonly locks: Pick<LockManager, 'request'> | null;
  /** Storage that the tabs of this origin share; never holds a token. Null where it is forbidden. */
  readonly sharedStorage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | null;
}
