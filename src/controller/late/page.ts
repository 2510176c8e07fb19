/** What a session needs of its page after the first second. */
export interface Page {
  /** At least 0, below 1. */
  random(): number;
  randomId(): string;
  /** Leaves the page; going back does not return to it. */
  leaveTo(address: string): void;
  /** Whether the page is in front. */
  readonly isVisible: boolean;
  /** Calls back when the page comes to the front or the network returns, until `signal` aborts. */
  onReturn(callback: () => void, signal: AbortSignal): void;
}

const browserPage: Page = {
  random: () => Math.random(),
  randomId: () => crypto.randomUUID(),
  leaveTo: (address) => location.replace(address),
  get isVisible() {
    return document.visibilityState === 'visible';
  },
  onReturn(callback, signal) {
    const onVisible = () => document.visibilityState === 'visible' && callback();
    document.addEventListener('visibilitychange', onVisible, { signal });
    window.addEventListener('pageshow', (event) => event.persisted && callback(), { signal });
    window.addEventListener('online', callback, { signal });
  },
};

/** The page of a world: the browser's own unless the world brings one. */
export const pageOf = ({ page = browserPage }: { readonly page?: Page }): Page => page;
