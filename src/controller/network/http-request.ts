import { inTime } from '../in-time.js';
import { hooks } from '../option-values.js';
import type { HttpHooks, SessionControllerOptions } from '../options.js';
import { parseJson } from './parse-json.js';
import type { World } from '../world.js';

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path below the API endpoint. */
  path: string;
  body?: object;
  /** The same for each retry of one intended change, fresh for the next. */
  idempotencyKey?: string | undefined;
  /** Lets the request outlive the page. */
  keepalive?: boolean;
  /** Headers beside those that every request has. */
  headers?: Record<string, string>;
}

/** When an answer travelled, by the device's clock at both ends of the round trip, ms since the epoch. */
export interface RoundTrip {
  sentAt: number;
  receivedAt: number;
}

export interface HttpAnswer extends RoundTrip {
  response: Response;
  /** Undefined where the answer holds no JSON. */
  body: unknown;
}

/**
 * Another way to send a request than by `fetch`, once. @param signal gives it up.
 * @throws whatever it fails by; a `TimeoutError` where that took too long.
 */
export type Transport = (url: string, init: RequestInit, signal: AbortSignal) => Promise<HttpAnswer>;

export const timeoutMs = 10_000;

/** A request as it leaves. @param credentials headers that let it pass. */
export function requestInit(
  options: SessionControllerOptions,
  url: string,
  credentials: Record<string, string>,
  { method, body, idempotencyKey, keepalive, headers: more }: HttpRequest,
): RequestInit {
  const headers = new Headers({
    Accept: 'application/json',
    ...(body && { 'Content-Type': 'application/json' }),
    ...(idempotencyKey && { 'Idempotency-Key': idempotencyKey }),
    ...credentials,
    ...more,
  });
  hooks(options.hooks)?.request?.(url, headers);
  return {
    method,
    headers,
    keepalive,
    cache: 'no-store',
    credentials: 'omit',
    body: body && JSON.stringify(body),
  };
}

/**
 * Sends one request, once, and reads the whole answer.
 * @param own what the page wants to be called with.
 * @throws a `TimeoutError` where that took longer than ten seconds, the signal's reason once it has aborted, and whatever
 * `fetch` throws.
 */
export async function sendOnce(
  world: World,
  url: string,
  init: RequestInit,
  signal: AbortSignal,
  own?: HttpHooks | null,
): Promise<HttpAnswer> {
  signal.throwIfAborted();
  const over = new AbortController();
  signal.addEventListener('abort', () => over.abort(signal.reason), { signal: over.signal });
  const sentAt = world.now();
  const ask = async () => {
    const response = await world.fetch(url, { ...init, signal: over.signal });
    const receivedAt = world.now();
    own?.response?.(response);
    return { response, sentAt, receivedAt, body: parseJson(await response.text()) };
  };
  try {
    return await inTime(ask(), timeoutMs, world);
  } finally {
    over.abort();
  }
}
