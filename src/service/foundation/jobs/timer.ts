/** Calls back once after a delay, ms; the returned function prevents it. */
export type Timer = (callback: () => void, delayMs: number) => () => void;

export const systemTimer: Timer = (callback, delayMs) => {
  const timeout = setTimeout(callback, delayMs);
  timeout.unref();
  return () => clearTimeout(timeout);
};
