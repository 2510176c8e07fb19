// What a provider sets up by itself: addresses, prices and keys of its applications, and whether their pages work.
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { grantable } from '../../src/service/features/access-tokens/subjects.js';
import { describeOnOneDatabase } from './databases.js';
import {
  expectOk,
  startTestService,
  until,
  type Json,
  type TestApplication,
  type TestService,
} from './fixtures.js';
import { TestClock } from './test-clock.js';

interface Report {
  ready: boolean;
  checks: { id: string; skipped: string | null; findings: { cause: string; values: Json }[] }[];
  code?: string;
  detail?: string;
}

describeOnOneDatabase('Installations', (source) => {
  const clock = new TestClock(Date.now());
  let service: TestService;
  let pages: Server;
  let origin: string;
  let live: TestApplication;
  let tests: TestApplication;
  let member: string;
  /** What the page answers, by its path. */
  let answer: (path: string) => { status?: number; headers?: Record<string, string>; body?: string };
  const asked: string[] = [];

  before(async () => {
    pages = createServer((request, response) => {
      asked.push(request.url!);
      const { status = 200, headers = {}, body = '' } = answer(request.url!);
      response.writeHead(status, { 'Content-Type': 'text/html', ...headers }).end(body);
    });
    await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
    origin = `http://localhost:${(pages.address() as AddressInfo).port}`;
    service = await startTestService({
      database: await source.create(),
      now: clock.now,
      timer: clock.timer,
      publicUrl: 'http://localhost:1',
      webhooks: { lookup: async (name) => [name === 'metadata.example' ? '169.254.169.254' : '127.0.0.1'] },
    });
    const fields = { launch_url: `${origin}/`, allowed_origins: [origin] };
    live = await service.createApplication(fields);
    tests = await service.createApplication({ ...fields, environment: 'test' });
    const body = { subject: { kind: 'member', id: 'mo' }, scope: grantable.member };
    member = expectOk(
      await service.call<{ access_token: string }>('POST', '/access-tokens', { as: live.secretKey, body }),
    ).access_token;
  });
  after(async () => {
    await service.close();
    pages.closeAllConnections();
    pages.close();
  });

  const change = (id: string, body: Json, as = member) =>
    service.call('PATCH', `/applications/${id}`, { as, body });
  const check = (id: string, body?: Json) => {
    // Ten visits a minute.
    clock.advance(7);
    return service.call<Report>('POST', `/applications/${id}/checks`, { as: member, ...(body && { body }) });
  };
  const causesOf = ({ checks }: Report) =>
    checks.flatMap(({ findings }) => findings.map(({ cause }) => cause));
  const tag = (endpoint = 'http://localhost:1/api/v1') =>
    `<!doctype html><title>x</title><meta name="referrer" content="no-referrer"><marketplace-session api-endpoint="${endpoint}"></marketplace-session>`;

  test('a member sets addresses and prices, and nothing that is the marketplace’s to say', async () => {
    const changed = expectOk(await change(tests.id, { tokens_per_minute: 12, return_origins: [origin] }));
    assert.deepEqual([changed.tokens_per_minute, changed.mode], [12, 'test']);
    for (const body of [
      { customer_operations: ['read_wallet'] },
      { top_up_url: null },
      { proof_of_possession: 'off' },
    ]) {
      const refused = await change(tests.id, { name: 'Other', ...body });
      assert.deepEqual([refused.status, refused.body.code], [403, 'CREDENTIAL_INSUFFICIENT']);
    }
    assert.notEqual((await service.call('GET', `/applications/${tests.id}`)).body.name, 'Other');
    const foreign = await service.createApplication({ provider_id: 'somebody-else' });
    assert.equal((await change(foreign.id, { name: 'Mine' })).body.code, 'APPLICATION_NOT_FOUND');
    const other = await change(live.id, { name: 'Mine' }, tests.secretKey);
    assert.equal(other.body.code, 'APPLICATION_NOT_FOUND', 'a secret key is of one application');
  });

  test('a key fits the mode of its application, and a provider makes those of tests alone', async () => {
    const roll = (id: string, as: string, body?: Json) =>
      service.call<{ secret_key: string; code?: string }>('POST', `/applications/${id}/secret-key`, {
        as,
        ...(body && { body }),
      });
    const { secret_key } = expectOk(await roll(tests.id, member));
    assert.match(secret_key, /^sk_test_/);
    assert.equal((await roll(live.id, member)).body.code, 'CREDENTIAL_INSUFFICIENT');
    assert.equal((await roll(tests.id, member, { environment: 'live' })).body.code, 'REQUEST_INVALID');
    const read = async (as: string) =>
      (await service.call('GET', `/applications/${tests.id}`, { as })).body.code ?? 'accepted';
    assert.equal(await read(secret_key), 'accepted');
    // Another prefix makes another key.
    assert.equal(await read(secret_key.replace('sk_test_', 'sk_live_')), 'CREDENTIAL_INVALID');
    const { kysely } = service.database;
    await kysely.updateTable('applications').set({ mode: 'live' }).where('id', '=', tests.id).execute();
    assert.equal(await read(secret_key), 'CREDENTIAL_INVALID', 'though its hash is known');
    // One of before modes: both count, until its next key says which.
    await kysely.updateTable('applications').set({ mode: null }).where('id', '=', tests.id).execute();
    assert.equal(await read(secret_key), 'accepted');
    expectOk(
      await service.call('POST', `/applications/${tests.id}/secret-key`, { body: { environment: 'test' } }),
    );
    assert.equal((await service.call('GET', `/applications/${tests.id}`)).body.mode, 'test');
  });

  test('the page is visited where it is registered, and what is wrong has a name', async () => {
    answer = () => ({ body: tag(), headers: { 'Content-Security-Policy': "connect-src 'self'" } });
    const report = expectOk(await check(tests.id));
    assert.equal(report.ready, false);
    assert.ok(causesOf(report).includes('policy-refuses-service'), causesOf(report).join());
    answer = () => ({ body: tag('https://elsewhere.example/api/v1') });
    const elsewhere = expectOk(await check(tests.id));
    assert.ok(causesOf(elsewhere).includes('endpoint-differs'));
    assert.match(elsewhere.checks.find(({ id }) => id === 'service')!.skipped!, /another service/);
    // A redirect to an origin that is not registered.
    const www = origin.replace('localhost', '127.0.0.1');
    answer = (path) =>
      path.startsWith('/moved') ? { body: tag() } : { status: 302, headers: { Location: `${www}/moved` } };
    const moved = expectOk(await check(tests.id));
    const [found] = moved.checks
      .flatMap(({ findings }) => findings)
      .filter(({ cause }) => cause === 'origin-not-registered');
    assert.equal(found?.values.origin, www);
  });

  test('nothing else is visited: no other origin, no private network, and no more than ten a minute', async () => {
    const refusals: [string, Json | undefined, RegExp][] = [
      [tests.id, { page_url: 'http://localhost:9/' }, /not registered/],
      [live.id, undefined, /address_not_public/],
    ];
    for (const [id, body, why] of refusals) {
      const { body: refused } = await check(id, body);
      assert.equal(refused.code, 'PAGE_NOT_VISITED');
      assert.match(refused.detail!, why);
    }
    expectOk(await change(tests.id, { allowed_origins: [origin, 'https://metadata.example'] }));
    const private_ = await check(tests.id, { page_url: 'https://metadata.example/latest' });
    assert.match(private_.body.detail!, /address_not_public/);
    // Neither where a page leads there.
    answer = () => ({ status: 302, headers: { Location: 'http://169.254.169.254/latest/meta-data' } });
    assert.ok(causesOf(expectOk(await check(tests.id))).includes('page-unreachable'));
    answer = () => ({
      body: `<script type="module" src="http://169.254.169.254/marketplace-session.js"></script>${tag()}`,
    });
    assert.ok(causesOf(expectOk(await check(tests.id))).includes('script-unreachable'));
    const codes = new Set<string | undefined>();
    for (let i = 0; i < 12; i += 1)
      codes.add(
        (await service.call<Report>('POST', `/applications/${tests.id}/checks`, { as: member })).body.code,
      );
    assert.ok(codes.has('RATE_LIMITED'));
  });

  test('a rehearsal costs nobody anything, and its time passes at once', async () => {
    const rehearse = (id: string, key = crypto.randomUUID()) =>
      service.call<{ session: { id: string; expires_at: number }; launch_url: string; code?: string }>(
        'POST',
        `/applications/${id}/rehearsals`,
        { as: member, headers: { 'Idempotency-Key': key } },
      );
    assert.equal((await rehearse(live.id)).body.code, 'REHEARSAL_IMPOSSIBLE');
    const once = crypto.randomUUID();
    const first = expectOk(await rehearse(tests.id, once));
    assert.equal(expectOk(await rehearse(tests.id, once)).session.id, first.session.id);
    assert.ok(first.launch_url.startsWith(`${origin}/?session=`));
    const path = `/sessions/${first.session.id}`;
    const pass = (remaining_seconds: number, on = path) =>
      service.call<{ session: Json; code?: string }>('POST', `${on}/fast-forward`, {
        as: member,
        body: { remaining_seconds },
      });
    const { session } = expectOk(await pass(20));
    assert.equal(session.expires_at, Math.floor(clock.now() / 1000) + 20);
    // What is left stays where more was asked for.
    assert.equal(expectOk(await pass(300)).session.expires_at, session.expires_at);
    clock.advance(21);
    const read = async () =>
      expectOk(await service.call<{ session: Json }>('GET', path, { as: member })).session;
    await until(async () => (await read()).status === 'expired');
    const ended = await read();
    assert.deepEqual([ended.used_seconds, ended.final_cost], [600, 120]);
    assert.equal((await pass(0)).body.code, 'SESSION_ENDED');
    const { body } = await service.call<{ wallet: Json }>('GET', `/customers/rehearsal-${tests.id}`);
    assert.deepEqual([body.wallet.available, body.wallet.held], [0, 0]);
    // The time of what somebody paid for passes by itself.
    const sold = await service.createSession(live, await service.createCustomer(9000));
    assert.equal((await pass(0, `/sessions/${sold.session.id}`)).body.code, 'REHEARSAL_IMPOSSIBLE');
  });
});
