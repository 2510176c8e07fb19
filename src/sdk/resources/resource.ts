import { ApiPromise } from '../api-promise.js';
import { InvalidAnswerError } from '../errors.js';
import type { CallOptions } from '../options.js';
import { PagePromise, type PageContent } from '../pages.js';
import type { Call, Transport, WireAnswer } from '../transport.js';
import { fromWire } from '../wire.js';

/** What the methods of one resource are made of. */
export class Resource {
  protected readonly transport: Transport;

  constructor(transport: Transport) {
    this.transport = transport;
  }

  protected get<T>(path: string, query?: object, options?: CallOptions): ApiPromise<T> {
    return this.call({ method: 'GET', path, query, options });
  }

  /** A change that the service makes once for each `Idempotency-Key`. */
  protected change<T>(path: string, body: object | undefined, options?: CallOptions): ApiPromise<T> {
    return this.call({ method: 'POST', path, body, takesKey: true, options });
  }

  /** A change that has no key: after a lost answer it is not asked for again. */
  protected changeWithoutKey<T>(
    path: string,
    body: object | undefined,
    options?: CallOptions,
  ): ApiPromise<T> {
    return this.call({ method: 'POST', path, body, options });
  }

  protected patch<T>(path: string, body: object, options?: CallOptions): ApiPromise<T> {
    return this.call({ method: 'PATCH', path, body, options });
  }

  protected remove(path: string, query?: object, options?: CallOptions): ApiPromise<void> {
    return this.call({ method: 'DELETE', path, query, options });
  }

  /** The wire calls the members of a page by the last word of its path. */
  protected pages<T>(path: string, query: object = {}, options?: CallOptions) {
    return new PagePromise<T>(async (cursor) => {
      const asked = cursor === undefined ? query : { ...query, cursor };
      const answer = await this.transport.send({ method: 'GET', path, query: asked, options });
      return { data: pageOf<T>(answer, path.split(/\W/).pop()!), response: answer.response };
    });
  }

  protected call<T>(call: Call): ApiPromise<T> {
    return callFor<T>(this.transport, call);
  }
}

export const callFor = <T>(transport: Transport, call: Call): ApiPromise<T> =>
  new ApiPromise(
    transport.send(call).then(({ body, response }) => ({ data: fromWire(body) as T, response })),
  );

function pageOf<T>({ body, response }: WireAnswer, member: string): PageContent<T> {
  const { nextCursor, [member]: data } = fromWire(body) as Record<string, unknown>;
  if (Array.isArray(data)) return { data, nextCursor: typeof nextCursor === 'string' ? nextCursor : null };
  const message = `The answer is no page: it has no ${member}.`;
  throw new InvalidAnswerError('ANSWER_INVALID', { message, status: response.status });
}
