import type { ErrorCode } from '../protocol/error-codes.js';
import { SessionError, type SessionErrorDetails } from '../protocol/errors.js';
import type { SandboxClock } from './clock.js';
import { parseDuration, type Duration } from './duration.js';
import { isErrorCode, problemOf } from './http/problem.js';

/**
 * What happens to a request in place of its answer: a code of the protocol, `network` (the connection breaks), `lost` (it is
 * done, and the answer does not arrive), or `hang` (no answer ever comes).
 */
export type Failure = ErrorCode | 'network' | 'lost' | 'hang';

export interface FailureOptions {
  /** How many requests; 1 by default. */
  times?: number | undefined;
  /** How long they are kept waiting before, by the sandbox's clock. */
  after?: Duration | undefined;
  /** `Retry-After` of the answer, seconds. */
  retryAfterSeconds?: number | undefined;
}

interface Planned {
  failure: Failure | undefined;
  left: number;
  delayMs: number;
  details: SessionErrorDetails;
}

/** Failures on demand, by operation. */
export class Failures {
  readonly #known: ReadonlySet<string>;
  readonly #clock: SandboxClock;
  readonly #planned = new Map<string, Planned[]>();

  /** @param known the operations, such as `POST /sessions/{id}/extend` */
  constructor(known: Iterable<string>, clock: SandboxClock) {
    this.#known = new Set(known);
    this.#clock = clock;
  }

  /** @throws {TypeError} where the operation, or the failure, is none */
  plan(operation: string, failure: Failure | undefined, options: FailureOptions = {}): void {
    if (!this.#known.has(operation)) throw new TypeError(`${operation} is no operation of the sandbox`);
    if (failure !== undefined && !/^(network|lost|hang)$/.test(failure) && !isErrorCode(failure))
      throw new TypeError(`${failure} is no code of the protocol, and neither network, lost nor hang`);
    const { times = 1, after = 0, retryAfterSeconds } = options;
    const planned = { failure, left: times, delayMs: parseDuration(after), details: { retryAfterSeconds } };
    this.#planned.set(operation, [...(this.#planned.get(operation) ?? []), planned]);
  }

  /**
   * Answers a request, or has it fail as planned.
   * @param answer what would be answered
   * @param keepWaiting called where nothing is done for now, and maybe never
   */
  async around(
    operation: string,
    answer: () => Promise<Response>,
    keepWaiting: () => void,
  ): Promise<Response> {
    const planned = this.#next(operation);
    if (!planned) return answer();
    const { failure, delayMs, details } = planned;
    if (delayMs > 0) {
      keepWaiting();
      await new Promise<void>((resolve) => this.#clock.setTimeout(resolve, delayMs));
    }
    switch (failure) {
      case undefined:
        return answer();
      case 'network':
        throw new TypeError('Failed to fetch');
      case 'lost':
        await answer();
        throw new TypeError('Failed to fetch');
      case 'hang':
        keepWaiting();
        return new Promise(() => {});
      default:
        return problemOf(
          new SessionError(failure, details),
          failure === 'SESSION_ENDED' ? { valid: false } : {},
        );
    }
  }

  #next(operation: string): Planned | undefined {
    const planned = this.#planned.get(operation)?.find(({ left }) => left > 0);
    if (planned) planned.left -= 1;
    return planned;
  }
}
