// Before anything of the elements: they keep the clocks that they find.
const { now: wallNow } = Date;
const monotonicNow = performance.now.bind(performance);
let aheadMs = 0;
Date.now = () => wallNow() + aheadMs;
performance.now = () => monotonicNow() + aheadMs;

/** The clocks of the page, which a test can move; timers see nothing of it, as when a device sleeps. */
export class PageClock {
  /** Lets so many seconds pass unseen, and then somebody look at the page. */
  pass(seconds: number): void {
    aheadMs += seconds * 1000;
    document.dispatchEvent(new Event('visibilitychange'));
  }

  restore(): void {
    aheadMs = 0;
  }
}
