import type { ServiceContext } from '../context.js';

/** The longest delay that setTimeout keeps. */
const maxDelayMs = 2 ** 31 - 1;
/** What is due but locked by another transaction is looked at again after this, ms. */
const lockedAgainMs = 50;
/** After a failure of the database, ms. */
const retryDelayMs = 1_000;

/** Rows of work, each with a time at which it falls due. */
export interface DueWork {
  /** What it is, for the log. */
  name: string;
  /** Where a new due time is announced; see `announceDue`. None where it looks often enough by itself. */
  channel?: string;
  /** How many work side by side; a server has several connections. */
  workers: number;
  /** Claims what is due (SKIP LOCKED), one row or several, and does it. @returns whether there was any. */
  doNext(): Promise<boolean>;
  /** When the earliest row falls due that can be claimed, ms since the epoch; null where none waits. */
  earliest(): Promise<number | null>;
}

/**
 * Does work when it falls due: sleeps until the earliest row, and looks at once when an earlier one is announced. Any
 * number of instances may do so on one database, for what one of them has claimed the others pass over. The first look is
 * at the start: what fell due while no instance ran is done then.
 */
export class DueScheduler {
  readonly #work: DueWork;
  readonly #context: ServiceContext;
  readonly #runs = new Set<Promise<void>>();
  #busyWorkers = 0;
  #plannedAt = Infinity;
  #cancelTimer = () => {};
  #unlisten = async () => {};
  /** How often it was woken: who found nothing looks again where this has changed meanwhile. */
  #wakeCount = 0;
  #isStopped = true;

  constructor(work: DueWork, context: ServiceContext) {
    this.#work = work;
    this.#context = context;
  }

  async start(): Promise<void> {
    this.#isStopped = false;
    const { channel } = this.#work;
    if (channel) this.#unlisten = await this.#context.database.listen(channel, (dueAt) => this.#hear(dueAt));
    this.wake();
  }

  /** Ends all of it; resolves when the last claimed row is done. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelTimer();
    await this.#unlisten();
    await Promise.all(this.#runs);
  }

  /** Looks now. */
  wake(): void {
    if (this.#isStopped) return;
    this.#wakeCount += 1;
    while (this.#busyWorkers < this.#work.workers) {
      this.#busyWorkers += 1;
      const run = this.#doAllDue().finally(() => this.#runs.delete(run));
      this.#runs.add(run);
    }
  }

  #hear(dueAt: string | null): void {
    // What is due already is not left to a plan that was made before the clock was set forward.
    const latest = Math.max(this.#plannedAt, this.#context.now() + 1);
    if (dueAt === null || Number(dueAt) < latest) this.wake();
  }

  async #doAllDue(): Promise<void> {
    let seen: number;
    do {
      seen = this.#wakeCount;
      await this.#doUntilNone();
    } while (seen !== this.#wakeCount && !this.#isStopped);
    // In the same breath as the last look at the count: nothing announced in between is lost.
    this.#busyWorkers -= 1;
  }

  async #doUntilNone(): Promise<void> {
    try {
      for (;;) {
        let lookedAt: number;
        do lookedAt = this.#context.now();
        while (!this.#isStopped && (await this.#work.doNext()));
        const next = await this.#work.earliest();
        if (next === null) return;
        const now = this.#context.now();
        // What fell due since then is not locked by anybody.
        if (next > lookedAt && next <= now && !this.#isStopped) continue;
        this.#sleepUntil(next <= now ? now + lockedAgainMs : next);
        return;
      }
    } catch (error) {
      this.#context.logger.error(`the ${this.#work.name} failed`, { error: String(error) });
      this.#sleepUntil(this.#context.now() + retryDelayMs);
    }
  }

  /** The earliest plan holds: one that was overtaken costs a look, no more. */
  #sleepUntil(at: number): void {
    if (at >= this.#plannedAt || this.#isStopped) return;
    this.#plannedAt = at;
    this.#cancelTimer();
    const delayMs = Math.max(0, at - this.#context.now());
    this.#cancelTimer = this.#context.timer(
      () => {
        this.#plannedAt = Infinity;
        this.wake();
      },
      Math.min(delayMs, maxDelayMs),
    );
  }
}
