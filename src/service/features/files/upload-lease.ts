import { SessionError } from '../../../protocol/errors.js';
import type { ServiceContext } from '../../foundation/context.js';
import { failureText } from '../../foundation/database/failures.js';
import { longestMs } from './incoming-file.js';

/** Who takes a file and was not heard of for this long is taken to have crashed, ms. */
export const uploadLeaseMs = 60_000;
const renewEveryMs = 20_000;
/** What is not kept by then never will be, ms: longer than a file may take to arrive and to be scanned. */
const keptWithinMs = 2 * longestMs;

/**
 * Says that a file is still being taken here, for as long as that is so: the room that was made for it is due to be cleared when
 * nobody says so any more. A lease that has run out is not taken up again.
 */
export class UploadLease {
  readonly #context: ServiceContext;
  readonly #id: string;
  readonly #endsAt: number;
  readonly #lost = new AbortController();
  #stop = () => {};
  #isOver = false;

  constructor(context: ServiceContext, id: string) {
    this.#context = context;
    this.#id = id;
    this.#endsAt = context.now() + keptWithinMs;
    this.#wait();
  }

  /** Aborts once somebody else clears the room: what comes now is for nothing. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  end(): void {
    this.#isOver = true;
    this.#stop();
  }

  #wait(): void {
    this.#stop = this.#context.timer(() => void this.#renew(), renewEveryMs);
  }

  async #renew(): Promise<void> {
    const { kysely, now, logger } = this.#context;
    try {
      const at = now();
      if (at >= this.#endsAt) return this.#lose();
      const renewed = await kysely
        .updateTable('file_objects')
        .set({ due_at: at + uploadLeaseMs })
        .where('id', '=', this.#id)
        .where('state', '=', 'uploading')
        .where('due_at', '>', at)
        .returning('id')
        .executeTakeFirst();
      if (!renewed && !this.#isOver) return this.#lose();
    } catch (error) {
      // The next one may come in time.
      logger.error('an upload could not be said to go on', { error: failureText(error) });
    }
    if (!this.#isOver) this.#wait();
  }

  #lose(): void {
    this.#lost.abort(new SessionError('REQUEST_TIMED_OUT'));
  }
}
