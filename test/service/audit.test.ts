import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { describeOnEachDatabase } from './databases.js';
import { expectOk, operatorKey, startTestService, type Json, type TestService } from './fixtures.js';
import { fittingRequest } from './openapi/arbitrary-request.js';
import { readOperations } from './openapi/operations.js';
import { seedTenant } from './openapi/seed-tenant.js';
import { send } from './openapi/send.js';
import { TestClock } from './test-clock.js';

interface Entry {
  id: string;
  actor: string;
  action: string;
  subject: string;
  fields: string[];
  address: string | null;
  request_id: string;
  created_at: number;
}

/** They change nothing that anybody would ask about. */
const unremarkable = /\/(heartbeat|validate)$/;

describeOnEachDatabase('The audit trail', (source) => {
  const clock = new TestClock(Date.now());
  let service: TestService;
  before(async () => {
    const { now, timer } = clock;
    service = await startTestService({ database: await source.create(), now, timer });
  });
  after(() => service.close());

  const read = async (query = '') =>
    expectOk(
      await service.call<{ entries: Entry[]; next_cursor: string | null }>('GET', `/audit-entries${query}`),
    );

  test('tells who changed what when, with the names of the fields and none of their values', async () => {
    const application = await service.createApplication({ id: 'audited' });
    const userId = await service.createCustomer(0);
    clock.advance(1);
    const credit = { tokens: 4711, reference: 'invoice-1' };
    const answer = await service.call('POST', `/customers/${userId}/credits`, { body: credit });
    clock.advance(1);
    const { session, session_token: as } = await service.createSession(application, userId);
    clock.advance(1);
    await service.call('POST', `/sessions/${session.id}/end`, { as });
    const [end, sale, credited, ...others] = (await read()).entries;
    const bare = ({ actor, action, subject, fields }: Entry) => ({ actor, action, subject, fields });
    assert.deepEqual(bare(end!), {
      actor: `session:${session.id}`,
      action: 'POST /sessions/{id}/end',
      subject: `/sessions/${session.id}`.concat('/end'),
      fields: [],
    });
    assert.deepEqual(bare(sale!), {
      actor: 'application:audited',
      action: 'POST /sessions',
      subject: `/sessions/${session.id}`,
      fields: ['application_id', 'user_id', 'duration_seconds', 'return_url'],
    });
    assert.deepEqual(bare(credited!), {
      actor: 'operator',
      action: 'POST /customers/{id}/credits',
      subject: `/customers/${userId}/credits`,
      fields: ['tokens', 'reference'],
    });
    assert.equal(credited!.request_id, answer.headers.get('x-request-id'));
    assert.equal(end!.created_at, Math.floor(clock.now() / 1000));
    assert.ok(others.some(({ subject }) => subject === '/applications/audited'));
    assert.ok(!JSON.stringify([end, sale, credited]).includes('4711'));
  });

  test('keeps where a change came from, where that is known', async () => {
    const request = new Request(`${service.url}/customers`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${operatorKey}`, 'Content-Type': 'application/json' },
      body: '{"id":"from-afar"}',
    });
    assert.equal((await service.service.fetch(request, { clientAddress: '192.0.2.1' })).status, 201);
    const { entries } = await read('?subject=/customers/from-afar');
    assert.deepEqual(
      entries.map(({ address }) => address),
      ['192.0.2.1'],
    );
  });

  test('is read page by page, and by actor', async () => {
    const whole = (await read('?limit=100')).entries.map(({ id }) => id);
    const paged: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Awaited<ReturnType<typeof read>> = await read(`?limit=2${cursor && `&cursor=${cursor}`}`);
      paged.push(...page.entries.map(({ id }) => id));
      cursor = page.next_cursor;
    }
    assert.deepEqual(paged, whole);
    const { entries } = await read('?actor=application:audited');
    assert.ok(entries.length > 0 && entries.every(({ actor }) => actor === 'application:audited'));
  });

  test('has one entry for each change by any route, none for what was refused, and no secret', async (t) => {
    const operations = await readOperations(service);
    const secrets: string[] = [operatorKey];
    const count = async () =>
      (await service.database.kysely.selectFrom('audit_entries').select('id').execute()).length;
    for (const operation of operations.filter(
      ({ method, schemes }) => method !== 'GET' && schemes.length > 0,
    )) {
      await t.test(`${operation.method} ${operation.path}`, async () => {
        const { known, secretKey, token } = await seedTenant(service, operations);
        secrets.push(secretKey, token);
        for (const credential of [secretKey, operatorKey, 'nobody']) {
          for (const request of fc.sample(fittingRequest(operation, { ...known, session_jwt: [token] }), 3)) {
            const headers = { ...request.headers, Authorization: `Bearer ${credential}` };
            const before = await count();
            const { status, text } = await send(service, operation, { ...request, headers });
            const isKept = status < 300 && !unremarkable.test(operation.path);
            assert.equal((await count()) - before, isKept ? 1 : 0, `${status} ${text}`);
            for (const secret of Object.values(status < 300 && text ? (JSON.parse(text) as Json) : {}))
              if (/^(sk_|whsec_|eyJ)/.test(String(secret))) secrets.push(String(secret));
          }
        }
      });
    }
    const rows = JSON.stringify(
      await service.database.kysely.selectFrom('audit_entries').selectAll().execute(),
    );
    for (const secret of secrets) assert.ok(!rows.includes(secret));
  });
});

describe('An audit trail that cannot be written', () => {
  test('leaves the change answered, and itself in the log', async () => {
    const errors: string[] = [];
    const logger = {
      info() {},
      error: (message: string, fields?: object) => errors.push(message + JSON.stringify(fields)),
    };
    const service = await startTestService({ logger });
    await service.database.kysely.schema.alterTable('audit_entries').renameTo('elsewhere').execute();
    const answer = await service.call('POST', '/customers', { body: { id: 'kept' } });
    await service.close();
    assert.equal(answer.status, 201);
    assert.equal(errors.length, 1);
    assert.match(errors[0]!, /audit trail.*"subject":"\/customers\/kept"/);
  });
});
