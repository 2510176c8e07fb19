import { requestIdOf } from './errors.js';

export interface Answered<T> {
  data: T;
  response: Response;
}

/** What a call answers: await it for the value, or ask for the answer that carried it. The request is on its way already. */
export class ApiPromise<T> extends Promise<T> {
  readonly #answered: Promise<Answered<T>>;

  constructor(answered: Promise<Answered<T>>) {
    // It never settles by itself: whoever waits, waits for the answer.
    super(() => {});
    this.#answered = answered;
  }

  /** What is made of it is no call any more. */
  static override get [Symbol.species]() {
    return Promise;
  }

  override then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#answered.then(({ data }) => data).then(onFulfilled, onRejected);
  }

  /** The value beside the answer that carried it, and the service's id of the request. */
  async withResponse(): Promise<Answered<T> & { requestId: string | undefined }> {
    const { data, response } = await this.#answered;
    return { data, response, requestId: requestIdOf(response) };
  }

  /** The answer as it came, body unread: snake_case and seconds. */
  async asResponse(): Promise<Response> {
    return (await this.#answered).response;
  }
}
