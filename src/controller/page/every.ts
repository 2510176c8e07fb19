import { browserWorld } from '../browser-world.js';

/**
 * Calls back again and again while somebody looks at the page, and at once when somebody does again; for whatever has no
 * world of its own. @returns a function that ends it.
 */
export function every(intervalMs: number, callback: () => void): () => void {
  const world = browserWorld();
  const over = new AbortController();
  let timer: number | undefined;
  const arm = () => {
    world.clearTimeout(timer);
    if (document.visibilityState === 'visible') timer = world.setTimeout(again, intervalMs);
  };
  const again = () => {
    arm();
    callback();
  };
  document.addEventListener('visibilitychange', again, { signal: over.signal });
  over.signal.addEventListener('abort', () => world.clearTimeout(timer));
  arm();
  return () => over.abort();
}
