import { isAway } from './database/failures.js';
import { inHalves } from './jobs/in-halves.js';

interface Waiting<Q, A> {
  question: Q;
  resolve: (answer: A) => void;
  reject: (reason: unknown) => void;
}

/** The largest batch: a statement that is larger holds up more than it saves. */
const maxBatch = 1_000;

/**
 * Answers questions in batches: what is asked in one go is one batch, and what arrives while that is under way goes into the next
 * one together. So a single question does not wait, and many share one statement. No question is in a batch that was sent before
 * it was asked.
 */
export class Gatherer<Q, A> {
  readonly #answerAll: (questions: readonly Q[]) => Promise<readonly A[]>;
  #waiting: Waiting<Q, A>[] = [];
  #isAsking = false;

  /** @param answerAll gives the answers in the order of the questions; where it fails, those fail that fail alone. */
  constructor(answerAll: (questions: readonly Q[]) => Promise<readonly A[]>) {
    this.#answerAll = answerAll;
  }

  ask(question: Q): Promise<A> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ question, resolve, reject });
      if (!this.#isAsking) void this.#askAll();
    });
  }

  async #askAll(): Promise<void> {
    this.#isAsking = true;
    // Of a thousand who are woken together the first one is not asked for alone.
    await undefined;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, maxBatch);
      try {
        this.#tell(batch, await this.#answerAll(questionsOf(batch)));
      } catch (error) {
        await this.#answerApart(batch, error);
      }
    }
    this.#isAsking = false;
  }

  /** What failed together is asked in ever smaller parts. */
  async #answerApart(batch: readonly Waiting<Q, A>[], error: unknown): Promise<void> {
    const work = async (part: readonly Waiting<Q, A>[]) =>
      this.#tell(part, await this.#answerAll(questionsOf(part)));
    try {
      if (batch.length === 1 || isAway(error)) throw error;
      await inHalves(batch, work, ({ reject }, alone) => reject(alone));
    } catch (reason) {
      // Those that are answered already hear nothing of it.
      for (const { reject } of batch) reject(reason);
    }
  }

  #tell(part: readonly Waiting<Q, A>[], answers: readonly A[]): void {
    part.forEach(({ resolve }, index) => resolve(answers[index]!));
  }
}

const questionsOf = <Q, A>(part: readonly Waiting<Q, A>[]) => part.map(({ question }) => question);
