import { callEach } from '../call-each.js';
import { pageOf } from '../page/browser-page.js';
import { usableLocks } from './usable-locks.js';
import type { World } from '../world.js';
import { contendForLease } from './lease.js';

/** Before a tab that has lost the lead stands in line again, ms. */
const pauseMs = 1000;

/**
 * The lead of the tabs of one session: a held Web Lock, which the browser frees at once when its tab closes or crashes;
 * a lease where locks are missing or refused. In a page that shares neither every tab leads for itself.
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
    const candidacy = (this.#candidacy = new AbortController());
    void usableLocks(this.#world).then((locks) => {
      if (candidacy.signal.aborted) return;
      if (locks) this.#queue(locks, candidacy);
      else this.#lease(candidacy.signal);
    });
  }

  /** Gives the lead up, or the wish for it. */
  resign(): void {
    this.#candidacy?.abort();
    this.#candidacy = undefined;
  }

  /** Takes the lead from a tab that shows no sign of life. */
  async takeOver(): Promise<void> {
    const before = this.#candidacy;
    const locks = await usableLocks(this.#world);
    if (!locks || this.#candidacy !== before) return;
    this.resign();
    const candidacy = (this.#candidacy = new AbortController());
    this.#queue(locks, candidacy, { steal: true });
  }

  #lease(signal: AbortSignal): void {
    const { sharedStorage } = pageOf(this.#world);
    if (sharedStorage) contendForLease(this.#world, sharedStorage, this.#name, this.#onLead, signal);
    else this.#onLead(signal);
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
        callEach([this.#onLead], term.signal);
      });
    locks.request(this.#name, options, lead).catch(() => {
      // Taken over by another tab, while this one slept: it stands in line again, after a moment, whatever the cause.
      term.abort();
      this.#world.setTimeout(() => signal.aborted || this.#queue(locks, candidacy), pauseMs);
    });
  }
}
