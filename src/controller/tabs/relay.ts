import { parseJson } from '../network/parse-json.js';
import { type HttpAnswer, type HttpRequest } from '../network/http-request.js';
import type { SessionRun, TimedAnswer } from '../run/session-run.js';
import { keepIfLonger } from '../run/answers.js';
import { pathInSession } from '../network/http-client.js';
import { pageOf } from '../page/browser-page.js';
import { tabLineOf } from './tab-line.js';

/** How long the answer of another tab is waited for, ms: longer than that one waits for the service. */
const answerMs = 12_000;

/** Lets another tab, which has the session token, send the requests of this one, which has none. */
export function relayThroughTabs(run: SessionRun): void {
  const sendItself = run.sendOnce.bind(run);
  run.sendOnce = async (request: HttpRequest): Promise<HttpAnswer> => {
    // It may have been given one meanwhile.
    if (run.token) return sendItself(request);
    const { method, path, body = {}, idempotencyKey } = request;
    const line = tabLineOf(run);
    const id = pageOf(run.world).randomId();
    const answered = line.next('response', answerMs, (response) => response.id === id);
    line.post('request', { id, method, path, body, idempotencyKey });
    const answer = await answered;
    if (!answer?.status) throw new TypeError('no other tab could send it');
    const { status, text, retryAfter, sentAt, receivedAt } = answer;
    const headers = { 'Content-Type': 'application/json', ...(retryAfter && { 'Retry-After': retryAfter }) };
    // What says that it has nothing to say must hold nothing (Fetch standard, null body status).
    const response = new Response(status === 204 ? null : text, { status, headers });
    return { response, body: parseJson(text), sentAt, receivedAt };
  };
}

/** What may stand below the session's path: only what is read may have a query. */
const changeForm = /^[\w/-]+$/;
const questionForm = /^[\w/-]+(\?[\w=&-]*)?$/;

const isRelayed = (method: string): method is 'GET' | 'PUT' | 'DELETE' => /^(GET|PUT|DELETE)$/.test(method);

/** Sends for tabs without a session token, while `signal` lasts. The token itself stays here. */
export function sendForTabs(run: SessionRun, signal: AbortSignal): void {
  const line = tabLineOf(run);
  line.on(
    'request',
    ({ id, method, path, body, idempotencyKey }) => {
      const answer = (
        status: number,
        text = '',
        retryAfter: string | null = null,
        trip = { sentAt: 0, receivedAt: 0 },
      ) =>
        line.post('response', {
          id,
          status,
          text,
          retryAfter,
          sentAt: trip.sentAt,
          receivedAt: trip.receivedAt,
        });
      // Of this session, whatever its id is made of, and with no step out of it.
      const ownPath = pathInSession(run, '/');
      const form = method === 'GET' ? questionForm : changeForm;
      if (!path.startsWith(ownPath) || !form.test(path.slice(ownPath.length)))
        return answer(404, '{"code":"ROUTE_NOT_FOUND"}');
      run
        .sendOnce({
          method: isRelayed(method) ? method : 'POST',
          path,
          ...(!/^(GET|DELETE)$/.test(method) && { body }),
          idempotencyKey,
        })
        .then(
          ({ response, body: answered, ...trip }) => {
            const { status, headers } = response;
            const { session_token } = (answered ?? {}) as TimedAnswer;
            keepIfLonger(run, session_token, run.snapshot.session!.id);
            const told = { ...(answered as object), session_token: undefined };
            answer(status, JSON.stringify(told), headers.get('Retry-After'), trip);
          },
          () => answer(0),
        );
    },
    signal,
  );
}
