interface Waiting<Q, A> {
  question: Q;
  resolve: (answer: A) => void;
  reject: (reason: unknown) => void;
}

/** The largest batch: a statement that is larger holds up more than it saves. */
const maxBatch = 1_000;

/**
 * Answers questions in batches: what arrives while a batch is under way goes into the next one together. So a single
 * question does not wait, and many share one statement. No question is in a batch that was sent before it was asked.
 */
export class Gatherer<Q, A> {
  readonly #answerAll: (questions: readonly Q[]) => Promise<readonly A[]>;
  #waiting: Waiting<Q, A>[] = [];
  #isAsking = false;

  /** @param answerAll gives the answers in the order of the questions; where it fails, all of them fail. */
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
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, maxBatch);
      try {
        const answers = await this.#answerAll(batch.map(({ question }) => question));
        batch.forEach(({ resolve }, index) => resolve(answers[index]!));
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#isAsking = false;
  }
}
