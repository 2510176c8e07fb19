import { request as requestHttp, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isAddress, resolveTarget, TargetRefused, type TargetRefusal, type WebhookTarget } from './target.js';
import type { WebhookNetwork } from './network.js';

/** Why an attempt failed where it was not for the status that was answered. Not sent: for a reason of our own. */
export type AttemptError =
  TargetRefusal | 'redirected' | 'timed_out' | 'tls_failed' | 'connection_failed' | 'not_sent';

/** How an attempt went: a status where one was answered, and an error where the status alone does not tell. */
export interface AttemptOutcome {
  status: number | null;
  error: AttemptError | 'status_refused' | null;
  /** What the receiver asked for by Retry-After, seconds. */
  retryAfterSeconds?: number;
}

/** Posts a body once, within a limit for all of it. Nothing is followed, nothing of the answer is kept but its status. */
export async function send(
  url: string,
  body: string,
  headers: Record<string, string>,
  network: WebhookNetwork,
): Promise<AttemptOutcome> {
  const signal = AbortSignal.timeout(network.timeoutMs);
  try {
    const target = await unlessAborted(resolveTarget(url, network), signal);
    return await unlessAborted(post(target, body, headers, network, signal), signal);
  } catch (error) {
    return { status: null, error: signal.aborted ? 'timed_out' : nameOf(error) };
  }
}

function post(
  { url, address }: WebhookTarget,
  body: string,
  headers: Record<string, string>,
  { secureContext }: WebhookNetwork,
  signal: AbortSignal,
): Promise<AttemptOutcome> {
  const isSecure = url.protocol === 'https:';
  const options: RequestOptions = {
    method: 'POST',
    // The address that was checked, not the name: a second look could find another one (DNS rebinding).
    host: address,
    port: url.port || (isSecure ? 443 : 80),
    path: `${url.pathname}${url.search}`,
    headers: {
      ...headers,
      Host: url.host,
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
      'User-Agent': 'marketplace-session',
    },
    agent: false,
    signal,
  };
  // The certificate must be the name's; an address has no server name (RFC 6066, 3).
  const tls = { servername: isAddress(url) ? '' : url.hostname, secureContext };
  return new Promise((resolve, reject) => {
    const request = isSecure ? requestHttps({ ...options, ...tls }) : requestHttp(options);
    request.on('error', reject);
    request.on('response', (response) => {
      resolve(outcomeOf(response.statusCode!, response.headers['retry-after']));
      response.destroy();
    });
    // 101, which nobody has asked for: the connection would stay open, and no other answer comes.
    request.on('upgrade', ({ statusCode }, socket) => {
      resolve({ status: statusCode!, error: 'status_refused' });
      socket.destroy();
    });
    request.on('close', () => reject(new Error('the connection was closed without an answer')));
    request.end(body);
  });
}

function outcomeOf(status: number, retryAfter: string | undefined): AttemptOutcome {
  if (status >= 200 && status < 300) return { status, error: null };
  const isRedirect = status >= 300 && status < 400;
  return {
    status,
    error: isRedirect ? 'redirected' : 'status_refused',
    ...(/^\d{1,9}$/.test(retryAfter ?? '') && { retryAfterSeconds: Number(retryAfter) }),
  };
}

function nameOf(error: unknown): AttemptError {
  if (error instanceof TargetRefused) return error.reason;
  const code = String((error as NodeJS.ErrnoException).code);
  const isTls = /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|EPROTO)/.test(code);
  return isTls ? 'tls_failed' : 'connection_failed';
}

/** Not everything hears of a signal: a resolver cannot be told to stop, and who waits for an answer may wait for ever. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    promise.then(resolve, reject);
  });
}
