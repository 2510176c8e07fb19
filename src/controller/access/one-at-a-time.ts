import { pageOf } from '../page/browser-page.js';
import { usableLocks } from '../tabs/usable-locks.js';
import type { World } from '../world.js';

/** How long a tab waits for one that is at it, which may hang, ms. */
const patienceMs = 3000;

/**
 * Does something while no other tab of this origin does it, by a Web Lock. It is done all the same where there are none,
 * where they do not answer, and where the other tab takes too long: a lock saves a request, and never holds anybody up.
 */
export async function oneAtATime<T>(world: World, name: string, work: () => Promise<T>): Promise<T> {
  const locks = pageOf(world).locks && (await usableLocks(world));
  if (!locks) return work();
  return new Promise<T>((resolve, reject) => {
    const waiting = new AbortController();
    let begun: Promise<unknown> | undefined;
    const begin = () => {
      if (begun) return;
      world.clearTimeout(timer);
      const working = work();
      begun = working.then(resolve, reject);
      return begun;
    };
    const timer = world.setTimeout(() => {
      waiting.abort();
      void begin();
    }, patienceMs);
    const request = async () => locks.request(name, { signal: waiting.signal }, begin);
    request().catch(begin);
  });
}
