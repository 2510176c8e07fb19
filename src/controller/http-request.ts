import type { SessionControllerOptions } from './options.js';
import type { World } from './world.js';

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT';
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

const timeoutMs = 10_000;

/**
 * A request as it leaves.
 * @param proof proof of possession of the key that the session is bound to (RFC 9449, 4); undefined where it is not.
 */
export function requestInit(
  { hooks }: SessionControllerOptions,
  url: string,
  sessionToken: string,
  proof: string | undefined,
  { method, body, idempotencyKey, keepalive = false, headers: more }: HttpRequest,
): RequestInit {
  const scheme = proof ? 'DPoP' : 'Bearer';
  const headers = new Headers({
    Accept: 'application/json',
    Authorization: `${scheme} ${sessionToken}`,
    ...more,
  });
  if (proof) headers.set('DPoP', proof);
  if (body) headers.set('Content-Type', 'application/json');
  if (idempotencyKey) headers.set('Idempotency-Key', idempotencyKey);
  hooks?.request?.(url, headers);
  return {
    method,
    headers,
    keepalive,
    cache: 'no-store',
    credentials: 'omit',
    ...(body && { body: JSON.stringify(body) }),
  };
}

/**
 * Sends one request, once.
 * @throws a `TimeoutError` where no answer came in ten seconds, and whatever `fetch` throws.
 */
export async function sendOnce(
  world: World,
  { hooks }: SessionControllerOptions,
  url: string,
  init: RequestInit,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const sentAt = world.now();
  let receivedAt = 0;
  const { response, text } = await fetchInTime(world, url, init, signal, (response) => {
    receivedAt = world.now();
    hooks?.response?.(response);
  });
  return { response, body: parseJson(text), sentAt, receivedAt };
}

/**
 * Fetches an answer and its text, within ten seconds.
 * @throws a `TimeoutError` where that took longer, the signal's reason once it has aborted, and whatever `fetch` throws.
 */
export async function fetchInTime(
  world: World,
  url: string,
  init: RequestInit,
  signal: AbortSignal,
  onHeaders?: (response: Response) => void,
): Promise<{ response: Response; text: string }> {
  signal.throwIfAborted();
  const abort = new AbortController();
  const onAbort = () => abort.abort(signal.reason);
  const timer = world.setTimeout(() => abort.abort(new DOMException('', 'TimeoutError')), timeoutMs);
  signal.addEventListener('abort', onAbort);
  try {
    const response = await world.fetch(url, { ...init, signal: abort.signal });
    onHeaders?.(response);
    return { response, text: await response.text() };
  } catch (error) {
    throw abort.signal.aborted ? abort.signal.reason : error;
  } finally {
    world.clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

/** Undefined where the text is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
