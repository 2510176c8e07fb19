import type { Answered } from './api-promise.js';
import {
  ConnectionError,
  errorOf,
  InvalidAnswerError,
  requestIdOf,
  TimeoutError,
  type MarketplaceError,
} from './errors.js';
import { sleep, untilAborted } from './in-time.js';
import { checkLimits, type AttemptInfo, type CallOptions, type ResolvedOptions } from './options.js';
import { mayTryAgain, pauseMsAfter } from './retries.js';
import { fromWire, objectOf, toWire } from './wire.js';

/** One call of an operation. */
export interface Call {
  method: string;
  /** Below `/api/v1`, ids encoded. */
  path: string;
  query?: object | undefined;
  body?: object | undefined;
  /** In place of a body: bytes, sent as they are. */
  content?: Blob | Uint8Array<ArrayBuffer> | undefined;
  headers?: Record<string, string> | undefined;
  /** Whether the operation takes an `Idempotency-Key`; one that is given is sent in any case. */
  takesKey?: boolean | undefined;
  /** Whether it is done once however often it is sent. */
  isRepeatable?: boolean | undefined;
  options?: CallOptions | undefined;
}

/** Sends calls: tries again what may be tried again, within the time of the call. */
export class Transport {
  readonly #options: ResolvedOptions;

  constructor(options: ResolvedOptions) {
    this.#options = options;
  }

  /**
   * What the service answers; undefined where that is nothing (204).
   * @throws {MarketplaceError} and the signal's reason where the caller has aborted the call.
   */
  async send<T>(call: Call): Promise<Answered<T>> {
    const { method, options = {} } = call;
    const { timeoutMs = this.#options.timeoutMs, maxRetries = this.#options.maxRetries } = options;
    checkLimits({ timeoutMs, maxRetries });
    const key = options.idempotencyKey ?? (call.takesKey ? crypto.randomUUID() : undefined);
    const isRepeatable = method !== 'POST' || key !== undefined || !!call.isRepeatable;
    const startedAt = performance.now();
    const deadline = AbortSignal.timeout(timeoutMs);
    const signal = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline;
    let isInDoubt = false;
    for (let attempt = 1; ; attempt += 1) {
      const tried = await this.#try(call, key, attempt, signal).catch((cause: unknown) => {
        options.signal?.throwIfAborted();
        const what = `${method} ${call.path}`;
        if (deadline.aborted) throw new TimeoutError(`${what} took longer than ${timeoutMs} ms.`, cause);
        return new ConnectionError(`${what} got no answer.`, cause);
      });
      let error: MarketplaceError;
      if (tried instanceof ConnectionError) {
        isInDoubt = true;
        error = tried;
      } else {
        const { response, text } = tried;
        // What an earlier try has deleted is deleted.
        const isGone = isInDoubt && method === 'DELETE' && response.status === 404;
        if (isGone || response.status === 204) return { data: undefined as T, response };
        const body = objectOf(text);
        if (response.ok && body) return { data: fromWire(body) as T, response };
        if (response.ok)
          throw new InvalidAnswerError(`${response.status} came without a JSON object`, response);
        error = errorOf(response, body);
      }
      const pauseMs = pauseMsAfter(attempt, error.retryAfterSeconds);
      const isInTime = performance.now() - startedAt + pauseMs < timeoutMs;
      if (!mayTryAgain(error, isRepeatable) || attempt > maxRetries || !isInTime) throw error;
      this.#options.logger?.warn(`${error.message} Next try in ${Math.round(pauseMs)} ms.`);
      await sleep(pauseMs, signal).catch(() => {
        options.signal?.throwIfAborted();
        throw error;
      });
    }
  }

  /** Reads once, what has a body that goes on. */
  async open(
    path: string,
    headers: Record<string, string>,
    signal: AbortSignal,
    query?: object,
  ): Promise<Response> {
    const response = await this.#fetch({ method: 'GET', path, query, headers }, undefined, signal);
    if (response.ok) return response;
    throw errorOf(response, objectOf(await response.text()));
  }

  async #try(call: Call, key: string | undefined, attempt: number, signal: AbortSignal) {
    const { logger, onRequest, onResponse } = this.#options;
    const info: AttemptInfo = { method: call.method, path: call.path, attempt, idempotencyKey: key };
    const startedAt = performance.now();
    let response: Response | undefined;
    this.#tell(onRequest, info);
    try {
      response = await this.#fetch(call, key, signal);
      const text = await untilAborted(signal, response.text());
      // Its body is read; who asks for the answer as it came gets one that is not.
      response = new Response(response.status === 204 ? null : text, response);
      return { response, text };
    } finally {
      const durationMs = Math.round(performance.now() - startedAt);
      const requestId = response && requestIdOf(response);
      this.#tell(onResponse, { ...info, durationMs, status: response?.status, requestId });
      const outcome = `${response?.status ?? 'no answer'} after ${durationMs} ms`;
      logger?.debug(
        `${call.method} ${call.path}, try ${attempt}: ${outcome}${requestId ? `, request ${requestId}` : ''}`,
      );
    }
  }

  #fetch(
    { method, path, query, body, content, headers: own, options }: Call,
    key: string | undefined,
    signal: AbortSignal,
  ) {
    const headers = new Headers(this.#options.headers);
    for (const [name, value] of Object.entries({ ...own, ...options?.headers })) headers.set(name, value);
    headers.set('Authorization', `Bearer ${this.#options.secretKey}`);
    if (!headers.has('Accept')) headers.set('Accept', 'application/json');
    if (body) headers.set('Content-Type', 'application/json');
    if (key !== undefined) headers.set('Idempotency-Key', key);
    const address = `${this.#options.baseUrl}${path}${queryOf(query)}`;
    const request = new Request(address, {
      method,
      headers,
      signal,
      // A secret key follows no redirect; 'error' is not known everywhere.
      redirect: 'manual',
      body: content ?? (body ? JSON.stringify(toWire(body)) : null),
    });
    return untilAborted(signal, Promise.resolve(this.#options.fetch(request)));
  }

  /** A hook only looks on: what it throws fails no call. */
  #tell<T>(hook: ((info: T) => void) | undefined, info: T): void {
    try {
      hook?.(info);
    } catch (error) {
      this.#options.logger?.error('A hook has thrown.', error);
    }
  }
}

function queryOf(query: object = {}): string {
  const members = Object.entries(toWire(query) as object).filter(([, value]) => value !== null);
  return members.length ? `?${new URLSearchParams(members)}` : '';
}
