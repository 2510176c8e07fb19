interface Timers {
  setTimeout(callback: () => void, delayMs: number): number;
  clearTimeout(timer: number | undefined): void;
}

/**
 * Gives up what may never settle: a browser's promise is no more than that, and some are never kept, by storage that is
 * blocked, a lock that is stolen, a question that nobody answers.
 * @throws a `TimeoutError` after `limitMs`.
 */
export function inTime<T>(promise: PromiseLike<T>, limitMs: number, timers: Timers): Promise<T> {
  let timer: number | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = timers.setTimeout(() => reject(new DOMException('', 'TimeoutError')), limitMs);
  });
  return Promise.race([promise, limit]).finally(() => timers.clearTimeout(timer));
}
