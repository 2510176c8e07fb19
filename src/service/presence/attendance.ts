import type { Participant } from '../../protocol/events.js';
import type { ServiceContext } from '../context.js';
import type { Timer } from '../due-scheduler.js';
import { giveUpLease, renewEveryMs, renewLease } from './lease.js';
import { writeAttendance } from './write-attendance.js';

/** Sides that are written in one transaction. */
const batchSize = 100;

interface Side {
  sessionId: string;
  participant: Participant;
}

/**
 * Who has a stream of live events open on this instance. The database knows it of every instance, and each instance says
 * there that it lives: of one that died the others know whose streams died with it.
 */
export class Attendance {
  readonly instanceId = crypto.randomUUID();
  readonly #context: ServiceContext;
  readonly #timer: Timer;
  /** Open streams of each side. */
  readonly #streams = new Map<string, Side & { count: number }>();
  /** Sides that the database does not know of as they are. */
  #unwritten = new Map<string, Side>();
  #isWriting = false;
  #writing = Promise.resolve();
  #renewal = Promise.resolve();
  #cancelTimer = () => {};
  #isStopped = true;

  constructor(context: ServiceContext, timer: Timer) {
    this.#context = context;
    this.#timer = timer;
  }

  async start(): Promise<void> {
    this.#isStopped = false;
    this.#keepAlive();
    await this.#renewal;
  }

  /** A side has opened a stream. */
  came(sessionId: string, participant: Participant): void {
    const side = { sessionId, participant };
    const key = keyOf(side);
    this.#streams.set(key, { ...side, count: (this.#streams.get(key)?.count ?? 0) + 1 });
    this.#unwritten.set(key, side);
    void this.flush();
  }

  /** One of its streams is over. */
  went(sessionId: string, participant: Participant): void {
    const side = { sessionId, participant };
    const key = keyOf(side);
    const known = this.#streams.get(key)!;
    known.count -= 1;
    if (known.count > 0) return;
    this.#streams.delete(key);
    this.#unwritten.set(key, side);
    void this.flush();
  }

  /** Resolves when all is written, or could not be: then it is tried again. */
  flush(): Promise<void> {
    if (!this.#isWriting) this.#writing = this.#write();
    return this.#writing;
  }

  /** To be called when its streams are over. */
  async stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#cancelTimer();
    await this.#renewal;
    await this.flush();
    // What cannot be taken back is found when the lease is over.
    await giveUpLease(this.#context, this.instanceId).catch((error: unknown) => this.#complain(error));
  }

  #keepAlive(): void {
    this.#renewal = this.#renew();
  }

  async #write(): Promise<void> {
    this.#isWriting = true;
    let hasFailed = false;
    while (this.#unwritten.size > 0 && !hasFailed) {
      const batch = [...this.#unwritten].slice(0, batchSize);
      for (const [key] of batch) this.#unwritten.delete(key);
      const sides = batch.map(([key, side]) => ({ ...side, isHere: this.#streams.has(key) }));
      try {
        await writeAttendance(this.#context, this.instanceId, sides);
      } catch (error) {
        // Tried again with the next sign of life.
        for (const [key, side] of batch) this.#unwritten.set(key, side);
        hasFailed = true;
        this.#complain(error);
      }
    }
    // In the same breath as the last look: nothing that came in between is left over.
    this.#isWriting = false;
  }

  async #renew(): Promise<void> {
    try {
      if (await renewLease(this.#context, this.instanceId)) return;
      // It was taken for dead, with all of its streams.
      for (const [key, side] of this.#streams) this.#unwritten.set(key, side);
    } catch (error) {
      this.#complain(error);
    } finally {
      await this.flush();
      if (!this.#isStopped) this.#cancelTimer = this.#timer(() => this.#keepAlive(), renewEveryMs);
    }
  }

  #complain(error: unknown): void {
    this.#context.logger.error('who is there could not be written', { error: String(error) });
  }
}

const keyOf = ({ sessionId, participant }: Side) => `${participant} ${sessionId}`;
