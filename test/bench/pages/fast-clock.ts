// Lets the time of a page run faster: its clocks and its timers alike, or it would look as if time jumped. The timers stay real ones, each a task of its own.

const realSetTimeout = window.setTimeout.bind(window);
const realNow = performance.now.bind(performance);
/** What the wall clock is ahead of the monotonic one, ms. */
const aheadMs = Date.now() - realNow();
let speed = 1;
let since = realNow();
/** What the page's monotonic clock showed then. */
let shown = since;
let timers = 0;

performance.now = () => shown + (realNow() - since) * speed;
Date.now = () => Math.floor(performance.now() + aheadMs);
// Rounded up: a timer that fires early would make a tick for nothing.
window.setTimeout = ((callback: () => void, delayMs = 0) => {
  timers += 1;
  return realSetTimeout(callback, Math.ceil(delayMs / speed));
}) as typeof setTimeout;

window.fastClock = {
  setSpeed(value) {
    shown = performance.now();
    since = realNow();
    speed = value;
  },
  get timers() {
    return timers;
  },
};

declare global {
  interface Window {
    fastClock: { setSpeed(speed: number): void; readonly timers: number };
  }
}
