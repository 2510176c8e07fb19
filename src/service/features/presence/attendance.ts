import type { ServiceContext } from '../../foundation/context.js';
import { backoffMs, type Backoff } from '../../foundation/jobs/backoff.js';
import { failureText } from '../../foundation/database/failures.js';
import { inHalves } from '../../foundation/jobs/in-halves.js';
import { giveUpLease, renewEveryMs, renewLease } from './lease.js';
import type { SessionParticipant } from './participants.js';
import { writeAttendance } from './write-attendance.js';

/** Participants that are written in one transaction. */
const batchSize = 100;

/** One that cannot be written is tried again, at the earliest after that. */
const retries: Backoff = { firstMs: renewEveryMs, factor: 2, lastMs: 3_600_000 };

interface Attendant {
  sessionId: string;
  participant: SessionParticipant;
}

type UnwrittenAttendant = Attendant & {
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
  /** How many streams each participant has open. */
  readonly #streams = new Map<string, Attendant & { count: number }>();
  /** Those of whom the database does not know as they are. */
  #unwritten = new Map<string, UnwrittenAttendant>();
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

  /** Somebody has opened a stream. */
  came(sessionId: string, participant: SessionParticipant): void {
    const attendant = { sessionId, participant };
    const key = keyOf(attendant);
    this.#streams.set(key, { ...attendant, count: (this.#streams.get(key)?.count ?? 0) + 1 });
    this.#note(key, attendant);
    void this.flush();
  }

  /** One of somebody's streams is over. */
  went(sessionId: string, participant: SessionParticipant): void {
    const attendant = { sessionId, participant };
    const key = keyOf(attendant);
    const known = this.#streams.get(key)!;
    known.count -= 1;
    if (known.count > 0) return;
    this.#streams.delete(key);
    this.#note(key, attendant);
    void this.flush();
  }

  /** What failed before waits until it is to be tried again. */
  #note(key: string, { sessionId, participant }: Attendant): void {
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
            const news = part.map(([key, attendant]) => ({ ...attendant, isHere: this.#streams.has(key) }));
            await writeAttendance(this.#context, this.instanceId, news);
            for (const [key] of part) written.add(key);
          },
          ([key, attendant], error) => {
            written.add(key);
            this.#putAside(key, attendant, error);
          },
        );
      } catch (error) {
        // Tried again with the next sign of life.
        for (const [key, attendant] of batch)
          if (!written.has(key) && !this.#unwritten.has(key)) this.#unwritten.set(key, attendant);
        this.#complain(error);
        break;
      }
    }
    // In the same breath as the last look: nothing that came in between is left over.
    this.#isWriting = false;
  }

  #nextBatch(): [key: string, attendant: UnwrittenAttendant][] {
    const now = this.#context.now();
    return [...this.#unwritten].filter(([, { retryAt }]) => retryAt <= now).slice(0, batchSize);
  }

  #putAside(key: string, attendant: UnwrittenAttendant, error: unknown): void {
    const failures = attendant.failures + 1;
    const retryAt = this.#context.now() + backoffMs(retries, failures);
    this.#unwritten.set(key, { ...attendant, failures, retryAt });
    this.#context.metrics.workFailed('attendance');
    const { sessionId: session_id, participant } = attendant;
    this.#context.logger.error('an attendance could not be written', {
      session_id,
      role: participant.role,
      attempts: failures,
      error: failureText(error),
    });
  }

  async #renew(): Promise<void> {
    try {
      if (await renewLease(this.#context, this.instanceId)) return;
      // It was taken for dead, with all of its streams.
      for (const [key, attendant] of this.#streams) this.#note(key, attendant);
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

const keyOf = ({ sessionId, participant }: Attendant) => `${sessionId} ${participant.participant}`;
