// What looks almost right: it is refused with a reason, or means what the standard says.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { verifyWebhook, type WebhookHeaders } from '../../src/sdk/index.js';
import { newSecret, signedHeaders } from '../../src/service/features/webhooks/signature.js';
import { describeOnOneDatabase } from './databases.js';
import {
  expectOk,
  operatorKey,
  startTestService,
  type TestApplication,
  type TestService,
} from './fixtures.js';
import { TestBrowser } from './test-browser.js';
import { currentKey, decode, signParts } from './token-workshop.js';

describeOnOneDatabase('A request that is almost right', (source) => {
  let service: TestService;
  let application: TestApplication;
  before(async () => {
    service = await startTestService({ database: await source.create() });
    application = await service.createApplication();
  });
  after(() => service.close());
  const codeOf = async (method: string, path: string, call: Parameters<TestService['call']>[2] = {}) =>
    (await service.call(method, path, call)).body.code;

  test('with a member twice is refused before it moves anything', async () => {
    const id = await service.createCustomer(100);
    const credit = (body: string) => codeOf('POST', `/customers/${id}/credits`, { body });
    for (const body of [
      '{"tokens":1,"tokens":1000,"reference":"a"}',
      '{"tokens":1,"\\u0074okens":1000,"reference":"a"}',
      '{"tokens":1,"reference":"a","reference":"a"}',
    ])
      assert.equal(await credit(body), 'BODY_MEMBER_REPEATED', body);
    const sale = `{"application_id":"${application.id}","user_id":"${id}","duration_seconds":60,"metadata":{"a":"1","a":"2"}}`;
    const headers = { 'Idempotency-Key': crypto.randomUUID() };
    const as = application.secretKey;
    assert.equal(await codeOf('POST', '/sessions', { as, body: sale, headers }), 'BODY_MEMBER_REPEATED');
    const { body } = await service.call('GET', `/customers/${id}`);
    assert.deepEqual(body.wallet, { available: 100, held: 0 });
  });

  test('with a session token, rightly signed, whose id no database can hold is 401', async () => {
    const { session_token } = await service.createSession(application, await service.createCustomer(1000));
    const [header, claims] = session_token.split('.').slice(0, 2).map(decode) as [object, object];
    const { privateKey } = await currentKey(service.database);
    for (const jti of ['a\0b', 'a\ud800b']) {
      const as = signParts(privateKey, header, { ...claims, jti });
      assert.equal(await codeOf('GET', '/sessions/x', { as }), 'TOKEN_CLAIM_INVALID');
      const body = { session_jwt: as };
      assert.equal(await codeOf('POST', '/sessions/validate', { as: null, body }), 'TOKEN_CLAIM_INVALID');
    }
  });

  test('to make what no address can name is refused', async () => {
    for (const id of ['.', '..', '...']) {
      assert.equal(await codeOf('POST', '/customers', { body: { id } }), 'REQUEST_INVALID');
      assert.equal(await codeOf('POST', '/providers', { body: { id, name: 'x' } }), 'REQUEST_INVALID');
      const body = { id, provider_id: 'p', name: 'x', tokens_per_minute: 1 };
      assert.equal(await codeOf('POST', '/applications', { body }), 'REQUEST_INVALID');
    }
    for (const id of ['.a', 'a.', '..a']) {
      expectOk(await service.call('POST', '/customers', { body: { id: id + application.id } }));
      expectOk(await service.call('GET', `/customers/${id}${application.id}`));
    }
  });

  test('with an Idempotency-Key that is half a string is refused, and a whole one is its text', async () => {
    const { session } = await service.createSession(application, await service.createCustomer(1000));
    const extend = (key: string) =>
      service.call('POST', `/sessions/${session.id}/extend`, {
        as: application.secretKey,
        body: { additional_seconds: 900, tokens_to_deduct: 150 },
        headers: { 'Idempotency-Key': key },
      });
    for (const key of ['"abc', 'abc"', '"a"b"', '"', '""', '"a\\b"', '"a\\"', 'a"b'])
      assert.equal((await extend(key)).body.code, 'IDEMPOTENCY_KEY_INVALID', key);
    const first = expectOk(await extend('"a\\"b"')) as { expires_at: number };
    const again = await extend('"a\\"b"');
    assert.equal(first.expires_at, (again.body as typeof first).expires_at);
  });

  test('that comes again says that it is a replay', async () => {
    const userId = await service.createCustomer(1000);
    const sell = (duration_seconds = 60) =>
      service.call('POST', '/sessions', {
        as: application.secretKey,
        body: { application_id: application.id, user_id: userId, duration_seconds },
        headers: { 'Idempotency-Key': `order of ${userId}`.replaceAll(' ', '-') },
      });
    assert.equal((await sell()).headers.get('idempotent-replayed'), null);
    assert.equal((await sell()).headers.get('idempotent-replayed'), 'true');
    assert.equal((await sell(120)).headers.get('idempotent-replayed'), null, 'a refusal is no replay');
  });

  test('to change what somebody else has changed meanwhile is 412, wherever something is changed in part', async () => {
    const endpoint = expectOk(
      await service.call('POST', '/webhook-endpoints', {
        body: { provider_id: 'provider-1', url: 'http://app.example/', events: ['session.ended'] },
      }),
    );
    for (const [path, one, two] of [
      [`/applications/${application.id}`, { name: 'One' }, { name: 'Two' }],
      ['/providers/provider-1', { name: 'One' }, { name: 'Two' }],
      [`/webhook-endpoints/${String(endpoint.id)}`, { description: 'one' }, { description: 'two' }],
    ] as const) {
      const patch = (body: object, condition: string) =>
        service.call('PATCH', path, { body, headers: { 'If-Match': condition } });
      const read = await service.call('GET', path);
      const tag = read.headers.get('etag')!;
      assert.match(tag, /^"[\w-]+"$/, path);
      const changed = await patch(one, tag);
      assert.equal(changed.status, 200, path);
      const late = await patch(two, tag);
      assert.deepEqual([late.status, late.body.code], [412, 'PRECONDITION_FAILED'], path);
      const now = await service.call('GET', path);
      assert.equal(
        now.headers.get('etag'),
        changed.headers.get('etag'),
        'the answer of a change has the new tag',
      );
      assert.notEqual(changed.headers.get('etag'), tag);
      assert.deepEqual(now.body, changed.body);
      assert.equal((await patch({}, 'nonsense')).status, 412, path);
      assert.equal((await patch(two, `W/${now.headers.get('etag')}`)).status, 412, 'weak tags never match');
      assert.equal((await patch(two, `"other", ${now.headers.get('etag')}`)).status, 200, path);
      assert.equal((await patch(one, '*')).status, 200, path);
      const both = await Promise.all([
        service.call('GET', path).then(({ headers }) => patch(two, headers.get('etag')!)),
        service.call('GET', path).then(({ headers }) => patch({ ...one }, headers.get('etag')!)),
      ]);
      assert.ok(both.every(({ status }) => status === 200 || status === 412));
    }
  });

  test('and asks which methods there are is told, without an Origin too', async () => {
    const ask = async (path: string) => {
      const response = await fetch(service.url + path, { method: 'OPTIONS' });
      return [response.status, response.headers.get('allow')];
    };
    assert.deepEqual(await ask('/sessions/x'), [204, 'GET, HEAD, OPTIONS']);
    assert.deepEqual(await ask('/api/v1/customers/x/credits'), [204, 'OPTIONS, POST']);
    assert.equal((await ask('/nowhere'))[0], 404);
  });

  test('of another type is told which one is taken', async () => {
    const refused = async (method: string, path: string) => {
      const { status, headers } = await service.call(method, path, {
        body: 'a=b',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      });
      assert.equal(status, 415);
      return ['accept', 'accept-post', 'accept-patch'].map((name) => headers.get(name));
    };
    const json = 'application/json';
    assert.deepEqual(await refused('POST', '/customers'), [json, json, null]);
    assert.deepEqual(await refused('PATCH', '/providers/x'), [json, null, json]);
    assert.deepEqual(await refused('PUT', '/sessions/x/renew'), [json, null, null]);
  });

  test('to listen, with an empty Last-Event-ID, begins like one without', async () => {
    const { session } = await service.createSession(application, await service.createCustomer(1000));
    const abort = new AbortController();
    const response = await fetch(`${service.url}/sessions/${session.id}/events`, {
      headers: { Authorization: `Bearer ${operatorKey}`, 'Last-Event-ID': '' },
      signal: abort.signal,
    });
    assert.equal(response.status, 200);
    const reader = response.body!.getReader();
    let text = '';
    while (!text.includes('session.snapshot')) text += Buffer.from((await reader.read()).value!).toString();
    abort.abort();
  });

  test('for webhooks at a port of another protocol is refused', async () => {
    const codeAt = (url: string) =>
      codeOf('POST', '/webhook-endpoints', {
        body: { provider_id: 'ports', url, events: ['session.ended'] },
      });
    for (const port of [0, 22, 25, 6667])
      assert.equal(await codeAt(`https://other.example:${port}/`), 'WEBHOOK_TARGET_REFUSED', `${port}`);
  });

  test('with a proof for the same address in another spelling passes, and with blanks around it does not', async () => {
    const { session, session_token: token } = await service.createSession(
      application,
      await service.createCustomer(1000),
    );
    const browser = new TestBrowser(service);
    const validate = '/api/v1/sessions/validate';
    expectOk(await browser.call('POST', validate, token, { body: { jti: session.id } }));
    const path = `/api/v1/sessions/${session.id}`;
    const statusOf = async (htu: string) => {
      const proof = browser.proof('GET', path, token, { claims: { htu } });
      return (await browser.call('GET', path, token, { proof })).status;
    };
    const base = 'http://session.test';
    assert.equal(await statusOf(`${base}/api/v1/%73essions/${session.id}`), 200);
    assert.equal(await statusOf(`HTTP://Session.Test:80${path}?a=b#c`), 200);
    for (const htu of [
      `${base}${path}\n`,
      ` ${base}${path}`,
      `${base}${path}\t`,
      `${base}/api/v1/ses\nsions/${session.id}`,
      `${base}/api/v1\\sessions/${session.id}`,
      `${base}/api/v1/sessions%2f${session.id}`,
    ])
      assert.equal(await statusOf(htu), 401, JSON.stringify(htu));
  });
});

describe('A webhook that is almost right', () => {
  const secret = newSecret();
  const atMs = 1_767_225_600_000;
  const take = (text: string, change: object = {}) =>
    verifyWebhook(
      text,
      { ...signedHeaders([secret], 'msg_1', text, atMs), ...change } as WebhookHeaders,
      secret,
      { now: () => atMs },
    );
  const event = '{"type":"session.ended","data":{}}';
  const refused = { code: 'WEBHOOK_SIGNATURE_INVALID' };

  test('has a member twice', async () => {
    await take(event);
    await assert.rejects(take('{"type":"session.ended","type":"session.started","data":{}}'), refused);
    await assert.rejects(take('{"type":"session.ended","data":{"a":1,"\\u0061":2}}'), refused);
  });

  test('has a header that is null, or a number', async () => {
    for (const name of ['webhook-id', 'webhook-timestamp', 'webhook-signature'])
      for (const value of [null, undefined, 5, {}])
        await assert.rejects(take(event, { [name]: value }), refused);
  });

  test('has a signature without its padding, or with unused bits, or a time with a zero in front', async () => {
    const headers = signedHeaders([secret], 'msg_1', event, atMs) as Record<string, string>;
    const signature = headers['webhook-signature']!;
    await assert.rejects(take(event, { 'webhook-signature': signature.replace(/=$/, '') }), refused);
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    const last = letters[letters.indexOf(signature.at(-2)!) + 1]!;
    await assert.rejects(take(event, { 'webhook-signature': `${signature.slice(0, -2)}${last}=` }), refused);
    await assert.rejects(take(event, { 'webhook-timestamp': `0${headers['webhook-timestamp']}` }), refused);
  });
});
