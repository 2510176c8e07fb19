/** The clocks of the page, which a test can move; timers see nothing of it, as when a device sleeps. */
export class PageClock {
  readonly #now = Date.now;
  readonly #monotonicNow = performance.now;
  #aheadMs = 0;

  constructor() {
    const { performance } = window;
    Date.now = () => this.#now.call(Date) + this.#aheadMs;
    performance.now = () => this.#monotonicNow.call(performance) + this.#aheadMs;
  }

  /** Lets so many seconds pass unseen, and then somebody look at the page. */
  pass(seconds: number): void {
    this.#aheadMs += seconds * 1000;
    document.dispatchEvent(new Event('visibilitychange'));
  }

  restore(): void {
    Date.now = this.#now;
    performance.now = this.#monotonicNow;
  }
}
