import type { Problem } from '../../protocol/api.js';
import type { ErrorCode } from '../../protocol/error-codes.js';
import { SessionError } from '../../protocol/errors.js';
import type { HttpAnswer, HttpRequest } from '../http-request.js';
import { withoutTokens } from '../logger.js';
import type { SessionRun } from '../session-run.js';
import { pageOf } from './page.js';

const attempts = 4;
const baseDelayMs = 500;
const longestWaitSeconds = 20;

/** An answer whose body is what the protocol promises. */
export interface GoodAnswer<Body> extends HttpAnswer {
  body: Body;
}

/** Codes for answers that carry none: those of backends with the older error shape, and of proxies. */
const codeByStatus: Record<number, ErrorCode> = {
  401: 'CREDENTIAL_INVALID',
  402: 'INSUFFICIENT_TOKENS',
  403: 'CREDENTIAL_INSUFFICIENT',
  404: 'SESSION_NOT_FOUND',
  409: 'TRANSITION_REFUSED',
  410: 'SESSION_ENDED',
  429: 'RATE_LIMITED',
};

/** Whether the same request may succeed later. */
function isRetryable({ code, status = 0 }: SessionError): boolean {
  return (
    status >= 500 ||
    ['NETWORK_FAILED', 'TIMED_OUT', 'RATE_LIMITED', 'IDEMPOTENCY_KEY_IN_USE', 'KEYS_UNAVAILABLE'].includes(
      code,
    )
  );
}

/** Whether the service itself has said that this session token, or this session, is nothing any more. */
export const isRefused = ({ code }: SessionError): boolean =>
  /^(TOKEN|SESSION|CREDENTIAL)_(?!NOT_(YET|STARTED))/.test(code);

/**
 * Sends a request until it is answered: retries with exponential backoff and full jitter, `Retry-After` obeyed (up to
 * 20 s; a longer one is told instead), problems (RFC 9457) turned into a `SessionError`.
 * @param tryOnce one try; called for each.
 * @throws {SessionError} the service's code, or `NETWORK_FAILED`, `TIMED_OUT`, `ANSWER_INVALID`.
 * @throws the reason of the run's signal once it has aborted.
 */
export async function sendUntilAnswered<Body>(
  run: SessionRun,
  tryOnce: (attempt: number) => Promise<HttpAnswer>,
): Promise<GoodAnswer<Body>> {
  for (let attempt = 1; ; attempt++) {
    run.signal.throwIfAborted();
    try {
      const answer = await tryOnce(attempt);
      run.signal.throwIfAborted();
      return goodAnswer<Body>(answer, run.world.now());
    } catch (cause) {
      run.signal.throwIfAborted();
      const error = cause instanceof SessionError ? cause : networkError(cause);
      run.options.logger?.('warn', `${error.code}, try ${attempt} of ${attempts}`);
      const waitSeconds = error.retryAfterSeconds ?? 0;
      if (!isRetryable(error) || attempt === attempts || waitSeconds > longestWaitSeconds) throw error;
      await wait(run, waitSeconds * 1000 + pageOf(run.world).random() * baseDelayMs * 2 ** attempt);
    }
  }
}

/** Sends a request about the session of this run, as `sendUntilAnswered` does. */
export function send<Body>(run: SessionRun, request: HttpRequest): Promise<GoodAnswer<Body>> {
  const path = `/sessions/${encodeURIComponent(run.snapshot.session!.id)}${request.path}`;
  run.options.logger?.('debug', `${request.method} ${path}`);
  return sendUntilAnswered<Body>(run, () => run.sendOnce({ ...request, path }));
}

/** Waits, or ends with the run. */
export function wait({ world, signal }: SessionRun, delayMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      world.clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = world.setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, delayMs);
    signal.addEventListener('abort', stop);
  });
}

function networkError(cause: unknown): SessionError {
  const isTimeout = cause instanceof DOMException && cause.name === 'TimeoutError';
  return new SessionError(isTimeout ? 'TIMED_OUT' : 'NETWORK_FAILED', { cause });
}

/** Seconds, or a date (RFC 9110, 10.2.3); undefined where it is neither. */
function readRetryAfter(text: string | null, now: number): number | undefined {
  const seconds = /^\d+$/.test(text ?? '') ? Number(text) : Math.ceil((Date.parse(text ?? '') - now) / 1000);
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}

function refusalCode({ response }: HttpAnswer, { code = '' }: Partial<Problem>): ErrorCode {
  const { status, headers } = response;
  if (/^[A-Z][A-Z_]+$/.test(code)) return code as ErrorCode;
  // A web page is no answer of the service's: it knows nothing of a session.
  const isPage = /^text\/html/.test(headers.get('Content-Type') ?? '');
  const byStatus = isPage && status !== 429 ? undefined : codeByStatus[status];
  return byStatus ?? (status >= 500 ? 'SERVICE_ERROR' : 'ANSWER_INVALID');
}

function goodAnswer<Body>(answer: HttpAnswer, now: number): GoodAnswer<Body> {
  const { response, body } = answer;
  const { status } = response;
  if (response.ok && typeof body === 'object' && body) return answer as GoodAnswer<Body>;
  if (response.ok) throw new SessionError('ANSWER_INVALID', { status });
  const problem = (body ?? {}) as Partial<Problem>;
  const retryAfterSeconds = readRetryAfter(response.headers.get('Retry-After'), now);
  throw new SessionError(refusalCode(answer, problem), {
    status,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    ...(problem.title && { message: withoutTokens(String(problem.title)) }),
    ...(problem.top_up_url && { topUpUrl: problem.top_up_url }),
    ...(problem.request_id && { requestId: problem.request_id }),
  });
}
