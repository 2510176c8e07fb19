// Lets the time of a page run faster: its clock and its timers alike. The timers stay real ones, each a task of its own.

const realSetTimeout = window.setTimeout.bind(window);
const realNow = Date.now;
let speed = 1;
let epoch = realNow();
let since = performance.now();
let timers = 0;

const now = () => epoch + (performance.now() - since) * speed;

Date.now = () => Math.floor(now());
// Rounded up: a timer that fires early would make a tick for nothing.
window.setTimeout = ((callback: () => void, delayMs = 0) => {
  timers += 1;
  return realSetTimeout(callback, Math.ceil(delayMs / speed));
}) as typeof setTimeout;

window.fastClock = {
  setSpeed(value) {
    epoch = now();
    since = performance.now();
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
