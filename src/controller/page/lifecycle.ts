import { callEach } from '../call-each.js';
import type { SessionRun } from '../run/session-run.js';
import { pageOf } from './browser-page.js';
import type { PageNews } from './page.js';
import { onTick } from '../run/listen.js';
import { perRun } from '../run/per-run.js';

/**
 * What happens to the page, to time itself (`jumped`: the device slept, or its clock was set), or because somebody
 * wants to know how things stand (`asked`).
 */
export type LifecycleNews = PageNews | 'jumped' | 'asked';

/** A difference between the device's two clocks that is no correction, ms. */
const jumpMs = 1500;
/** How long decisions wait for the service to tell a sleep from a clock that was set, ms. */
const doubtMs = 3000;

/** The one source of what happens around a session: visibility, freezing, the network, jumps of time. */
class Lifecycle {
  readonly #run: SessionRun;
  readonly #listeners = new Set<(news: LifecycleNews) => void>();
  #jumpedAt: number | undefined;

  constructor(run: SessionRun) {
    this.#run = run;
    const { world, signal } = run;
    onTick(run, () => this.isInDoubt(), signal);
    pageOf(world).listen((news) => {
      // Timers were late or stood still: the right second is shown first, then everything else happens.
      if (news === 'shown' || news === 'resumed') world.ticker.wake();
      this.tell(news);
    }, signal);
  }

  /**
   * Whether time has just jumped and the service has not been heard since. After a sleep the later second is the right
   * one, after a change of the clock it is not: it is shown, but nothing is decided by it for a moment.
   */
  isInDoubt(): boolean {
    const { clock, world } = this.#run;
    if (Math.abs(clock.jumpMs) < jumpMs) {
      this.#jumpedAt = undefined;
      return false;
    }
    if (this.#jumpedAt === undefined) {
      this.#jumpedAt = world.monotonicNow();
      this.tell('jumped');
    }
    return world.monotonicNow() - this.#jumpedAt < doubtMs;
  }

  /** Calls back until `signal` aborts. */
  listen(listener: (news: LifecycleNews) => void, signal: AbortSignal): void {
    this.#listeners.add(listener);
    signal.addEventListener('abort', () => this.#listeners.delete(listener));
  }

  /** Tells everyone who listens. */
  tell(news: LifecycleNews): void {
    callEach(this.#listeners, news);
  }
}

export const lifecycleOf = perRun((run) => new Lifecycle(run));
