import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { describeOnOneDatabase } from './databases.js';
import { expectOk, operatorKey, startTestService, until, type Json, type TestService } from './fixtures.js';
import { fittingRequest, severalOf } from './openapi/arbitrary-request.js';
import { readOperations, type Operation } from './openapi/operations.js';
import { helpRequestFor } from './openapi/seed-help.js';
import { issueAccessTokens, seedTenant } from './openapi/seed-tenant.js';
import { send } from './openapi/send.js';
import { RecordedWrites } from './recorded-writes.js';
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
const unremarkable = /\/(heartbeat|validate|read|signals|room|checks)$/;
const daySeconds = 86_400;
/** How many bodies are tried for each credential; the operator goes on until one is good. */
const minTries = 3;
const maxTries = 200;

describeOnOneDatabase('The audit trail', (source) => {
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
    const credit = { tokens: 471_108_152, reference: 'invoice-1' };
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
    assert.ok(!JSON.stringify([end, sale, credited]).includes('471108152'));
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

  describe('by any route', () => {
    let all: Operation[];
    let operations: Operation[];
    let writes: RecordedWrites;
    before(async () => {
      all = await readOperations(service);
      operations = all.filter(
        ({ method, path, schemes }) => method !== 'GET' && schemes.length > 0 && !unremarkable.test(path),
      );
      writes = await RecordedWrites.of(service.database);
    });

    /** What is asked of one operation, by those who may and by one who may not, until something was changed by it. */
    async function* requestsTo(operation: Operation, changed: ReadonlySet<Operation>) {
      // The next key has been published for long enough, and the sessions of before have ended.
      if (operation.path.endsWith('/keys/rotate')) clock.advance(daySeconds);
      const tenant = await seedTenant(service, all);
      const { known: seeded, secretKey, token } = tenant;
      const known: Record<string, readonly string[]> = { ...seeded };
      // What is done before a session starts is done to one that waits.
      if (/\/(start|cancel)$/.test(operation.path)) {
        const application = { id: known.application_id![0]!, secretKey };
        const waiting = { start: 'when_joined' };
        const { session } = await service.createSession(application, known.user_id![0]!, waiting);
        known['sessions/{id}'] = [session.id];
      }
      if (/\/(rehearsals|fast-forward)$/.test(operation.path)) {
        const fields = { provider_id: known.provider_id![0], environment: 'test' };
        const { id } = await service.createApplication(fields);
        const rehearsal = await service.call<{ session: { id: string } }>(
          'POST',
          `/applications/${id}/rehearsals`,
        );
        known['applications/{id}'] = [id];
        known['sessions/{id}'] = [expectOk(rehearsal).session.id];
      }
      const [, what] = /\/help-requests\/\{id\}\/(\w+)$/.exec(operation.path) ?? [];
      if (what !== undefined)
        known['help-requests/{id}'] = [await helpRequestFor(service, what, { secretKey, known })];
      // Whose access token there is, and whose session token.
      const subject_id = known['customers/{id}']!;
      const ofUser = { session_jwt: [token], subject_id, external_user_id: subject_id };
      await issueAccessTokens(service, tenant);
      const body = { external_user_id: subject_id[0], application_id: known.application_id![0] };
      await service.call('POST', '/session-tokens', { body });
      const fittingRequests = fittingRequest(operation, { ...known, ...ofUser });
      for (const credential of ['nobody', secretKey, operatorKey]) {
        const tries = credential === operatorKey ? maxTries : minTries;
        let count = 0;
        for (const request of severalOf(fittingRequests, tries)) {
          if (count >= minTries && changed.has(operation)) break;
          count += 1;
          const headers = { ...request.headers, Authorization: `Bearer ${credential}` };
          const session = `/sessions/${known['sessions/{id}']![0]}`;
          const subscription = `/subscriptions/${known['subscriptions/{id}']![0]}`;
          if (operation.path.endsWith('/resume'))
            for (const running of [session, subscription]) await service.call('POST', `${running}/pause`);
          if (operation.path.endsWith('/customers/{id}'))
            for (const over of [`${session}/end`, `/help-requests/${known['help-requests/{id}']![0]}/cancel`])
              await service.call('POST', over);
          await untilNothingIsDue();
          await writes.take();
          const body = operation.takesBytes ? request.body : sold(request.body);
          yield { request: { ...request, headers, body }, secrets: [secretKey, token] };
        }
      }
    }
    /** The same body with what the service sells, and a name that nobody has yet. */
    const sold = (body: string | undefined) => {
      if (body === undefined) return undefined;
      const offered = {
        additional_seconds: 900,
        additional_minutes: 15,
        tokens_to_deduct: 150,
        payment: 'tokens',
        scope: ['sessions.read'],
        start: 'when_joined',
        // None would end the session, which is a change by itself.
        remaining_seconds: 30,
      };
      const fields: Json = { ...offered, id: crypto.randomUUID() };
      const given = Object.entries(JSON.parse(body) as Json);
      return JSON.stringify(Object.fromEntries(given.map(([name, value]) => [name, fields[name] ?? value])));
    };
    const untilNothingIsDue = () =>
      until(async () => {
        const { kysely } = service.database;
        const dueOf = {
          // A warning comes due before the end does.
          sessions: kysely.selectFrom('sessions').select('id').where('act_at', '<=', clock.now()),
          requests: kysely.selectFrom('help_requests').select('id').where('due_at', '<=', clock.now()),
        };
        for (const due of Object.values(dueOf)) if ((await due.execute()).length > 0) return false;
        return true;
      });

    test('stands in the transaction of its change, and nowhere else; where none can be written nothing is changed', async (t) => {
      const { kysely } = service.database;
      await sql`create table refusals (reason text not null)`.execute(kysely);
      await sql`create function refuse_entry() returns trigger language plpgsql as $$ begin
        if exists (select from refusals) then raise exception 'no entry is taken'; end if;
        return new;
      end $$`.execute(kysely);
      await sql`create trigger refuse_entry before insert on audit_entries
        for each row execute function refuse_entry()`.execute(kysely);
      const secrets = [operatorKey];
      const changed = new Set<Operation>();
      for (const operation of operations) {
        await t.test(`${operation.method} ${operation.path}`, async () => {
          for await (const asked of requestsTo(operation, changed)) {
            secrets.push(...asked.secrets);
            await sql`insert into refusals values ('full')`.execute(kysely);
            const refused = await send(service, operation, asked.request);
            assert.deepEqual(await writes.take(), [], 'nothing was written');
            await sql`delete from refusals`.execute(kysely);
            const { status, text } = await send(service, operation, asked.request);
            for (const secret of Object.values(status < 300 && text ? (JSON.parse(text) as Json) : {}))
              if (typeof secret === 'string' && /^(sk_|whsec_|eyJ)/.test(secret)) secrets.push(secret);
            const transactions = await writes.take();
            // One change at most; what came due before it is not there.
            assert.ok(transactions.length <= 1, JSON.stringify(transactions));
            const [names] = transactions;
            assert.equal(refused.status, names ? 500 : status, refused.text);
            if (!names) continue;
            changed.add(operation);
            assert.ok(status < 300, `refused, and yet changed: ${text}`);
            assert.equal(names.filter((name) => name === 'audit_entries').length, 1, 'one entry');
            assert.ok(
              names.some((name) => name !== 'audit_entries'),
              'and a change with it',
            );
          }
        });
      }
      assert.deepEqual(
        operations.filter((one) => !changed.has(one)).map(({ method, path }) => `${method} ${path}`),
        [],
        'each was seen to change something',
      );
      const rows = JSON.stringify(await kysely.selectFrom('audit_entries').selectAll().execute());
      for (const secret of secrets) assert.ok(!rows.includes(secret), 'none holds a secret');
    });
  });
});
