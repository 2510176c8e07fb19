import { inTime } from '../in-time.js';
import type { World } from '../world.js';
import { pageOf } from '../page/browser-page.js';
import type { Page } from '../page/page.js';

type Locks = NonNullable<Page['locks']>;

/** How long a lock that nobody else can want may take, ms. */
const limitMs = 2000;

const found = new WeakMap<Locks, Promise<Locks | null>>();

/**
 * Web Locks, where they work: a frame without an origin has them too, and refuses each; some storage never answers.
 * Found out once, by a lock of a name of its own.
 */
export function usableLocks(world: World): Promise<Locks | null> {
  const { locks, randomId } = pageOf(world);
  if (!locks) return Promise.resolve(null);
  const known = found.get(locks);
  if (known) return known;
  const ask = async () => locks.request(`marketplace-session ${randomId()}`, () => locks);
  const answer = inTime(ask(), limitMs, world).catch(() => null);
  found.set(locks, answer);
  return answer;
}
