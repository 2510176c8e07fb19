import type { Problem } from '../../protocol/api.js';
import type { ErrorCode } from '../../protocol/error-codes.js';
import { SessionError } from '../../protocol/errors.js';
import type { HttpAnswer, HttpRequest } from './http-request.js';
import { log } from '../log.js';
import { withoutTokens } from '../logger.js';
import type { SessionRun } from '../run/session-run.js';
import { blockedPathsOf } from './blocked-paths.js';
import { circuitOf } from './circuit-breaker.js';
import { noteSilence } from './connection.js';
import { pageOf } from '../page/browser-page.js';

const usualAttempts = 4;
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
    [
      'NETWORK_FAILED',
      'TIMED_OUT',
      'RATE_LIMITED',
      'IDEMPOTENCY_KEY_IN_USE',
      'KEYS_UNAVAILABLE',
      'PROOF_INVALID',
      // The network, or the browser itself, has sent a request twice.
      'PROOF_REPLAYED',
      'PAGE_SERVER_UNAVAILABLE',
    ].includes(code)
  );
}

/** Whether the service was not there to answer, or not itself; a route that it does not offer is no sign of that. */
export const isUnavailable = ({ code, status = 0 }: SessionError): boolean =>
  status >= 500 || /^(NETWORK|TIMED|ANSWER)/.test(code);

/** Whether the service itself has said that this session token, or this session, is nothing any more. */
export const isRefused = ({ code }: SessionError): boolean =>
  /^(TOKEN|SESSION|CREDENTIAL|NO_LIVE)_(?!NOT_(YET|STARTED))/.test(code);

/**
 * Tries until there is an answer: exponential backoff with full jitter, `Retry-After` obeyed (up to 20 s; a longer one is told
 * instead).
 * @param mayRetry asked before each try but the first.
 * @throws {SessionError} that of the last try; `NETWORK_FAILED`, `TIMED_OUT` where it was another error.
 * @throws the reason of the run's signal once it has aborted.
 */
export async function untilAnswered<T>(
  run: SessionRun,
  tryOnce: (attempt: number) => Promise<T>,
  attempts = usualAttempts,
  mayRetry = () => true,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    run.signal.throwIfAborted();
    try {
      return await tryOnce(attempt);
    } catch (cause) {
      run.signal.throwIfAborted();
      const error = cause instanceof SessionError ? cause : networkError(cause);
      log(run.options, 'warn', `${error.code}, try ${attempt} of ${attempts}`);
      const waitSeconds = error.retryAfterSeconds ?? 0;
      const isWorthIt =
        isRetryable(error) && attempt < attempts && waitSeconds <= longestWaitSeconds && mayRetry();
      if (!isWorthIt) throw error;
      await wait(run, waitSeconds * 1000 + pageOf(run.world).random() * baseDelayMs * 2 ** attempt);
    }
  }
}

/**
 * Sends a request until it is answered, as long as the retry budget allows (`untilAnswered`), problems (RFC 9457) turned into a
 * `SessionError`.
 * @param tryOnce one try; called for each.
 * @param attempts how many there may be.
 * @throws {SessionError} the service's code, or `NETWORK_FAILED`, `TIMED_OUT`, `ANSWER_INVALID`.
 * @throws the reason of the run's signal once it has aborted.
 */
export async function sendUntilAnswered<Body>(
  run: SessionRun,
  tryOnce: (attempt: number) => Promise<HttpAnswer>,
  attempts = usualAttempts,
): Promise<GoodAnswer<Body>> {
  const circuit = circuitOf(run);
  const heardOnce = async (attempt: number) => {
    try {
      const answer = await tryOnce(attempt);
      run.signal.throwIfAborted();
      learnTime(run, answer);
      return goodAnswer<Body>(answer, run.world.now());
    } catch (cause) {
      run.signal.throwIfAborted();
      const error = cause instanceof SessionError ? cause : networkError(cause);
      if (isUnavailable(error)) noteSilence(run);
      throw error;
    }
  };
  return untilAnswered(run, heardOnce, attempts, () => circuit.takeRetry());
}

/**
 * Sends a request about the session of this run, as `sendUntilAnswered` does; once where the device believes that it has
 * no network, or its path is known to be blocked.
 */
export async function send<Body>(
  run: SessionRun,
  request: HttpRequest,
  attempts?: number,
): Promise<GoodAnswer<Body>> {
  const path = pathInSession(run, request.path);
  log(run.options, 'debug', `${request.method} ${path}`);
  const blocked = blockedPathsOf(run);
  const isHopeful = pageOf(run.world).isOnline && !blocked.has(request.path);
  const sendOnce = async () => {
    const answer = await run.sendOnce({ ...request, path });
    blocked.delete(request.path);
    return answer;
  };
  return sendUntilAnswered<Body>(run, sendOnce, isHopeful ? attempts : 1);
}

/** A path below that of the session. */
export const pathInSession = ({ snapshot }: SessionRun, path: string): string =>
  `/sessions/${encodeURIComponent(snapshot.session!.id)}${path}`;

/** Waits, or ends with the run, or with another signal. */
export function wait(run: SessionRun, delayMs: number, signal = run.signal): Promise<void> {
  const { world } = run;
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

/**
 * A device whose clock is far off makes proofs that the service refuses for their time: the refusal says what time it
 * is, or its date does (RFC 9110, 6.6.1), within the second that this leaves out.
 */
function learnTime({ clock }: SessionRun, { response, body, sentAt, receivedAt }: HttpAnswer): void {
  if (response.status !== 401) return;
  const { server_time } = (body ?? {}) as Partial<Problem>;
  const date = Date.parse(response.headers.get('Date') ?? '');
  if (server_time) clock.observe(sentAt, receivedAt, server_time);
  else if (date) clock.observe(sentAt - 500, receivedAt + 500, date + 500);
}

export function networkError(cause: unknown): SessionError {
  const isTimeout = cause instanceof DOMException && cause.name === 'TimeoutError';
  return new SessionError(isTimeout ? 'TIMED_OUT' : 'NETWORK_FAILED', { cause });
}

/** Seconds, or a date (RFC 9110, 10.2.3); undefined where it is neither. */
export function readRetryAfter(text: string | null, now: number): number | undefined {
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

export function goodAnswer<Body>(answer: HttpAnswer, now: number): GoodAnswer<Body> {
  const { response, body } = answer;
  const { status } = response;
  if (response.ok && typeof body === 'object' && body) return answer as GoodAnswer<Body>;
  if (response.ok) throw new SessionError('ANSWER_INVALID', { status });
  const problem = (body ?? {}) as Partial<Problem>;
  throw new SessionError(refusalCode(answer, problem), {
    status,
    retryAfterSeconds: readRetryAfter(response.headers.get('Retry-After'), now),
    message: problem.title ? withoutTokens(String(problem.title)) : undefined,
    topUpUrl: problem.top_up_url,
    requestId: problem.request_id,
  });
}
