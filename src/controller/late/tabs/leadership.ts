import { pageOf } from '../page.js';
import type { World } from '../../world.js';
import { contendForLease } from './lease.js';

/**
 * The lead of the tabs of one session: a held Web Lock, which the browser frees at once when its tab closes or crashes;
 * a lease where locks are missing. In a page that shares neither every tab leads for itself.
 */
export class Leadership {
  readonly #world: World;
  readonly #name: string;
  readonly #onLead: (term: AbortSignal) => void;
  #candidacy: AbortController | undefined;

  /** @param onLead called when this tab leads; the signal aborts when it does so no more. */
  constructor(world: World, name: string, onLead: (term: AbortSignal) => void) {
    this.#world = world;
    this.#name = name;
    this.#onLead = onLead;
  }

  /** Leads as soon as nobody else does. */
  contend(): void {
    if (this.#candidacy) return;
    const { locks, sharedStorage } = pageOf(this.#world);
    const candidacy = (this.#candidacy = new AbortController());
    if (locks) this.#queue(locks, candidacy);
    else if (sharedStorage)
      contendForLease(this.#world, sharedStorage, this.#name, this.#onLead, candidacy.signal);
    else this.#onLead(candidacy.signal);
  }

  /** Gives the lead up, or the wish for it. */
  resign(): void {
    this.#candidacy?.abort();
    this.#candidacy = undefined;
  }

  /** Takes the lead from a tab that shows no sign of life. */
  takeOver(): void {
    const { locks } = pageOf(this.#world);
    if (!locks) return;
    this.resign();
    const candidacy = (this.#candidacy = new AbortController());
    this.#queue(locks, candidacy, { steal: true });
  }

  #queue(
    locks: Pick<LockManager, 'request'>,
    candidacy: AbortController,
    options: LockOptions = { signal: candidacy.signal },
  ): void {
    const { signal } = candidacy;
    const term = new AbortController();
    const lead = () =>
      new Promise<void>((resolve) => {
        if (signal.aborted) return resolve();
        signal.addEventListener('abort', () => {
          term.abort();
          resolve();
        });
        this.#onLead(term.signal);
      });
    locks.request(this.#name, options, lead).catch(() => {
      // Taken over by another tab, while this one slept: it stands in line again.
      term.abort();
      if (!signal.aborted) this.#queue(locks, candidacy);
    });
  }
}
