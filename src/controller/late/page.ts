import { openTabChannel, type TabChannel } from './tabs/tab-channel.js';

/** What happens to a page. `suspended` is frozen or put into the back-forward cache, `resumed` is back from there. */
export type PageNews = 'shown' | 'hidden' | 'suspended' | 'resumed' | 'online' | 'offline';

/** What a session needs of its page after the first second. */
export interface Page {
  /** At least 0, below 1. */
  random(): number;
  randomId(): string;
  /** Leaves the page; going back does not return to it. */
  leaveTo(address: string): void;
  /** Whether the page is in front. */
  readonly isVisible: boolean;
  /** False where the device knows that it has no network. */
  readonly isOnline: boolean;
  /** Calls back with what happens to the page, until `signal` aborts. */
  listen(listener: (news: PageNews) => void, signal: AbortSignal): void;
  /** Opens a line to the other tabs of this origin; null where there is none. */
  openTabChannel(name: string, onMessage: (message: unknown) => void): TabChannel | null;
  /** Locks that the tabs of this origin share (Web Locks); null where the browser has none. */
  readonly locks: Pick<LockManager, 'request'> | null;
  /** Storage that the tabs of this origin share; never holds a token. Null where it is forbidden. */
  readonly sharedStorage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | null;
}

const browserPage: Page = {
  random: () => Math.random(),
  randomId: () => crypto.randomUUID(),
  leaveTo: (address) => location.replace(address),
  get isVisible() {
    return document.visibilityState === 'visible';
  },
  get isOnline() {
    return navigator.onLine;
  },
  listen(listener, signal) {
    const hear = (target: EventTarget, type: string, newsOf: (event: Event) => PageNews | false) =>
      target.addEventListener(
        type,
        (event) => {
          const news = newsOf(event);
          if (news) listener(news);
        },
        { signal },
      );
    hear(document, 'visibilitychange', () => (browserPage.isVisible ? 'shown' : 'hidden'));
    // Page Lifecycle; a page that waits for a lock or a message cannot stay in the back-forward cache.
    hear(document, 'freeze', () => 'suspended');
    hear(document, 'resume', () => 'resumed');
    hear(window, 'pagehide', () => 'suspended');
    hear(window, 'pageshow', (event) => (event as PageTransitionEvent).persisted && 'resumed');
    hear(window, 'online', () => 'online');
    hear(window, 'offline', () => 'offline');
  },
  openTabChannel,
  get locks() {
    // Missing in insecure pages.
    return navigator.locks ?? null;
  },
  get sharedStorage() {
    try {
      return localStorage;
    } catch {
      return null;
    }
  },
};

/** The page of a world: the browser's own unless the world brings one. */
export const pageOf = ({ page = browserPage }: { readonly page?: Page }): Page => page;
