import type { SessionControllerOptions } from './options.js';
import type { World } from './world.js';

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT';
  /** Path below the API endpoint. */
  path: string;
  body?: object;
  /** The same for each retry of one intended change, fresh for the next. */
  idempotencyKey?: string;
  /** Lets the request outlive the page. */
  keepalive?: boolean;
}

/** One answer, with the device's clock at both ends of the round trip, ms since the epoch. */
export interface HttpAnswer {
  response: Response;
  /** Undefined where the answer holds no JSON. */
  body: unknown;
  sentAt: number;
  receivedAt: number;
}

const timeoutMs = 10_000;

/**
 * Sends one request, once.
 * @throws a `TimeoutError` where no answer came in ten seconds, and whatever `fetch` throws.
 */
export async function sendOnce(
  world: World,
  { hooks }: SessionControllerOptions,
  url: string,
  sessionToken: string,
  { method, body, idempotencyKey, keepalive = false }: HttpRequest,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const headers = new Headers({ Accept: 'application/json', Authorization: `Bearer ${sessionToken}` });
  if (body) headers.set('Content-Type', 'application/json');
  if (idempotencyKey) headers.set('Idempotency-Key', idempotencyKey);
  hooks?.request?.(url, headers);

  const sentAt = world.now();
  let receivedAt = 0;
  const init: RequestInit = {
    method,
    headers,
    keepalive,
    cache: 'no-store',
    credentials: 'omit',
    ...(body && { body: JSON.stringify(body) }),
  };
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
