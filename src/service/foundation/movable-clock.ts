import { sql, type Transaction } from 'kysely';
import type { Logger } from './context.js';
import type { Database } from './database/database.js';
import { failureText } from './database/failures.js';
import type { Tables } from './database/schema.js';
import { InvalidRequest } from './invalid-request.js';

const channel = 'test_clock';
/** A hundred years: dates have an end. */
const maxAheadMs = 100 * 366 * 86_400_000;

export interface MovableClockOptions {
  database: Database;
  logger: Logger;
  /** The clock that it is ahead of, ms since the epoch. */
  clock: () => number;
}

/** A clock that tests move forward, on all instances at once; how far stands in the database. */
export class MovableClock {
  readonly #options: MovableClockOptions;
  #aheadMs = 0;
  #onMove = () => {};
  #unlisten = async () => {};

  constructor(options: MovableClockOptions) {
    this.#options = options;
  }

  /** Milliseconds since the epoch. */
  readonly now = (): number => this.#options.clock() + this.#aheadMs;

  /** @param onMove called once it has moved, here or elsewhere. */
  async start(onMove: () => void): Promise<void> {
    this.#onMove = onMove;
    this.#unlisten = await this.#options.database.listen(channel, () => void this.#follow());
    this.#moveTo(await this.#read());
  }

  async stop(): Promise<void> {
    await this.#unlisten();
  }

  /**
   * Moves it in a transaction; `follow` once that is committed.
   * @throws {InvalidRequest} where it would be more than a hundred years ahead.
   */
  async advance(trx: Transaction<Tables>, seconds: number): Promise<void> {
    const { ahead_ms } = await trx
      .insertInto('test_clock')
      .values({ ahead_ms: seconds * 1000 })
      .onConflict((conflict) =>
        conflict.column('is_only').doUpdateSet({ ahead_ms: sql`test_clock.ahead_ms + excluded.ahead_ms` }),
      )
      .returning('ahead_ms')
      .executeTakeFirstOrThrow();
    if (ahead_ms > maxAheadMs)
      throw new InvalidRequest([{ pointer: '/advance_seconds', message: 'a hundred years ahead at most' }]);
    await sql`select pg_notify(${channel}, '')`.execute(trx);
  }

  /** Goes by what the database says from now on. */
  async follow(): Promise<void> {
    this.#moveTo(await this.#read());
    this.#onMove();
  }

  async #follow(): Promise<void> {
    try {
      await this.follow();
    } catch (error) {
      // The next move, or the listener that is back, has it read again.
      this.#options.logger.error('the test clock could not be read', { error: failureText(error) });
    }
  }

  /** Never back: of two readings the later may be answered first. */
  #moveTo(aheadMs: number): void {
    this.#aheadMs = Math.max(this.#aheadMs, aheadMs);
  }

  async #read(): Promise<number> {
    const row = await this.#options.database.kysely
      .selectFrom('test_clock')
      .select('ahead_ms')
      .executeTakeFirst();
    return row?.ahead_ms ?? 0;
  }
}
