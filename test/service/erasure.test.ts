// A customer who is erased: no row of the database names him any more, and the books are what they were.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import type { SessionAnswer } from '../../src/protocol/api.js';
import type { DatabaseOptions } from '../../src/service/index.js';
import { assertBooksBalance, sumOf } from './books.js';
import { copySession } from './copied-sessions.js';
import { crashAfter, letCrash } from './crashing-database.js';
import { describeOnOneDatabase } from './databases.js';
import { EventReader } from './event-reader.js';
import {
  expectOk,
  startTestService,
  until,
  type Json,
  type TestApplication,
  type TestService,
} from './fixtures.js';
import { HelpScene } from './help-desk.js';
import { startPaidService, type PaidService } from './paid-service.js';
import { completed } from './stripe-events.js';
import { WebhookReceiver } from './webhook-receiver.js';

describeOnOneDatabase('A customer who is erased', (source) => {
  let receiver: WebhookReceiver;
  let service: TestService;
  let application: TestApplication;
  before(async () => {
    receiver = await WebhookReceiver.start();
    service = await startTestService({
      database: await source.create(),
      webhooks: { allowedHosts: [receiver.host] },
    });
    application = await service.createApplication();
    expectOk(
      await service.call('POST', '/webhook-endpoints', {
        as: application.secretKey,
        body: { url: receiver.url, events: ['session.started', 'session.ended', 'participant.joined'] },
      }),
    );
  });
  after(async () => {
    await service.close();
    await receiver.stop();
  });

  /** Everything that the database holds of anybody, as text. */
  const everything = async () => {
    const { rows: tables } = await sql<{ name: string }>`
      select table_name as name from information_schema.tables
      where table_schema = 'public' and table_type = 'BASE TABLE'`.execute(service.database.kysely);
    const texts = [];
    for (const { name } of tables) {
      const { rows } = await sql<{
        row: string;
      }>`select to_jsonb(t)::text as row from ${sql.table(name)} t`.execute(service.database.kysely);
      texts.push(...rows.map(({ row }) => `${name} ${row}`));
    }
    return texts;
  };
  const namesOf = async (words: readonly string[]) =>
    (await everything()).filter((row) => words.some((word) => row.includes(word)));
  const sell = (userId: string) =>
    service.createSession(application, userId, {
      metadata: { note: 'Zaphod likes tea' },
      return_url: 'https://market.example/done?person=zaphod',
    });
  const read = async (id: string) =>
    expectOk(await service.call<SessionAnswer>('GET', `/sessions/${id}`)).session;
  const end = (id: string) => service.call('POST', `/sessions/${id}/end`).then(expectOk);
  const erase = (id: string) => service.call('DELETE', `/customers/${encodeURIComponent(id)}`);
  const credit = (id: string, tokens: number) =>
    service
      .call('POST', `/customers/${encodeURIComponent(id)}/credits`, {
        body: { tokens, reference: 'invoice-1' },
        headers: { 'Idempotency-Key': crypto.randomUUID() },
      })
      .then(expectOk);
  const totals = async () => {
    const { rows } = await sql`
      select split_part(account_id, ':', 1) as account, sum(amount)::bigint as sum from ledger_entries
      group by 1 order by 1`.execute(service.database.kysely);
    return rows;
  };

  test('is named nowhere any more, and the books stay', async () => {
    const id = 'zaphod@galaxy.example';
    expectOk(await service.call('POST', '/customers', { body: { id, organization_id: 'heart-of-gold' } }));
    await credit(id, 1_000);
    const { session, session_token } = await sell(id);
    const page = await EventReader.open(`${service.url}/sessions/${session.id}/events`, {
      Authorization: `Bearer ${session_token}`,
    });
    await receiver.atLeast(2);
    await end(session.id);
    await page.untilOver();
    const scene = await HelpScene.open(service);
    const asked = expectOk(await scene.ask(id, { description: 'Zaphod’s sink' }));
    const live = await erase(id);
    assert.deepEqual([live.status, live.body.code], [409, 'CUSTOMER_IN_SESSION']);
    expectOk(await scene.cancel(asked.id));
    await receiver.atLeast(3);
    await until(async () => {
      const left = await service.database.kysely
        .selectFrom('webhook_deliveries')
        .select('id')
        .where('status', '=', 'pending')
        .execute();
      return left.length === 0;
    });
    const words = [id, 'zaphod', 'Zaphod', 'heart-of-gold'];
    assert.ok((await namesOf(words)).length > 8);
    const before = { totals: await totals(), bill: (await read(session.id)).final_cost };

    const { status } = await erase(id);
    assert.equal(status, 204);
    assert.deepEqual(await namesOf(words), []);
    const left = await read(session.id);
    assert.match(left.user_id, /^erased-/);
    assert.equal(left.return_url, null);
    assert.deepEqual({ totals: await totals(), bill: left.final_cost }, before);
    await assertBooksBalance(service.database);

    const { wallet } = expectOk(await service.call('GET', `/customers/${left.user_id}`));
    assert.deepEqual(wallet, { available: 1_000 - left.final_cost!, held: 0 });
    for (const answer of [await erase(id), await service.call('GET', `/customers/${id}`)])
      assert.deepEqual([answer.status, answer.body.code], [404, 'CUSTOMER_NOT_FOUND']);
    const { entries } = expectOk(
      await service.call<{ entries: Json[] }>('GET', `/audit-entries?subject=/customers/${left.user_id}`),
    );
    assert.deepEqual(
      entries.map(({ action }) => action),
      ['DELETE /customers/{id}', 'POST /customers'],
    );
  });

  test('may come back as somebody new', async () => {
    const id = await service.createCustomer(100);
    assert.equal((await erase(id)).status, 204);
    expectOk(await service.call('POST', '/customers', { body: { id } }));
    const { wallet } = expectOk(await service.call('GET', `/customers/${id}`));
    assert.deepEqual(wallet, { available: 0, held: 0 });
    await credit(id, 100);
  });

  test('while a session runs stays, until it is over', async () => {
    const id = await service.createCustomer(1_000);
    const { session } = await sell(id);
    const refused = await erase(id);
    assert.deepEqual([refused.status, refused.body.code], [409, 'CUSTOMER_IN_SESSION']);
    assert.equal((await read(session.id)).user_id, id);
    await end(session.id);
    assert.equal((await erase(id)).status, 204);
  });

  test('is for the operator alone', async () => {
    const id = await service.createCustomer(1_000);
    const { session_token } = await sell(id);
    for (const as of [application.secretKey, session_token])
      assert.equal((await service.call('DELETE', `/customers/${id}`, { as })).status, 403);
    assert.equal((await service.call('DELETE', `/customers/${id}`, { as: null })).status, 401);
  });

  test('and is sold to at the same time: either is first', async () => {
    for (let round = 0; round < 5; round += 1) {
      const id = await service.createCustomer(10_000);
      const sales = Array.from({ length: 4 }, () =>
        service.call<SessionAnswer & { code: string }>('POST', '/sessions', {
          as: application.secretKey,
          headers: { 'Idempotency-Key': crypto.randomUUID() },
          body: { application_id: application.id, user_id: id, duration_seconds: 600 },
        }),
      );
      const [erased, ...sold] = await Promise.all([erase(id), ...sales]);
      assert.ok([204, 409].includes(erased!.status), JSON.stringify(erased!.body));
      for (const { status, body } of sold)
        assert.ok(
          status === 201 ? erased!.status === 409 : body.code === 'CUSTOMER_NOT_FOUND',
          JSON.stringify(body),
        );
    }
    await assertBooksBalance(service.database);
  });
});

/** Does something over and over as long as it is to. @returns how long the longest took, ms. */
async function longestWhile(isOn: () => Promise<boolean>, doIt: () => Promise<unknown>): Promise<number> {
  let longestMs = 0;
  while (await isOn()) {
    const startedAt = performance.now();
    await doIt();
    longestMs = Math.max(longestMs, performance.now() - startedAt);
  }
  return longestMs;
}

describeOnOneDatabase('A customer of whom a great deal is kept', (source) => {
  const sessionCount = 2_500;
  let options: DatabaseOptions;
  let service: TestService;
  before(async () => {
    options = await source.create();
    service = await startTestService({ database: options });
    if (source.kind === 'PostgreSQL') await letCrash(service.database.kysely, ['sessions']);
  });
  after(() => service.close());

  const read = async (path: string) => (await service.call('GET', path)).status;
  const erase = (id: string) =>
    service.call<{ id: string; status: string }>('DELETE', `/customers/${encodeURIComponent(id)}`);
  /** How many rows that name somebody are left. */
  const rowsOf = async (id: string) => {
    const { rows } = await sql<{ count: number }>`
      select (select count(*) from sessions where user_id = ${id})
        + (select count(*) from ledger_transactions where customer_id = ${id})
        + (select count(*) from ledger_entries where account_id = ${`wallet:${id}`})
        + (select count(*) from accounts where customer_id = ${id})
        + (select count(*) from customers where id = ${id})
        + (select count(*) from erasures where customer_id = ${id}) as count`.execute(
      service.database.kysely,
    );
    return Number(rows[0]!.count);
  };
  /** Somebody with so many sessions that are like one that was sold, held, talked in and settled by requests. */
  const customerWith = async (count: number) => {
    const id = `${crypto.randomUUID()}@galaxy.example`;
    const application = await service.createApplication();
    expectOk(
      await service.call('POST', '/customers', { body: { id, name: 'Zaphod', email: 'z@galaxy.example' } }),
    );
    expectOk(
      await service.call('POST', `/customers/${encodeURIComponent(id)}/credits`, {
        body: { tokens: 1_000_000_000, reference: 'invoice-1' },
        headers: { 'Idempotency-Key': crypto.randomUUID() },
      }),
    );
    const { session, session_token } = await service.createSession(application, id);
    expectOk(
      await service.call('POST', `/sessions/${session.id}/messages`, {
        as: session_token,
        body: { text: 'Zaphod is here', client_id: crypto.randomUUID() },
      }),
    );
    expectOk(await service.call('POST', `/sessions/${session.id}/end`));
    await copySession(service.database, { customerId: id, sessionId: session.id, count });
    return id;
  };

  test('is nobody at once; what names him goes in slices, over a crash and an end of the service', async () => {
    const id = await customerWith(sessionCount);
    const path = `/customers/${encodeURIComponent(id)}`;
    assert.deepEqual(expectOk(await service.call('GET', `${path}/erasure`)), { id, status: 'none' });
    const { kysely } = service.database;
    const before = await rowsOf(id);
    assert.ok(before > 6 * sessionCount, String(before));
    const held = await sumOf(service.database, `wallet:${id}`);
    await assertBooksBalance(service.database);

    const { status, body } = await erase(id);
    assert.deepEqual([status, body.status], [202, 'running']);
    assert.match(body.id, /^erased-/);
    // Nobody is found any more, nor sold to, while most of it still names him.
    assert.ok((await rowsOf(id)) > before / 2);
    assert.deepEqual(
      [
        await read(path),
        await read(`${path}/state`),
        await read(`${path}/export`),
        await read(`${path}/entries`),
      ],
      [404, 404, 404, 404],
    );
    const { rows: left } = await sql<{ row: string }>`
      select to_jsonb(c)::text as row from customers c where id = ${id}`.execute(kysely);
    assert.doesNotMatch(left[0]!.row, /Zaphod|z@galaxy/);
    const application = await service.createApplication();
    const refused = await service.call('POST', '/sessions', {
      as: application.secretKey,
      headers: { 'Idempotency-Key': crypto.randomUUID() },
      body: { application_id: application.id, user_id: id, duration_seconds: 600 },
    });
    assert.equal(refused.body.code, 'CUSTOMER_NOT_FOUND');
    const again = await service.call('POST', '/customers', { body: { id } });
    assert.equal(again.body.code, 'ALREADY_EXISTS');
    // The newest of his sessions, which lists show first, name him no more.
    const { sessions } = expectOk(
      await service.call<{ sessions: { user_id: string }[] }>('GET', '/sessions?limit=50'),
    );
    assert.deepEqual([...new Set(sessions.map(({ user_id }) => user_id))], [body.id]);
    const second = await erase(id);
    assert.deepEqual([second.status, second.body], [202, body]);
    assert.equal((await erase(body.id)).status, 404);
    // Between two slices the books balance.
    await assertBooksBalance(service.database);

    if (source.kind === 'PostgreSQL') {
      // In the middle of a slice the connection dies, and what it has done of it with it.
      await crashAfter(150).execute(kysely);
      await until(async () => {
        const { rows } = await sql<{
          left: number;
        }>`select last_value::int as left from crash_countdown`.execute(kysely);
        return rows[0]!.left === 0;
      }, 60_000);
    }
    await service.close();
    service = await startTestService({ database: options });
    // It goes on by itself, and may be through already.
    const gone = expectOk(await service.call('GET', `/customers/${body.id}/erasure`)) as { id: string };
    assert.equal(gone.id, body.id);
    // Whoever else asks meanwhile waits for a slice at most.
    const longestMs = await longestWhile(
      async () => (await rowsOf(id)) > 0,
      async () => {
        const credit = await service.call('POST', `${path}/credits`, {
          body: { tokens: 1, reference: 'invoice-2' },
          headers: { 'Idempotency-Key': crypto.randomUUID() },
        });
        assert.equal(credit.body.code, 'CUSTOMER_NOT_FOUND');
      },
    );
    assert.ok(longestMs < 5_000, `${longestMs} ms`);
    assert.deepEqual(expectOk(await service.call('GET', `/customers/${body.id}/erasure`)), {
      id: body.id,
      status: 'done',
    });
    await assertBooksBalance(service.database);
    const { wallet } = expectOk(await service.call('GET', `/customers/${body.id}`));
    assert.deepEqual(wallet, { available: held, held: 0 });
    const { rows: words } = await sql`select id from messages`.execute(service.database.kysely);
    assert.deepEqual(words, []);
  });
});

describeOnOneDatabase('Money of a customer who is erased', (source) => {
  let service: PaidService;
  before(async () => {
    service = await startPaidService(source);
  });
  after(() => service.close());

  test('goes back where it comes afterwards, and the books balance', async () => {
    const session = await service.start();
    const checkout = await service.order(session);
    expectOk(await service.call('POST', `/sessions/${session.id}/end`, { as: session.as }));
    assert.equal((await service.call('DELETE', `/customers/${session.userId}`)).status, 204);
    expectOk(await service.deliver(completed(checkout)));
    await until(async () => (await service.history(session))[0]!.status === 'refunded');
    assert.equal(service.stripe.refunds.length, 1);
    await assertBooksBalance(service.database);
  });
});
