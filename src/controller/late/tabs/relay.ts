import { parseJson, type HttpAnswer, type HttpRequest } from '../../http-request.js';
import type { SessionRun } from '../../session-run.js';
import { pathInSession } from '../http-client.js';
import { pageOf } from '../page.js';
import { tabLineOf } from './tab-line.js';

/** How long the answer of another tab is waited for, ms: longer than that one waits for the service. */
const answerMs = 12_000;

/** Lets another tab, which has the session token, send the requests of this one, which has none. */
export function relayThroughTabs(run: SessionRun): void {
  run.relay = async ({ method, path, body = {}, idempotencyKey }: HttpRequest): Promise<HttpAnswer> => {
    const line = tabLineOf(run);
    const id = pageOf(run.world).randomId();
    const answered = line.next('response', answerMs, (response) => response.id === id);
    line.post('request', { id, method, path, body, idempotencyKey });
    const answer = await answered;
    if (!answer?.status) throw new TypeError('no other tab could send it');
    const { status, text, retryAfter, sentAt, receivedAt } = answer;
    const headers = { 'Content-Type': 'application/json', ...(retryAfter && { 'Retry-After': retryAfter }) };
    return { response: new Response(text, { status, headers }), body: parseJson(text), sentAt, receivedAt };
  };
}

/** Sends for tabs without a session token, while `signal` lasts. The token itself stays here. */
export function sendForTabs(run: SessionRun, signal: AbortSignal): void {
  const line = tabLineOf(run);
  line.on(
    'request',
    ({ id, method, path, body, idempotencyKey }) => {
      // Of this session, and with no step out of it.
      const isOwn = path.startsWith(pathInSession(run, '/'));
      if (!isOwn || !/^[\w/-]+$/.test(path)) return;
      run
        .sendOnce({
          method: method === 'PUT' ? method : 'POST',
          path,
          body,
          idempotencyKey,
        })
        .then(
          ({ response, body: answered, sentAt, receivedAt }) => {
            const { status, headers } = response;
            const told = { ...(answered as object), session_token: undefined };
            const retryAfter = headers.get('Retry-After');
            line.post('response', { id, status, text: JSON.stringify(told), retryAfter, sentAt, receivedAt });
          },
          () =>
            line.post('response', { id, status: 0, text: '', retryAfter: null, sentAt: 0, receivedAt: 0 }),
        );
    },
    signal,
  );
}
