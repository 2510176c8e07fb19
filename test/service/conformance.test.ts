import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { files } from '../../src/conformance/files.js';
import { fullSet } from '../../src/conformance/full-set.js';
import { helpRequests } from '../../src/conformance/help-requests.js';
import { messages } from '../../src/conformance/messages.js';
import { operations } from '../../src/conformance/operations.js';
import { presence } from '../../src/conformance/presence.js';
import { rooms } from '../../src/conformance/rooms.js';
import { runConformance, type RowResult, type SetName } from '../../src/conformance/run.js';
import { smallerSet } from '../../src/conformance/smaller-set.js';
import { changed, FaultyBackend, json, type Exchange, type Fault, type Reply } from './faulty-backend.js';
import { startTestService, type Json, type TestApplication, type TestService } from './fixtures.js';
import { nodeFlags, programOf } from '../programs.js';
import { waiting } from '../../src/conformance/waiting.js';
import { TestClock } from './test-clock.js';

describe('The conformance run', () => {
  const clock = new TestClock(Date.now());
  let service: TestService;
  let application: TestApplication;
  let userId: string;
  let api: string;
  before(async () => {
    service = await startTestService({ now: clock.now, timer: clock.timer });
    application = await service.createApplication();
    userId = await service.createCustomer(10_000_000);
    api = `${service.url}/api/v1`;
  });
  after(() => service.close());

  const sell = async () => (await service.createSession(application, userId)).session_token;
  const sellWaiting = async (waiting_seconds: number) =>
    (await service.createSession(application, userId, { start: 'when_joined', waiting_seconds }))
      .session_token;
  /** Skipped where a backend does not offer what they are about. */
  const optional = [...presence, ...waiting, ...messages, ...files, ...rooms, ...operations, ...helpRequests];
  const names = {
    smaller: smallerSet.map(({ name }) => name),
    full: [...smallerSet, ...fullSet, ...optional].map(({ name }) => name),
  };
  async function run(set: SetName, url = api, only?: string): Promise<RowResult[]> {
    const results: RowResult[] = [];
    const { secretKey } = application;
    for (const name of only ? [only] : names[set]) {
      // Nobody waits here for as long as it takes until somebody is lost.
      const hurry = /^presence|runs-out/.test(name) ? setInterval(() => clock.advance(0.5), 20) : undefined;
      for await (const result of runConformance({ url, set, sell, sellWaiting, secretKey, only: name }))
        results.push(result);
      clearInterval(hurry);
    }
    return results;
  }
  const failuresOf = (results: RowResult[]) => results.filter(({ failure }) => failure !== null);

  test('holds our own service: every row of the full set', async () => {
    const results = await run('full');
    assert.ok(results.length > 20);
    assert.deepEqual(failuresOf(results), []);
    assert.deepEqual(
      results.filter(({ skipped }) => skipped !== null),
      [],
    );
    assert.equal(new Set(results.map(({ name }) => name)).size, results.length);
  });

  const isTo = ({ method, path }: Exchange, ...actions: string[]) =>
    method !== 'GET' && actions.some((action) => path.endsWith(`/${action}`));
  const good = (reply: Reply) => reply.status < 300;
  /** Changes the JSON of what succeeds. */
  const answering = (actions: string[], change: (body: Json, exchange: Exchange) => Json): Fault => ({
    answer: (reply, exchange) =>
      isTo(exchange, ...actions) && good(reply) ? changed(reply, (body) => change(body, exchange)) : reply,
  });
  const sessionOf = (body: Json) => body.session as Json;
  const byJti = (change: (body: Json) => Json) =>
    answering(['validate'], (body, { body: asked = '' }) => (asked.includes('"jti"') ? change(body) : body));
  /** Asks for a session token of a user that allows everything. */
  const allowingAll = (exchange: Exchange): Exchange =>
    isTo(exchange, 'session-tokens')
      ? { ...exchange, body: exchange.body!.replace(/,"allowed_operations":\[[^\]]*\]/, '') }
      : exchange;
  let count = 0;
  const key = 'idempotency-key';
  const lost = 'id: 1\nevent: participant.lost\ndata: {"participant":"customer"}';

  test('holds the same behind the proxy of these tests, which adds no fault of its own', async () => {
    const backend = await FaultyBackend.start(service.url, {});
    const failures = failuresOf(await run('full', backend.url));
    await backend.stop();
    assert.deepEqual(failures, []);
  });

  test('holds a backend that has nothing but the smaller set, and names what the full set misses', async () => {
    // Its answers have the few members that the smaller set asks for, and nothing else.
    const few = [
      'valid',
      'session',
      'remaining_seconds',
      'acknowledged',
      'expires_at',
      'status',
      'final_cost',
    ];
    const kept = [...few, 'tokens_refunded', 'new_expires_at', 'additional_cost', 'id', 'extension_options'];
    const plain: Fault = {
      instead: (exchange) =>
        isTo(exchange, 'validate', 'heartbeat', 'renew', 'complete')
          ? undefined
          : json(404, { error: 'no such route' }),
      answer(reply) {
        if (!good(reply)) return json(reply.status, { error: 'refused' });
        const cut = (body: Json): Json =>
          Object.fromEntries(Object.entries(body).filter(([name]) => kept.includes(name)));
        return changed(reply, (body) => ({
          ...cut(body),
          ...(sessionOf(body) && { session: cut(sessionOf(body)) }),
        }));
      },
    };
    const backend = await FaultyBackend.start(service.url, plain);
    try {
      assert.deepEqual(failuresOf(await run('smaller', backend.url)), []);
      const results = await run('full', backend.url);
      const failed = failuresOf(results).map(({ name }) => name);
      for (const name of [
        'session-shape',
        'capabilities',
        'problems',
        'extend-once-per-key',
        'events',
        'keys',
      ])
        assert.ok(failed.includes(name), name);
      const skipped = results.filter((result) => result.skipped !== null).map(({ name }) => name);
      assert.deepEqual(skipped, [
        ...['metrics', 'revision', 'pause-and-resume'],
        ...optional.map(({ name }) => name),
      ]);
    } finally {
      await backend.stop();
    }
  });

  const faults: Record<string, [row: string, fault: Fault]> = {
    'validates without saying so': ['validate', answering(['validate'], (body) => ({ ...body, valid: 1 }))],
    'names another session': [
      'validate',
      answering(['validate'], (body) => ({ ...body, session: { ...sessionOf(body), id: 'x' } })),
    ],
    'forgets how much time is left': [
      'validate',
      answering(['validate'], ({ remaining_seconds, ...body }) => (void remaining_seconds, body)),
    ],
    'shouts the status to who validates by {jti}': [
      'validate-by-jti',
      byJti((body) => ({ ...body, session: { ...sessionOf(body), status: 'ACTIVE' } })),
    ],
    'answers texts for numbers to who validates by {jti}': [
      'validate-by-jti',
      byJti((body) => ({ ...body, remaining_seconds: String(body.remaining_seconds) })),
    ],
    'counts milliseconds for who validates by {jti}': [
      'validate-by-jti',
      byJti((body) => ({ ...body, remaining_seconds: (body.remaining_seconds as number) * 1000 })),
    ],
    'tells the end in milliseconds to who validates by {jti}': [
      'validate-by-jti',
      byJti((body) => {
        const session = sessionOf(body);
        return { ...body, session: { ...session, expires_at: (session.expires_at as number) * 1000 } };
      }),
    ],
    'says that more is left than was bought': [
      'validate',
      answering(['validate'], (body) => ({ ...body, remaining_seconds: 100_000 })),
    ],
    'tells its clock in seconds': [
      'validate',
      answering(['validate'], (body) => ({ ...body, server_time: Math.floor(Date.now() / 1000) })),
    ],
    'offers extensions at prices in text': [
      'validate',
      answering(['validate'], (body) => {
        const options = sessionOf(body).extension_options as Json[];
        const extension_options = options.map((option) => ({ ...option, tokens: String(option.tokens) }));
        return { ...body, session: { ...sessionOf(body), extension_options } };
      }),
    ],
    'counts milliseconds in heartbeats': [
      'heartbeat',
      answering(['heartbeat'], (body) => ({
        ...body,
        remaining_seconds: (body.remaining_seconds as number) * 1000,
      })),
    ],
    'says by heartbeats that the session waits': [
      'heartbeat',
      answering(['heartbeat'], (body) => ({ ...body, status: 'running' })),
    ],
    'bills with texts': [
      'complete',
      answering(['complete'], (body) => ({ ...body, final_cost: String(body.final_cost) })),
    ],
    'does not know {jti}': [
      'validate-by-jti',
      {
        instead: ({ path, body = '' }) =>
          path.endsWith('/validate') && body.includes('"jti"') ? json(400, {}) : undefined,
      },
    ],
    'does not look at signatures': [
      'validate-refuses-changed-token',
      {
        answer: (reply, exchange) =>
          isTo(exchange, 'validate') && reply.status === 401 ? json(200, { valid: true }) : reply,
      },
    ],
    'answers a page instead of JSON': [
      'validate',
      { answer: (reply) => ({ ...reply, headers: { 'content-type': 'text/html' } }) },
    ],
    'validates any jti': [
      'validate-refuses-other-session',
      {
        answer: (reply, exchange) =>
          isTo(exchange, 'validate') && reply.status === 403 ? json(200, { valid: true }) : reply,
      },
    ],
    'asks for no credential': [
      'credential-needed',
      { answer: (reply, { headers }) => (headers.authorization ? reply : { ...reply, status: 403 }) },
    ],
    'does not acknowledge heartbeats': [
      'heartbeat',
      answering(['heartbeat'], (body) => ({ ...body, acknowledged: 'yes' })),
    ],
    'tells the deadline in milliseconds': [
      'heartbeat',
      answering(['heartbeat'], (body) => ({ ...body, expires_at: (body.expires_at as number) * 1000 })),
    ],
    'gives time for each heartbeat': [
      'heartbeat-moves-nothing',
      answering(['heartbeat'], (body) => ({
        ...body,
        expires_at: (body.expires_at as number) + (count += 30),
      })),
    ],
    'lets a session token open other sessions': [
      'own-session-only',
      {
        answer: (reply, exchange) =>
          isTo(exchange, 'heartbeat') && reply.status === 403 ? json(200, { acknowledged: true }) : reply,
      },
    ],
    'adds another length than was bought': [
      'extend',
      answering(['extend'], (body) => ({ ...body, expires_at: (body.expires_at as number) + 60 })),
    ],
    'tells of an extension that it did not make': [
      'extend',
      {
        instead: (exchange) =>
          isTo(exchange, 'extend')
            ? json(200, { expires_at: Math.floor(Date.now() / 1000) + 1500 })
            : undefined,
      },
    ],
    'completes without a final status': [
      'complete',
      answering(['complete'], (body) => ({ ...body, status: 'active' })),
    ],
    'forgets the bill': [
      'complete',
      answering(['complete'], ({ final_cost, ...body }) => (void final_cost, body)),
    ],
    'bills twice': [
      'complete-twice',
      answering(['complete'], (body) => ({
        ...body,
        final_cost: (body.final_cost as number) + (count += 1),
      })),
    ],
    'believes what a page reports': [
      'usage-is-measured',
      answering(['complete'], (body, exchange) => {
        const { actual_usage_minutes = 0 } = JSON.parse(exchange.body ?? '{}') as {
          actual_usage_minutes?: number;
        };
        return { ...body, final_cost: (body.final_cost as number) + actual_usage_minutes };
      }),
    ],
    'validates what has ended': [
      'end-is-final',
      {
        answer: (reply, exchange) =>
          isTo(exchange, 'validate') && reply.status === 410 ? json(200, { valid: true }) : reply,
      },
    ],
    'lets heartbeats of an ended session go on': [
      'end-is-final',
      answering(['heartbeat'], (body) => ({ ...body, status: 'active' })),
    ],
    'leaves out a member of the session': [
      'session-shape',
      answering(['validate'], (body) => {
        const { provider_id, ...session } = sessionOf(body);
        return { ...body, session: (void provider_id, session) };
      }),
    ],
    'has a clock that is off': [
      'deadline-and-clock',
      answering(['heartbeat'], (body) => ({ ...body, server_time: (body.server_time as number) + 60_000 })),
    ],
    'names no capability': [
      'capabilities',
      answering(['validate'], (body) => ({ ...body, capabilities: [] })),
    ],
    'takes no count of a page': [
      'metrics',
      {
        answer: (reply, exchange) =>
          isTo(exchange, 'heartbeat') && exchange.body?.includes('"metrics"')
            ? json(422, { type: 'about:blank', title: 'No.', status: 422, code: 'REQUEST_INVALID' })
            : reply,
      },
    ],
    'wants heartbeats in milliseconds': [
      'heartbeat-pace',
      answering(['validate', 'heartbeat'], (body) => ({ ...body, next_heartbeat_seconds: 90_000 })),
    ],
    'wants a pace with the first heartbeat only': [
      'heartbeat-pace',
      answering(['validate'], ({ next_heartbeat_seconds, ...body }) => (void next_heartbeat_seconds, body)),
    ],
    'writes a message again': [
      'messages-once',
      {
        ask: (exchange) =>
          isTo(exchange, 'messages')
            ? {
                ...exchange,
                body: exchange.body!.replace(/"client_id":"[^"]*"/, `"client_id":"n-${count++}"`),
              }
            : exchange,
      },
    ],
    'gives each token all operations': ['operations', { ask: allowingAll }],
    'names what a token allows, and lets it do everything': [
      'operations',
      {
        ask: allowingAll,
        answer: (reply, exchange) =>
          isTo(exchange, 'validate') && good(reply)
            ? changed(reply, (body) =>
                body.allowed_operations ? { ...body, allowed_operations: ['use_session'] } : body,
              )
            : reply,
      },
    ],
    'refuses an operation as it refuses a credential': [
      'operations',
      {
        answer: (reply) =>
          reply.status === 403
            ? changed(reply, (body) => ({ ...body, code: 'CREDENTIAL_INSUFFICIENT' }))
            : reply,
      },
    ],
    'keeps a file again': [
      'files-once',
      {
        ask: (exchange) =>
          isTo(exchange, 'files')
            ? { ...exchange, headers: { ...exchange.headers, [key]: `again-${count++}` } }
            : exchange,
      },
    ],
    'gives files names of its own': [
      'files-once',
      answering(['files'], (body) => ({ ...body, name: 'file.bin' })),
    ],
    'deletes no file': [
      'files-once',
      { instead: ({ method }) => (method === 'DELETE' ? json(200, {}) : undefined) },
    ],
    'makes HTML of messages': [
      'messages-once',
      answering(['messages'], (body) => ({ ...body, text: String(body.text).replaceAll('<', '&lt;') })),
    ],
    'tells in an event what was written': [
      'messages-to-the-other-side',
      { event: (text) => text.replace('"message_id":', '"text":"Nur für Sie","message_id":') },
    ],
    'offers a request to nobody': [
      'help-offered',
      { event: (text) => (text.includes('event: help_request.changed') ? undefined : text) },
    ],
    'numbers the frames of a desk': [
      'help-offered',
      { event: (text) => text.replace('event: help_request.', 'id: 7\nevent: help_request.') },
    ],
    'gives a request to everybody who claims it': [
      'help-claimed-once',
      {
        answer: (reply, exchange) =>
          isTo(exchange, 'claim') && reply.status === 409 ? json(200, { status: 'claimed' }) : reply,
      },
    ],
    'leaves the offer to who was slower': [
      'help-claimed-once',
      { event: (text) => text.replace('"offer":"withdrawn"', '"offer":"offered"') },
    ],
    'says of what is cancelled that somebody was faster': [
      'help-cancelled',
      {
        answer: (reply, exchange) =>
          isTo(exchange, 'claim') && reply.status === 409
            ? changed(reply, (body) => ({ ...body, code: 'REQUEST_TAKEN' }))
            : reply,
      },
    ],
    'starts a talk of one': [
      'help-wrong-state',
      {
        answer: (reply, exchange) =>
          isTo(exchange, 'start') && reply.body.includes('CUSTOMER_ABSENT') ? json(200, {}) : reply,
      },
    ],
    'lets nobody give way': [
      'room-for-each-side',
      {
        answer: (reply, { path }) =>
          path.endsWith('/room') && good(reply)
            ? changed(reply, (body) => ({ ...body, polite: false }))
            : reply,
      },
    ],
    'numbers signals as if they were events': [
      'signals-to-the-other-side',
      { event: (text) => text.replace('event: session.signal', 'id: 999999\nevent: session.signal') },
    ],
    'signals to nobody': [
      'signals-to-the-other-side',
      { event: (text) => (text.includes('event: session.signal') ? undefined : text) },
    ],
    'counts the same twice': [
      'revision',
      answering(['extend', 'complete'], (body) => ({ ...body, revision: 1 })),
    ],
    'says another revision than the session': [
      'revision',
      answering(['extend'], (body) => ({ ...body, session: { ...sessionOf(body), revision: 1 } })),
    ],
    'counts each heartbeat': [
      'revision',
      answering(['heartbeat'], (body) => ({ ...body, revision: 7 + count++ })),
    ],
    'counts in letters': [
      'session-shape',
      answering(['validate'], (body) => ({ ...body, session: { ...sessionOf(body), revision: 'a' } })),
    ],
    'refuses in its own words': [
      'problems',
      { answer: (reply) => (reply.status >= 400 ? json(reply.status, { error: 'no' }) : reply) },
    ],
    'says another status in the problem': [
      'problems',
      {
        answer: (reply) =>
          reply.status >= 400 ? changed(reply, (body) => ({ ...body, status: 400.5 })) : reply,
      },
    ],
    'extends without a key': [
      'extend-needs-key',
      { ask: (exchange) => ({ ...exchange, headers: { [key]: crypto.randomUUID(), ...exchange.headers } }) },
    ],
    'extends once more for each retry': [
      'extend-once-per-key',
      {
        ask: (exchange) =>
          exchange.headers[key] === undefined
            ? exchange
            : { ...exchange, headers: { ...exchange.headers, [key]: crypto.randomUUID() } },
      },
    ],
    'does not compare the body with the key': [
      'key-of-another-request',
      {
        answer: (reply, exchange) =>
          isTo(exchange, 'extend') && reply.body.includes('IDEMPOTENCY_KEY_REUSED') ? json(200, {}) : reply,
      },
    ],
    'charges whatever it likes': [
      'price-as-shown',
      {
        ask(exchange) {
          if (!isTo(exchange, 'extend')) return exchange;
          const { tokens_to_deduct, ...body } = JSON.parse(exchange.body!) as Json;
          void tokens_to_deduct;
          return { ...exchange, body: JSON.stringify(body) };
        },
      },
    ],
    'does not know renew': [
      'renew',
      { instead: (exchange) => (isTo(exchange, 'renew') ? json(404, {}) : undefined) },
    ],
    'keeps no history': [
      'extensions',
      {
        answer: (reply, { path }) =>
          path.endsWith('/extensions') ? changed(reply, (body) => ({ ...body, extensions: [] })) : reply,
      },
    ],
    'goes on counting in a pause': [
      'pause-and-resume',
      answering(['pause'], (body) => ({
        ...body,
        session: { ...sessionOf(body), expires_at: Math.floor(Date.now() / 1000) + 600 },
      })),
    ],
    'says that somebody else has paused': [
      'pause-and-resume',
      answering(['pause'], (body) => ({ ...body, session: { ...sessionOf(body), paused_by: 'provider' } })),
    ],
    'forgets that nobody has paused any more': [
      'pause-and-resume',
      answering(['resume'], (body) => ({ ...body, session: { ...sessionOf(body), paused_by: 'customer' } })),
    ],
    'names a person who has paused': [
      'session-shape',
      answering(['validate'], (body) => ({ ...body, session: { ...sessionOf(body), paused_by: 'Ada' } })),
    ],
    'pauses twice': [
      'pause-and-resume',
      {
        answer: (reply, exchange) =>
          isTo(exchange, 'pause') && reply.status === 409 ? json(200, {}) : reply,
      },
    ],
    'loses tokens at the end': [
      'settlement',
      answering(['complete'], (body) => ({ ...body, tokens_refunded: (body.tokens_refunded as number) - 1 })),
    ],
    'has no events': [
      'events',
      { instead: ({ path }) => (path.endsWith('/events') ? json(404, {}) : undefined) },
    ],
    'forgets where a stream broke': [
      'events-resume',
      {
        ask(exchange) {
          const { 'last-event-id': lastId, ...headers } = exchange.headers;
          void lastId;
          return { ...exchange, headers };
        },
      },
    ],
    'publishes other keys': [
      'keys',
      { answer: (reply, { path }) => (path.endsWith('/jwks.json') ? json(200, { keys: [] }) : reply) },
    ],
    'publishes a private key': [
      'keys',
      {
        answer: (reply, { path }) =>
          path.endsWith('/jwks.json')
            ? changed(reply, (body) => ({
                keys: (body.keys as Json[]).map((one) => ({ ...one, d: 'secret' })),
              }))
            : reply,
      },
    ],
    'tells nobody who has come': [
      'presence-joined',
      { event: (text) => (text.includes('event: participant.joined') ? undefined : text) },
    ],
    'tells each side of itself': [
      'presence-joined',
      {
        event: (text) =>
          text.includes('event: participant.joined')
            ? `${text}\n\n${text.replace('"customer"', '"provider"')}`
            : text,
      },
    ],
    'says in no snapshot who is there': [
      'presence-joined',
      { event: (text) => text.replace('"presence":', '"absence":') },
    ],
    'calls everybody a customer': [
      'presence-joined',
      { event: (text) => text.replaceAll('"participant":"provider"', '"participant":"customer"') },
    ],
    'lets the time run before the start': [
      'waiting-starts',
      answering(['heartbeat'], (body) => ({
        ...body,
        remaining_seconds: (body.remaining_seconds as number) - 1,
      })),
    ],
    'starts it anew each time': [
      'waiting-starts',
      answering(['start'], (body) => ({
        ...body,
        session: { ...sessionOf(body), expires_at: (sessionOf(body).expires_at as number) + (count += 1) },
      })),
    ],
    'keeps a part of what never started': [
      'waiting-cancelled',
      answering(['cancel'], (body) => ({ ...body, session: { ...sessionOf(body), tokens_refunded: 1 } })),
    ],
    'charges for a wait that ran out': [
      'waiting-runs-out',
      {
        answer: (reply, { method, path }) =>
          method === 'GET' && /sessions\/[^/]+$/.test(path) && good(reply)
            ? changed(reply, (body) => ({ ...body, session: { ...sessionOf(body), final_cost: 1 } }))
            : reply,
      },
    ],
    'gives a role that is not of the side': [
      'presence-joined',
      { event: (text) => text.replaceAll('"role":"customer"', '"role":"helper"') },
    ],
    'names a role without a person': [
      'presence-joined',
      { event: (text) => text.replaceAll('"participant_id":', '"person":') },
    ],
    'takes a page that is loaded again for a lost one': [
      'presence-lost-and-back',
      {
        event: (text) => (text.includes('event: session.extended') ? `${lost}\n\n${text}` : text),
      },
    ],
    'never says that somebody is lost': [
      'presence-lost-and-back',
      { event: (text) => text.replaceAll('participant.lost', 'participant.unseen') },
    ],
    'takes each return for a first coming': [
      'presence-lost-and-back',
      { event: (text) => text.replaceAll('participant.back', 'participant.joined') },
    ],
    'replays changes only, not who was there': [
      'presence-lost-and-back',
      {
        event: (text, { headers }) =>
          headers['last-event-id'] && text.includes('event: participant') ? undefined : text,
      },
    ],
  };
  for (const [name, [row, fault]] of Object.entries(faults)) {
    test(`catches a backend that ${name}, by the row ${row}`, async () => {
      const backend = await FaultyBackend.start(service.url, fault);
      try {
        const [result] = await run('full', backend.url, row);
        assert.equal(result!.name, row);
        assert.ok(result!.failure, 'it holds all the same');
        assert.doesNotMatch(result!.failure, /could not be made/);
      } finally {
        await backend.stop();
      }
    });
  }

  test('skips what waits where the run cannot sell one, and says so', async () => {
    for (const { name } of waiting)
      for await (const { failure, skipped } of runConformance({ url: api, set: 'full', sell, only: name })) {
        assert.equal(failure, null);
        assert.match(skipped!, /--application-id/);
      }
  });

  test('tells every fault of a row, not the first one only', async () => {
    const wrong = answering(['validate'], (body) => ({
      ...body,
      valid: 1,
      remaining_seconds: '600',
      session: { ...sessionOf(body), status: 'ACTIVE', expires_at: 1_767_225_600_000 },
    }));
    const backend = await FaultyBackend.start(service.url, wrong);
    const [result] = await run('smaller', backend.url, 'validate');
    await backend.stop();
    for (const member of ['answer.valid', 'answer.remaining_seconds', 'session.status', 'session.expires_at'])
      assert.match(result!.failure!, new RegExp(member));
  });

  test('shows what is no JSON as it came, without session tokens', async () => {
    const html = `<h1>Internal Server Error</h1>\n<pre>at validate ${await sell()}</pre>`;
    const broken: Fault = {
      instead: ({ path }) =>
        path.endsWith('/validate')
          ? { status: 500, headers: { 'content-type': 'text/html' }, body: html }
          : undefined,
    };
    const backend = await FaultyBackend.start(service.url, broken);
    const [result] = await run('smaller', backend.url, 'validate');
    await backend.stop();
    assert.match(
      result!.failure!,
      /answers 500 <h1>Internal Server Error<\/h1> <pre>at validate \.\.\.<\/pre>$/,
    );
  });

  test('every row is shown to catch something', () => {
    const caught = new Set(Object.values(faults).map(([row]) => row));
    assert.deepEqual(
      names.full.filter((name) => !caught.has(name)),
      [],
    );
  });

  const command = (args: string[], secretKey = application.secretKey) =>
    new Promise<{ code: number; output: string }>((resolve) => {
      const env = { ...process.env, MARKETPLACE_SECRET_KEY: secretKey };
      const all = [...nodeFlags, programOf('src/cli.ts'), 'conformance', ...args];
      execFile(process.execPath, all, { env }, (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
      );
    });

  test('as a command says in one sentence that nobody is there, or that nothing is sold', async () => {
    const gone = await FaultyBackend.start(service.url, {});
    const { url: address } = gone;
    await gone.stop();
    const sale = ['--application-id', application.id, '--user-id', userId];
    const nobody = await command(['--url', address, '--set', 'smaller', ...sale]);
    assert.equal(nobody.code, 1);
    assert.match(
      nobody.output,
      /^Nothing was looked at: nobody answers at http:\S+: [^\n]*ECONNREFUSED[^\n]*\n$/,
    );
    const refused = await command(['--url', api, '--set', 'smaller', ...sale], 'sk_test_wrong');
    assert.equal(refused.code, 1);
    assert.match(refused.output, /^Nothing was looked at: no session can be sold: [^\n]*401[^\n]*\n$/);
  });

  test('as a command tells row by row, and exits with 0 or 1', async () => {
    const sale = ['--application-id', application.id, '--user-id', userId];
    const right = await command(['--url', api, '--set', 'smaller', ...sale]);
    assert.equal(right.code, 0, right.output);
    assert.match(right.output, /^ok {4}validate$/m);
    assert.match(right.output, /rows of the smaller set hold$/m);
    const backend = await FaultyBackend.start(service.url, faults['bills twice']![1]);
    const wrong = await command(['--url', backend.url, '--set', 'smaller', ...sale]);
    await backend.stop();
    assert.equal(wrong.code, 1);
    assert.match(wrong.output, /^FAIL {2}complete-twice\n +asked for: .*\n +but: +the first bill was/m);
    const token = await sell();
    const own = await command(['--url', api, '--set', 'smaller', '--token-command', `echo ${token}`], '');
    // One session for all rows: what ends it in one row fails the others, and is said.
    assert.match(own.output, /^ok {4}validate$/m);
    assert.equal(own.code, 1);
    for (const args of [[], ['--url', 'x'], ['--url', api], ['--url', api, '--set', 'huge', ...sale]])
      assert.equal((await command(args)).code, 1, args.join(' '));
  });
});
