import type { Page } from '../page/page.js';
import { pageOf } from '../page/browser-page.js';
import type { World } from '../world.js';

interface Lease {
  holder: string;
  /** By the device's clock, ms since the epoch. */
  until: number;
}

/** How long a lease holds, ms; timers of a page in the background come once a second. */
const leaseMs = 2400;
const renewMs = 800;
/** Two tabs that took it in the same moment see who wrote last after this, ms. */
const settleMs = 60;

/** Leads by a lease in the storage that the tabs share, for browsers without Web Locks. */
export function contendForLease(
  world: World,
  storage: NonNullable<Page['sharedStorage']>,
  name: string,
  onLead: (term: AbortSignal) => void,
  signal: AbortSignal,
): void {
  const holder = pageOf(world).randomId();
  let term: AbortController | undefined;
  const read = (): Lease | null => {
    try {
      return JSON.parse(storage.getItem(name) ?? 'null') as Lease | null;
    } catch {
      return null;
    }
  };
  const isFree = (lease: Lease | null) =>
    !lease || lease.holder === holder || !(lease.until > world.now() && lease.until <= world.now() + leaseMs);
  const renew = () => {
    try {
      storage.setItem(name, JSON.stringify({ holder, until: world.now() + leaseMs } satisfies Lease));
    } catch {
      // Full or forbidden.
    }
  };
  const confirm = () => {
    if (signal.aborted) return;
    const kept = read();
    // A storage that keeps nothing is shared with nobody.
    if (!kept || kept.holder === holder) {
      if (!term) onLead((term = new AbortController()).signal);
    } else lose();
    world.setTimeout(look, renewMs);
  };
  const lose = () => {
    term?.abort();
    term = undefined;
  };
  const look = () => {
    if (signal.aborted) return;
    if (!isFree(read())) {
      lose();
      world.setTimeout(look, renewMs);
      return;
    }
    renew();
    world.setTimeout(confirm, term ? 0 : settleMs);
  };
  signal.addEventListener('abort', () => {
    lose();
    if (read()?.holder === holder) storage.removeItem(name);
  });
  look();
}
