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

  const abort = new AbortController();
  const onAbort = () => abort.abort(signal.reason);
  const timer = world.setTimeout(() => abort.abort(new DOMException('', 'TimeoutError')), timeoutMs);
  signal.addEventListener('abort', onAbort);
  try {
    const sentAt = world.now();
    const response = await world.fetch(url, {
      method,
      headers,
      keepalive,
      signal: abort.signal,
      cache: 'no-store',
      credentials: 'omit',
      ...(body && { body: JSON.stringify(body) }),
    });
    const receivedAt = world.now();
    hooks?.response?.(response);
    const text = await response.text();
    return { response, body: parseJson(text), sentAt, receivedAt };
  } catch (error) {
    throw abort.signal.aborted ? abort.signal.reason : error;
  } finally {
    world.clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
