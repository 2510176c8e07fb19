// A session service in place of the network: one session, which answers what a state of the gallery wants. Only the
// gallery's frames load it; nothing of it is in the tag.

import { dashboardCalls } from './dashboard-service.js';
import { setupCalls } from './setup-service.js';
import { fileCalls, holdUploads } from './files-service.js';
import { helpCalls, streamOf } from './help-service.js';
import { OtherSide } from './other-side.js';

const encode = (value) =>
  btoa(JSON.stringify(value)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
const now = () => Math.floor(Date.now() / 1000);

/** What both sides have written, as the service keeps it; the helper answers once. */
function messagesOf(texts) {
  const sides = { customer: 'customer', provider: 'expert' };
  const messages = [];
  const add = (sent_by, text, created_at, client_id = crypto.randomUUID()) => {
    const position = messages.length + 1;
    const role = sides[sent_by];
    messages.push({ id: `msg_${position}`, position, sent_by, role, client_id, text, created_at });
    return messages.at(-1);
  };
  texts.forEach(([sent_by, text], index) => add(sent_by, text, now() - 60 * (texts.length - index)));
  return {
    read: () => ({ body: { messages, next_cursor: null } }),
    write: ({ text, client_id }) => ({ status: 201, body: add('customer', text, now(), client_id) }),
  };
}

/** @returns {{endpoint: string, token: string}} where the service is, and a session token for it. */
export function startService(state) {
  const { id, remainingSeconds = 900, session: changes = {}, answers = {}, capabilities, isCut } = state;
  // Each state is a marketplace of its own: frames of one origin share their storage.
  const endpoint = `https://${id}.example/api/v1`;
  const sessionId = `ses_${crypto.randomUUID()}`;
  let session = {
    id: sessionId,
    status: 'active',
    user_id: 'user_1',
    provider_id: 'provider_1',
    application_id: 'app_1',
    tokens_allocated: 60,
    duration_limit_seconds: 3600,
    created_at: now(),
    started_at: now(),
    expires_at: now() + remainingSeconds,
    remaining_seconds: remainingSeconds,
    pause_ends_at: null,
    paused_by: null,
    pausable: true,
    pause_seconds_left: 600,
    return_url: null,
    top_up_url: 'https://market.example/top-up',
    extension_options: [
      { additional_seconds: 900, tokens: 15, available: true },
      { additional_seconds: 1800, tokens: 28, available: true },
      { additional_seconds: 3600, tokens: 50, available: false, unavailable_reason: 'INSUFFICIENT_TOKENS' },
    ],
    ended_at: null,
    used_seconds: null,
    final_cost: null,
    tokens_refunded: null,
    ...changes,
  };
  const change = (more) => (session = { ...session, ...more });
  const said = (more = {}) => ({ body: { session, server_time: Date.now(), ...more } });

  let isValidated = false;
  const calls = {
    validate() {
      // Cut off after the first: whoever finds it there takes heartbeats alone for blocked.
      if (isCut && isValidated) return 'cut';
      isValidated = true;
      return said({
        valid: true,
        remaining_seconds: session.remaining_seconds,
        ...(capabilities && { capabilities }),
      });
    },
    heartbeat: () => {
      const { status, remaining_seconds, expires_at } = session;
      return isCut ? 'cut' : said({ acknowledged: true, status, remaining_seconds, expires_at });
    },
    extend: ({ additional_seconds, tokens_to_deduct }) => {
      change({
        expires_at: session.expires_at + additional_seconds,
        duration_limit_seconds: session.duration_limit_seconds + additional_seconds,
        tokens_allocated: session.tokens_allocated + tokens_to_deduct,
      });
      return said({ additional_seconds, additional_cost: tokens_to_deduct });
    },
    pause: () => {
      change({
        status: 'paused',
        expires_at: null,
        pause_ends_at: now() + session.pause_seconds_left,
        paused_by: 'customer',
      });
      return said();
    },
    resume: () => {
      change({
        status: 'active',
        expires_at: now() + remainingSeconds,
        pause_ends_at: null,
        paused_by: null,
      });
      return said();
    },
    complete: () => {
      const bill = { status: 'completed', used_seconds: 1800, final_cost: 30, tokens_refunded: 30 };
      change({ ...bill, expires_at: null });
      return said(bill);
    },
  };

  const messages = messagesOf(state.messages ?? []);
  const participant = state.call?.side === 'customer' ? 'provider' : 'customer';
  const room = () => ({
    body: {
      ...{ provider: 'embedded', participant, polite: participant === 'customer', ice_servers: [] },
      ...{ opens_at: session.started_at, ends_at: session.expires_at, expires_at: session.expires_at },
      ...state.room,
    },
  });
  const ofMethod = {
    'GET messages': messages.read,
    'POST messages': messages.write,
    'POST room': room,
    'POST signals': (signal) => {
      other?.hear(signal);
      return { body: {} };
    },
  };
  // What happens to the session, as the page that listens is told it.
  const events = new TransformStream();
  const teller = events.writable.getWriter();
  const tell = (type, data) =>
    void teller.write(new TextEncoder().encode(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`));
  const other = state.call && new OtherSide(state.call, tell);
  if (other) ofMethod['GET events'] = () => ({ stream: events.readable });

  const byPath = [
    ...fileCalls(endpoint, state.files, state.limits),
    ...helpCalls(state.help ?? {}),
    ...(state.setup ? setupCalls(state.setup) : []),
    ...dashboardCalls(state.dashboard ?? {}),
  ];
  const pathCall = (method, path, query) => {
    const [, pattern, answer] = byPath.find(([verb, wanted]) => verb === method && wanted.test(path)) ?? [];
    return answer && ((body) => answer(body, pattern.exec(path)[1], query));
  };
  if (state.upload !== undefined) holdUploads(state.upload);

  window.fetch = async (address, { method = 'GET', body } = {}) => {
    const { pathname, searchParams } = new URL(address, location.href);
    const name = pathname.split('/').at(-1);
    const call = `${method} ${name}`;
    const usual =
      pathCall(method, pathname, searchParams) ??
      ofMethod[call] ??
      calls[name] ??
      (() => ({ status: 404, body: { code: 'ROUTE_NOT_FOUND' } }));
    const wanted = answers[call] ?? answers[name];
    const answer =
      typeof wanted === 'function' ? wanted(session) : (wanted ?? (await usual(JSON.parse(body ?? '{}'))));
    if (answer === 'never') return new Promise(() => {});
    if (answer === 'cut') throw new TypeError('Failed to fetch');
    if (answer.frames)
      return new Response(streamOf(answer.frames), { headers: { 'Content-Type': 'text/event-stream' } });
    if (answer.stream)
      return new Response(answer.stream, { headers: { 'Content-Type': 'text/event-stream' } });
    if (answer.content) return new Response(answer.content);
    return new Response(answer.body && JSON.stringify(answer.body), {
      status: answer.status ?? 200,
      headers: { 'Content-Type': 'application/json', 'Retry-After': '60' },
    });
  };

  const claims = {
    jti: sessionId,
    sub: 'user_1',
    provider_id: 'provider_1',
    aud: 'app_1',
    iat: now(),
    exp: now() + 9000,
    tokens_allocated: 60,
  };
  // Nobody here looks at the signature.
  const token = [encode({ alg: 'ES256', kid: 'gallery' }), encode(claims), 'A'.repeat(86)].join('.');
  return { endpoint, token };
}
