/**
 * Calls each of them, also those behind one that throws: a view, a listener or a part that fails is no reason to lose a
 * session. Its error is the page's to hear of, as any other.
 */
export function callEach<Args extends unknown[]>(
  callbacks: Iterable<(...args: Args) => unknown>,
  ...args: Args
): void {
  for (const callback of callbacks) {
    try {
      callback(...args);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}
