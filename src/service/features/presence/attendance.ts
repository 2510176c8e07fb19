import type { Participant } from '../../../protocol/events.js';
import type { ServiceContext } from '../../foundation/context.js';
import { backoffMs, type Backoff } from '../../foundation/jobs/backoff.js';
import { failureText } from '../../foundation/database/failures.js';
import { inHalves } from '../../foundation/jobs/in-halves.js';
import { giveUpLease, renewEveryMs, renewLease } from './lease.js';
import { writeAttendance } from './write-attendance.js';

/** Sides that are written in one transaction. */
const batchSize = 100;

/** A side that cannot be written is tried again, at the earliest after that. */
const retries: Backoff = { firstMs: renewEveryMs, factor: 2, lastMs: 3_600_000 };

interface Side {
  sessionId: string;
  participant: Participant;
}

type UnwrittenSide = Side & {
  /** How often it has failed by itself, and when it is tried again, ms since the epoch. */
  failures: number;
  retryAt: number;
};

/**
 * Who has a stream of live events open on this instance. The database knows it of every instance, and each instance says
 * there that it lives: of one that died the others know whose streams died with it.
 */
export class Attendance {
  readonly instanceId = crypto.randomUUID();
  readonly #context: ServiceContext;
  /** Open streams of each side. */
  readonly #streams = new Map<string, Side & { count: number }>();
  /** Sides that the database does not know of as they are. */
  #unwritten = new Map<string, UnwrittenSide>();
  #isWriting = false;
  #writing = Promise.resolve();
  #renewal = Promise.resolve();
  #cancelTimer = () => {};
  #isStopped = true;

  constructor(context: ServiceContext) {
    this.#context = context;
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
    this.#note(key, side);
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
    this.#note(key, side);
    void this.flush();
  }

  /** What failed before waits until it is to be tried again. */
  #note(key: string, { sessionId, participant }: Side): void {
    const known = this.#unwritten.get(key);
    this.#unwritten.set(key, known ?? { sessionId, participant, failures: 0, retryAt: -Infinity });
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
    for (let batch = this.#nextBatch(); batch.length > 0; batch = this.#nextBatch()) {
      for (const [key] of batch) this.#unwritten.delete(key);
      const written = new Set<string>();
      try {
        await inHalves(
          batch,
          async (part) => {
            const sides = part.map(([key, side]) => ({ ...side, isHere: this.#streams.has(key) }));
            await writeAttendance(this.#context, this.instanceId, sides);
            for (const [key] of part) written.add(key);
          },
          ([key, side], error) => {
            written.add(key);
            this.#putAside(key, side, error);
          },
        );
      } catch (error) {
        // Tried again with the next sign of life.
        for (const [key, side] of batch)
          if (!written.has(key) && !this.#unwritten.has(key)) this.#unwritten.set(key, side);
        this.#complain(error);
        break;
      }
    }
    // In the same breath as the last look: nothing that came in between is left over.
    this.#isWriting = false;
  }

  #nextBatch(): [key: string, side: UnwrittenSide][] {
    const now = this.#context.now();
    return [...this.#unwritten].filter(([, { retryAt }]) => retryAt <= now).slice(0, batchSize);
  }

  #putAside(key: string, side: UnwrittenSide, error: unknown): void {
    const failures = side.failures + 1;
    const retryAt = this.#context.now() + backoffMs(retries, failures);
    this.#unwritten.set(key, { ...side, failures, retryAt });
    this.#context.metrics.workFailed('attendance');
    const { sessionId: session_id, participant } = side;
    this.#context.logger.error('one side could not be written', {
      session_id,
      participant,
      attempts: failures,
      error: failureText(error),
    });
  }

  async #renew(): Promise<void> {
    try {
      if (await renewLease(this.#context, this.instanceId)) return;
      // It was taken for dead, with all of its streams.
      for (const [key, side] of this.#streams) this.#note(key, side);
    } catch (error) {
      this.#complain(error);
    } finally {
      await this.flush();
      if (!this.#isStopped) this.#cancelTimer = this.#context.timer(() => this.#keepAlive(), renewEveryMs);
    }
  }

  #complain(error: unknown): void {
    this.#context.logger.error('who is there could not be written', { error: String(error) });
  }
}

const keyOf = ({ sessionId, participant }: Side) => `${participant} ${sessionId}`;
