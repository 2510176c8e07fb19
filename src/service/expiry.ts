import type { ServiceContext } from './context.js';
import type { Database } from './database/database.js';
import { dueChannel } from './due-channel.js';
import { advance } from './sessions/advance.js';

/** Calls back once after a delay, ms; the returned function prevents it. */
export type Timer = (callback: () => void, delayMs: number) => () => void;

export const systemTimer: Timer = (callback, delayMs) => {
  const timeout = setTimeout(callback, delayMs);
  timeout.unref();
  return () => clearTimeout(timeout);
};

/** The longest delay that setTimeout keeps. */
const maxDelayMs = 2 ** 31 - 1;
/** What is due but locked by another transaction is looked at again after this, ms. */
const lockedAgainMs = 50;
/** After a failure of the database, ms. */
const retryDelayMs = 1_000;
/** Sessions that are ended side by side; a server has several connections. */
const workers = 4;

/**
 * Ends sessions at their deadline and pauses at their end, with nobody there: sleeps until the earliest is due, wakes
 * when an earlier one is announced. Each session is claimed by one instance only (SKIP LOCKED), and what came due while
 * no process ran is done at the start.
 */
export class ExpiryScheduler {
  readonly #context: ServiceContext;
  readonly #database: Database;
  readonly #timer: Timer;
  #plannedAt = Infinity;
  #cancelTimer = () => {};
  #unlisten = async () => {};
  #running: Promise<void> | undefined;
  #isWanted = false;
  #isStopped = true;

  constructor(context: ServiceContext, database: Database, timer: Timer) {
    this.#context = context;
    this.#database = database;
    this.#timer = timer;
  }

  async start(): Promise<void> {
    this.#isStopped = false;
    this.#unlisten = await this.#database.listen(dueChannel, (dueAt) => {
      if (dueAt === null || Number(dueAt) < this.#plannedAt) this.wake();
    });
    this.wake();
  }

  /** Ends all of it; resolves when the last claimed session is done. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelTimer();
    await this.#unlisten();
    await this.#running;
  }

  /** Looks now. */
  wake(): void {
    if (this.#isStopped) return;
    this.#isWanted = true;
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    while (this.#isWanted && !this.#isStopped) {
      this.#isWanted = false;
      this.#cancelTimer();
      // Whatever is announced while this looks is looked at again.
      this.#plannedAt = Infinity;
      this.#sleep(await this.#work());
    }
    // In the same breath as the last look at what is wanted: nothing announced in between is lost.
    this.#running = undefined;
  }

  /** Does what is due. @returns how long to sleep then, ms; undefined where nothing is planned. */
  async #work(): Promise<number | undefined> {
    try {
      await Promise.all(Array.from({ length: workers }, () => this.#advanceAllDue()));
      const { next } = await this.#context.kysely
        .selectFrom('sessions')
        .select(({ fn }) => fn.min('due_at').as('next'))
        .where('due_at', 'is not', null)
        .executeTakeFirstOrThrow();
      if (next === null) return undefined;
      const now = this.#context.now();
      return next <= now ? lockedAgainMs : next - now;
    } catch (error) {
      this.#context.logger.error('the expiry of sessions failed', { error: String(error) });
      return retryDelayMs;
    }
  }

  #sleep(delayMs: number | undefined): void {
    if (delayMs === undefined || this.#isStopped) return;
    this.#plannedAt = this.#context.now() + delayMs;
    this.#cancelTimer = this.#timer(() => this.wake(), Math.min(delayMs, maxDelayMs));
  }

  async #advanceAllDue(): Promise<void> {
    while (!this.#isStopped && (await this.#advanceOneDue()));
  }

  #advanceOneDue(): Promise<boolean> {
    return this.#context.kysely.transaction().execute(async (trx) => {
      const now = this.#context.now();
      const session = await trx
        .selectFrom('sessions')
        .selectAll()
        .where('due_at', '<=', now)
        .orderBy('due_at')
        .limit(1)
        .forUpdate()
        .skipLocked()
        .executeTakeFirst();
      return session ? advance(trx, session, now) : false;
    });
  }
}
