import { callEach } from '../call-each.js';
import type { SessionRun } from '../run/session-run.js';
import { perRun } from '../run/per-run.js';
import { tabLineOf } from '../tabs/tab-line.js';

/** A live event of a session, as far as everybody may know it: a type, ids and numbers. */
export interface LiveNews {
  name: string;
  data: object;
}

/** Tells the live events of a session to whoever wants them, in every tab: one tab hears them for all. */
class LiveNewsLine {
  readonly #run: SessionRun;
  readonly #listeners = new Set<(news: LiveNews) => void>();

  constructor(run: SessionRun) {
    this.#run = run;
    tabLineOf(run).on('event', ({ name, data }) => callEach(this.#listeners, { name, data }));
  }

  /** What this tab has heard from the service itself. */
  tell(news: LiveNews): void {
    tabLineOf(this.#run).post('event', news);
    callEach(this.#listeners, news);
  }

  /** Calls back until `signal` aborts. */
  listen(listener: (news: LiveNews) => void, signal: AbortSignal): void {
    this.#listeners.add(listener);
    signal.addEventListener('abort', () => this.#listeners.delete(listener));
  }
}

export const liveNewsOf = perRun((run) => new LiveNewsLine(run));
