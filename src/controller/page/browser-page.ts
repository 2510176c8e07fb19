import { every } from './every.js';
import { openTabChannel } from '../tabs/tab-channel.js';
import type { Page, PageNews } from './page.js';

/** How often the address is looked at where a browser does not tell of each change, ms. */
const lookMs = 1000;

const browserPage: Page = {
  random: () => Math.random(),
  // Pages without https have it too: `crypto.randomUUID` is for secure contexts.
  randomId: () =>
    Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join(
      '',
    ),
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
  onAddressChange(listener, signal) {
    // Missing in older browsers, and without entries in a frame that has no origin.
    const { navigation } = window as { navigation?: EventTarget & { currentEntry: object | null } };
    if (navigation?.currentEntry) {
      navigation.addEventListener('currententrychange', listener, { signal });
      return;
    }
    for (const type of ['popstate', 'hashchange']) window.addEventListener(type, listener, { signal });
    // Nothing else tells of `pushState`.
    signal.addEventListener('abort', every(lookMs, listener));
  },
  openTabChannel,
  get locks() {
    // Missing in insecure pages.
    return (navigator as Partial<Navigator>).locks ?? null;
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
