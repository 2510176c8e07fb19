// Before anything of the elements: they keep the timers that they find. What lasts a minute or longer takes a moment.
const { setTimeout: realTimeout } = window;
window.setTimeout = ((callback: () => void, delayMs = 0) =>
  realTimeout(callback, delayMs >= 60_000 ? 50 : delayMs)) as typeof setTimeout;
export {};
