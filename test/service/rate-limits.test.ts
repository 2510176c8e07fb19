import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { after, before, describe, test } from 'node:test';
import type { Problem } from '../../src/protocol/api.js';
import { serve } from '../../src/service/index.js';
import { clientAddress } from '../../src/service/node/client-address.js';
import { describeOnOneDatabase } from './databases.js';
import { startTestService, type TestApplication, type TestService } from './fixtures.js';
import { assertProblem } from './openapi/answers.js';
import { TestClock } from './test-clock.js';

const rateLimits = { session: 5, application: 8, address: 4 };

describeOnOneDatabase('Rate limits', (source) => {
  // In the middle of a minute.
  const clock = new TestClock(Date.UTC(2026, 0, 1, 0, 0, 30));
  let service: TestService;
  let application: TestApplication;
  let userId: string;
  before(async () => {
    const { now, timer } = clock;
    service = await startTestService({ database: await source.create(), now, timer, rateLimits });
    application = await service.createApplication();
    userId = await service.createCustomer(100_000);
  });
  after(() => service.close());

  const newSession = async () => {
    const { session, session_token: as } = await service.createSession(application, userId);
    return () => service.call<Problem>('GET', `/sessions/${session.id}`, { as });
  };

  test('hold for each session, tell what is left, and are over with the minute', async () => {
    const [one, other] = [await newSession(), await newSession()];
    for (let left = 4; left >= 0; left--) {
      const { status, headers } = await one();
      assert.equal(status, 200);
      assert.equal(headers.get('ratelimit-policy'), '"session";q=5;w=60');
      assert.equal(headers.get('ratelimit'), `"session";r=${left};t=30`);
    }
    const refused = await one();
    assert.deepEqual([refused.status, refused.body.code], [429, 'RATE_LIMITED']);
    assert.equal(refused.headers.get('retry-after'), '30');
    assert.equal(refused.headers.get('ratelimit'), '"session";r=0;t=30');
    assert.equal((await other()).status, 200, 'another session is not touched');
    clock.advance(29);
    assert.equal((await one()).headers.get('retry-after'), '1');
    clock.advance(1);
    assert.equal((await one()).status, 200);
  });

  test('hold for each application, and for no operator unless it is said', async () => {
    clock.advance(60);
    const list = (as?: string) => service.call('GET', '/sessions', { ...(as && { as }) });
    const other = await service.createApplication();
    for (let i = 0; i < 8; i++) assert.equal((await list(application.secretKey)).status, 200);
    assert.equal((await list(application.secretKey)).status, 429);
    assert.equal((await list(other.secretKey)).status, 200);
    for (let i = 0; i < 20; i++) {
      const { status, headers } = await list();
      assert.deepEqual([status, headers.get('ratelimit')], [200, null]);
    }
  });

  test('hold for an address, before anything else is looked at', async () => {
    clock.advance(60);
    const ask = (clientAddress: string | undefined, path = '/keys/public') =>
      service.service.fetch(new Request(service.url + path), { clientAddress });
    for (let i = 0; i < 4; i++) assert.equal((await ask('192.0.2.1', '/sessions')).status, 401);
    const refused = await ask('192.0.2.1', '/sessions');
    assertProblem({ status: refused.status, headers: refused.headers, text: await refused.text() });
    assert.equal(refused.status, 429, 'whoever guesses keys is slowed down');
    assert.equal((await ask('192.0.2.2')).status, 200);
    for (let i = 0; i < 6; i++) assert.equal((await ask(undefined)).status, 200);
  });

  test('are not used up by those who watch the service', async () => {
    clock.advance(60);
    for (const path of ['/healthz', '/readyz']) {
      for (let i = 0; i < 6; i++) {
        const request = new Request(service.url + path);
        assert.equal((await service.service.fetch(request, { clientAddress: '192.0.2.3' })).status, 200);
      }
    }
  });
});

describeOnOneDatabase('Rate limits of several instances', (source) => {
  test('are one limit: what one has counted the others know within a second', async () => {
    if (source.kind === 'PGlite') return;
    const clock = new TestClock(Date.UTC(2026, 0, 1, 0, 0, 30));
    const { now, timer } = clock;
    const database = await source.create();
    const limits = { session: 20 };
    const instances = await Promise.all(
      Array.from({ length: 3 }, () => startTestService({ database, now, timer, rateLimits: limits })),
    );
    try {
      const [one] = instances as [TestService, ...TestService[]];
      const application = await one.createApplication();
      const { session, session_token: as } = await one.createSession(
        application,
        await one.createCustomer(1000),
      );
      const ask = ({ call }: TestService) => call('GET', `/sessions/${session.id}`, { as });
      let allowed = 0;
      for (let second = 0; second < 20; second++) {
        for (const instance of instances) if ((await ask(instance)).status === 200) allowed += 1;
        clock.advance(1);
        // The statement that adds them up is under way.
        await one.database.kysely.selectFrom('rate_counts').selectAll().execute();
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      assert.ok(allowed >= 20 && allowed <= 20 + 2 * instances.length, `${allowed} of 60 were let through`);
      const { rows } = await rowsOf(one);
      assert.deepEqual(rows, [`session:${session.id}`], 'only who came near a limit is told of');
    } finally {
      for (const instance of instances) await instance.close();
    }
  });
});

async function rowsOf({ database }: TestService) {
  const rows = await database.kysely.selectFrom('rate_counts').select('key').execute();
  return { rows: rows.map(({ key }) => key) };
}

test('Nobody who opens twenty tabs, loads them all again and works in them comes near a limit', async () => {
  const clock = new TestClock(Date.UTC(2026, 0, 1));
  const { now, timer } = clock;
  const service = await startTestService({ now, timer });
  try {
    const application = await service.createApplication();
    const { session, session_token: as } = await service.createSession(
      application,
      await service.createCustomer(100_000),
    );
    const path = `/sessions/${session.id}`;
    const ask = async (method: string, target: string, body?: object) => {
      const init = {
        method,
        headers: {
          Authorization: `Bearer ${as}`,
          'Idempotency-Key': crypto.randomUUID(),
          ...(body && { 'Content-Type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
      };
      const response = await service.service.fetch(new Request(service.url + target, init), {
        clientAddress: '192.0.2.1',
      });
      await response.body?.cancel();
      assert.equal(response.status, 200);
      return Number(/r=(\d+)/.exec(response.headers.get('ratelimit')!)![1]);
    };
    let left = Infinity;
    for (const load of ['first', 'again']) {
      for (let tab = 0; tab < 20; tab++) {
        left = Math.min(left, await ask('POST', '/sessions/validate', { session_jwt: as }));
        left = Math.min(left, await ask('GET', `${path}/extensions`));
        // One tab leads; without locks and a channel each would.
        left = Math.min(left, await ask('GET', `${path}/events`));
        left = Math.min(
          left,
          await ask('POST', `${path}/heartbeat`, { timestamp: 0, active: load === 'first' }),
        );
      }
    }
    for (const action of ['pause', 'resume']) left = Math.min(left, await ask('POST', `${path}/${action}`));
    left = Math.min(left, await ask('POST', `${path}/extend`, { additional_seconds: 900 }));
    assert.ok(left > 100, `${left} requests are left`);
  } finally {
    await service.close();
  }
});

describe('The address of a client', () => {
  const of = (remoteAddress: string, forwarded: string | undefined, trustedProxies: number) =>
    clientAddress({ socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } }, trustedProxies);
  const rows: [string, string, string | undefined, number, string | undefined][] = [
    ['is who connects', '192.0.2.7', undefined, 0, '192.0.2.7'],
    ['is never what anybody writes', '192.0.2.7', '198.51.100.1', 0, '192.0.2.7'],
    ['is the same in the mapped spelling', '::ffff:192.0.2.7', undefined, 0, '192.0.2.7'],
    ['is of IPv6 the network', '2001:db8:1:2:3::4', undefined, 0, '2001:db8:1:2::/64'],
    ['is of IPv6 the network, however short it is written', '2001:db8::4', undefined, 0, '2001:db8:0:0::/64'],
    ['is not a proxy that nobody named', '10.1.2.3', '198.51.100.1', 0, undefined],
    ['is not this machine', '127.0.0.1', undefined, 0, undefined],
    ['is not a link-local one', 'fe80::1%eth0', undefined, 0, undefined],
    ['is what the proxy saw', '10.1.2.3', '203.0.113.9, 198.51.100.1', 1, '198.51.100.1'],
    ['is what the outer of two proxies saw', '10.1.2.3', 'x, 203.0.113.9, 10.9.9.9', 2, '203.0.113.9'],
    ['is not known where a proxy is missing', '10.1.2.3', undefined, 1, undefined],
    ['is not known where what it saw is none', '10.1.2.3', 'unknown', 1, undefined],
    ['is not known where there are fewer than were named', '10.1.2.3', '203.0.113.9', 2, undefined],
  ];
  for (const [title, peer, forwarded, proxies, expected] of rows) {
    test(title, () => assert.equal(of(peer, forwarded, proxies), expected));
  }

  test('counts in a server behind a proxy', async () => {
    const service = await startTestService({ rateLimits: { address: 2 } });
    const server = await serve(service.service, { port: 0, trustedProxies: 1 });
    const ask = (forwarded: string) =>
      new Promise<number>((resolve, reject) => {
        const headers = { 'X-Forwarded-For': forwarded };
        httpRequest(`${server.url}/keys/public`, { headers }, (response) =>
          resolve(response.resume().statusCode!),
        )
          .on('error', reject)
          .end();
      });
    try {
      for (const status of [200, 200, 429]) assert.equal(await ask('9.9.9.9, 192.0.2.1'), status);
      assert.equal(await ask('192.0.2.1, 192.0.2.2'), 200);
    } finally {
      await server.close();
      await service.close();
    }
  });
});
