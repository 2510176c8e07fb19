import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { after, before, test } from 'node:test';
import type { SessionAnswer } from '../../src/protocol/api.js';
import type { SigningKeyState } from '../../src/service/foundation/database/schema.js';
import { announceDue, erasureDueChannel } from '../../src/service/foundation/jobs/due-channel.js';
import { createSessionService } from '../../src/service/index.js';
import { assertBooksBalance } from './books.js';
import { describeOnOneDatabase } from './databases.js';
import { EventReader } from './event-reader.js';
import {
  expectOk,
  operatorKey,
  sendFile,
  startTestService,
  until,
  type Json,
  type TestApplication,
  type TestService,
} from './fixtures.js';
import { HelpScene } from './help-desk.js';
import { startPaidService, type PaidService } from './paid-service.js';
import { completed, paymentIntentOf } from './stripe-events.js';
import { TestClock } from './test-clock.js';
import { decode } from './token-workshop.js';
import { WebhookReceiver } from './webhook-receiver.js';

/** The value of one line of `/metrics`. */
async function metric({ url }: TestService, line: string): Promise<number | undefined> {
  const response = await fetch(`${url}/metrics`, { headers: { Authorization: `Bearer ${operatorKey}` } });
  const found = (await response.text()).split('\n').find((each) => each.startsWith(`${line} `));
  return found === undefined ? undefined : Number(found.split(' ').at(-1));
}

describeOnOneDatabase('A row that can never be done holds up nobody else', (source) => {
  const clock = new TestClock(Date.now());
  const readers: EventReader[] = [];
  let receiver: WebhookReceiver;
  let service: TestService;
  let application: TestApplication;
  let userId: string;
  let count = 0;
  before(async () => {
    receiver = await WebhookReceiver.start();
    service = await startTestService({
      database: await source.create(),
      now: clock.now,
      timer: clock.timer,
      rateLimits: { session: 40 },
      webhooks: { allowedHosts: [receiver.host], timeoutMs: 1_500 },
    });
    application = await service.createApplication({ max_duration_seconds: 86_400 });
    userId = await service.createCustomer(1_000_000);
  });
  after(async () => {
    for (const reader of readers) reader.leave();
    await service.close();
    await receiver.stop();
  });

  const sell = async (duration_seconds = 600) => {
    const { session, session_token: token } = await service.createSession(application, userId, {
      duration_seconds,
    });
    return { id: session.id, token, path: `/api/v1/sessions/${session.id}` };
  };
  const read = async (path: string) => expectOk(await service.call<SessionAnswer>('GET', path)).session;
  /** No row of that table may be so any more. @returns what takes that back. */
  async function poison(table: string, condition: string): Promise<() => Promise<void>> {
    const name = `poison_${(count += 1)}`;
    const { kysely } = service.database;
    await sql
      .raw(`alter table ${table} add constraint ${name} check (not (${condition})) not valid`)
      .execute(kysely);
    return async () => void (await sql.raw(`alter table ${table} drop constraint ${name}`).execute(kysely));
  }
  const failures = (work: string) =>
    service.database.kysely.selectFrom('failed_work').selectAll().where('work', '=', work).execute();
  /** Lets a second pass again and again, until it is so. */
  const pass = (condition: () => Promise<boolean>) =>
    until(async () => {
      clock.advance(1);
      return condition();
    });

  test('a session that cannot be settled: the others end within their second, and it is tried again ever later', async () => {
    const sold = await Promise.all(Array.from({ length: 9 }, () => sell(60)));
    const poisoned = sold[4]!;
    const { kysely } = service.database;
    const setHold = (balance: number) =>
      kysely.updateTable('accounts').set({ balance }).where('id', '=', `hold:${poisoned.id}`).execute();
    await setHold(0);
    const statusOf = async (id: string) =>
      (await kysely.selectFrom('sessions').select('status').where('id', '=', id).executeTakeFirstOrThrow())
        .status;
    clock.advance(61);
    const others = sold.filter((one) => one !== poisoned);
    await until(async () =>
      (await Promise.all(others.map(({ id }) => statusOf(id)))).every((status) => status === 'expired'),
    );
    await until(async () => (await failures('session_expiry')).length === 1);
    const [failure] = await failures('session_expiry');
    assert.deepEqual(
      [failure!.subject, failure!.attempts, failure!.last_error],
      [poisoned.id, 1, 'SessionError: INSUFFICIENT_TOKENS'],
    );
    assert.equal(await metric(service, 'marketplace_session_failing_rows{work="session_expiry"}'), 1);
    assert.ok(
      (await metric(service, 'marketplace_session_work_failures_total{work="session_expiry"}'))! >= 1,
    );

    await pass(async () => (await failures('session_expiry'))[0]!.attempts === 5);
    const { exceptions } = expectOk(
      await service.call<{ exceptions: Json[] }>('GET', '/exceptions?kind=job_failed'),
    );
    assert.deepEqual(
      exceptions.map(({ subject }) => subject),
      [`session_expiry:${poisoned.id}`],
      'a person is told of it, once',
    );
    const waited = (await failures('session_expiry'))[0]!;
    assert.ok(waited.retry_at - waited.failed_at >= 12_000, 'the fifth wait is sixteen times the first');
    await setHold(10);
    await pass(async () => (await statusOf(poisoned.id)) === 'expired');
    assert.deepEqual(await failures('session_expiry'), []);
    assert.equal(await metric(service, 'marketplace_session_failing_rows{work="session_expiry"}'), undefined);
  });

  const listen = async ({ path, token }: { path: string; token: string }) => {
    const reader = await EventReader.open(`${service.url}${path}/events`, {
      Authorization: `Bearer ${token}`,
    });
    readers.push(reader);
    await reader.atLeast(1);
    return reader;
  };
  const presenceOf = async (id: string) =>
    (
      await service.database.kysely
        .selectFrom('presences')
        .select('state')
        .where('session_id', '=', id)
        .execute()
    ).map(({ state }) => state);

  test('a side that cannot be told lost: the others are', async () => {
    const sold = await Promise.all(Array.from({ length: 5 }, () => sell(36_000)));
    const streams = await Promise.all(sold.map(listen));
    await until(async () =>
      (await Promise.all(sold.map(({ id }) => presenceOf(id)))).every(([state]) => state === 'present'),
    );
    const poisoned = sold[2]!;
    const heal = await poison('events', `subject = 'session:${poisoned.id}' and type = 'participant.lost'`);
    for (const stream of streams) stream.leave();
    const others = sold.filter((one) => one !== poisoned);
    await pass(async () =>
      (await Promise.all(others.map(({ id }) => presenceOf(id)))).every(([state]) => state === 'lost'),
    );
    assert.deepEqual(await presenceOf(poisoned.id), ['present']);
    await until(async () =>
      (await failures('presence_expiry')).some(({ subject }) => subject === poisoned.id),
    );
    await heal();
    await pass(async () => (await presenceOf(poisoned.id))[0] === 'lost');
    assert.deepEqual(await failures('presence_expiry'), []);
  });

  test('a side that cannot be written as present: those who come with it are', async () => {
    const sold = await Promise.all(Array.from({ length: 6 }, () => sell(36_000)));
    const poisoned = sold[1]!;
    const heal = await poison('attendances', `session_id = '${poisoned.id}'`);
    await Promise.all(sold.map(listen));
    const others = sold.filter((one) => one !== poisoned);
    await until(async () =>
      (await Promise.all(others.map(({ id }) => presenceOf(id)))).every(([state]) => state === 'present'),
    );
    assert.deepEqual(await presenceOf(poisoned.id), []);
    await heal();
    await pass(async () => (await presenceOf(poisoned.id))[0] === 'present');
  });

  test('a heartbeat that cannot be written: those that are written with it are', async () => {
    const sold = await Promise.all(Array.from({ length: 5 }, () => sell(36_000)));
    const poisoned = sold[3]!;
    const heal = await poison('sessions', `id = '${poisoned.id}' and last_heartbeat_at is not null`);
    const body = { timestamp: 1, active: true };
    for (const { path, token } of sold) await service.call('POST', `${path}/heartbeat`, { as: token, body });
    const heard = async ({ id }: { id: string }) =>
      (
        await service.database.kysely
          .selectFrom('sessions')
          .select('last_heartbeat_at')
          .where('id', '=', id)
          .executeTakeFirstOrThrow()
      ).last_heartbeat_at !== null;
    await pass(async () =>
      (await Promise.all(sold.filter((one) => one !== poisoned).map(heard))).every(Boolean),
    );
    assert.equal(await heard(poisoned), false);
    await until(
      async () =>
        ((await metric(service, 'marketplace_session_work_failures_total{work="heartbeat"}')) ?? 0) >= 1,
    );
    await heal();
  });

  test('a count of requests that cannot be shared: those that are shared with it are', async () => {
    const sold = await Promise.all([sell(36_000), sell(36_000), sell(36_000)]);
    const keyOf = ({ id }: { id: string }) => `session:${id}`;
    const heal = await poison('rate_counts', `key = '${keyOf(sold[0]!)}'`);
    for (const { path, token } of sold)
      for (let i = 0; i < 4; i++) await service.call('GET', path, { as: token });
    const shared = async () =>
      (await service.database.kysely.selectFrom('rate_counts').select('key').execute()).map(({ key }) => key);
    await pass(async () => {
      const keys = await shared();
      return keys.includes(keyOf(sold[1]!)) && keys.includes(keyOf(sold[2]!));
    });
    assert.ok(!(await shared()).includes(keyOf(sold[0]!)));
    await heal();
  });

  /** The row with that id cannot be deleted any more. @returns what takes that back. */
  async function keep(table: string, id: string): Promise<() => Promise<void>> {
    const name = `keep_${(count += 1)}`;
    const { kysely } = service.database;
    for (const statement of [
      `create function ${name}() returns trigger language plpgsql as $$ begin
        if old.id = '${id}' then raise 'it stays'; end if; return old; end $$`,
      `create trigger ${name} before delete on ${table} for each row execute function ${name}()`,
    ])
      await sql.raw(statement).execute(kysely);
    return async () => void (await sql.raw(`drop trigger ${name} on ${table}`).execute(kysely));
  }

  test('a session that waits and cannot be cancelled: the others are', async () => {
    const sold = [];
    for (let n = 0; n < 5; n += 1)
      sold.push(
        await service.createSession(application, userId, {
          duration_seconds: 600,
          start: 'when_joined',
          waiting_seconds: 60,
        }),
      );
    const [poisoned, ...others] = sold.map(({ session }) => session.id) as [string, ...string[]];
    const heal = await poison('sessions', `id = '${poisoned}' and status = 'cancelled'`);
    const statuses = async () => {
      const { kysely } = service.database;
      const rows = await kysely.selectFrom('sessions').select(['id', 'status']).execute();
      return new Map(rows.map(({ id, status }) => [id, status]));
    };
    clock.advance(61);
    await until(async () => {
      const now = await statuses();
      return others.every((id) => now.get(id) === 'cancelled');
    });
    await until(async () => (await failures('waiting_expiry')).length === 1);
    assert.equal((await statuses()).get(poisoned), 'waiting');
    await heal();
    await pass(async () => (await statuses()).get(poisoned) === 'cancelled');
    assert.deepEqual(await failures('waiting_expiry'), []);
  });

  test('a help request for which nobody comes and that cannot be ended: the others are', async () => {
    const scene = await HelpScene.open(service);
    const asked: string[] = [];
    for (let n = 0; n < 4; n += 1)
      asked.push(expectOk(await scene.ask(await service.createCustomer(1_000))).id);
    const [poisoned, ...others] = asked as [string, ...string[]];
    const statusOf = async (id: string) => (await scene.read(id)).status;
    const heal = await poison('help_requests', `id = '${poisoned}' and status = 'expired'`);
    await until(async () => {
      clock.advance(10);
      return (await Promise.all(others.map(statusOf))).every((status) => status === 'expired');
    });
    await pass(async () => (await failures('help_request_due')).length === 1);
    assert.notEqual(await statusOf(poisoned), 'expired');
    await heal();
    await pass(async () => (await statusOf(poisoned)) === 'expired');
    assert.deepEqual(await failures('help_request_due'), []);
  });

  test('a file that cannot be put away, and an erasure that does not come to its end: those behind them are', async () => {
    const { kysely } = service.database;
    const { id: session, token: as } = await sell(36_000);
    const files: string[] = [];
    for (const name of ['one', 'two', 'three'])
      files.push((await sendFile(service, session, { as, name: `${name}.txt`, content: name })).id);
    const healFile = await keep('file_objects', files[0]!);
    for (const id of files)
      expectOk(await service.call('DELETE', `/sessions/${session}/files/${id}`, { as }));
    const filesLeft = async () =>
      (await kysely.selectFrom('file_objects').select('id').where('id', 'in', files).execute()).length;
    await pass(async () => (await filesLeft()) === 1);
    await until(async () => (await failures('file_removal'))[0]?.subject === files[0]);
    await healFile();
    await pass(async () => (await filesLeft()) === 0);
    assert.deepEqual(await failures('file_removal'), []);

    const healErasure = await keep('erasures', 'erased-one');
    const names: string[] = [];
    for (const name of ['erased-one', 'erased-two', 'erased-three']) {
      const customer_id = await service.createCustomer(0);
      expectOk(await service.call('POST', '/customers', { body: { id: name } }));
      const row = { id: name, customer_id, due_at: clock.now() };
      await kysely.insertInto('erasures').values(row).execute();
      names.push(name);
    }
    await kysely.transaction().execute((trx) => announceDue(trx, clock.now(), erasureDueChannel));
    const erasuresLeft = async () =>
      (await kysely.selectFrom('erasures').select('id').execute()).map(({ id }) => id);
    await pass(async () => (await erasuresLeft()).length === 1);
    assert.deepEqual(await erasuresLeft(), [names[0]]);
    assert.equal((await failures('erasure'))[0]?.subject, names[0]);
    await healErasure();
    await pass(async () => (await erasuresLeft()).length === 0);
    assert.deepEqual(await failures('erasure'), []);
  });

  interface Endpoint {
    id: string;
  }
  interface Delivery {
    status: string;
    attempts: { error: string | null; response_status: number | null }[];
  }
  const register = async (fields: Json = {}) =>
    expectOk(
      await service.call<Endpoint>('POST', '/webhook-endpoints', {
        body: { url: receiver.url, events: ['session.paused'], provider_id: 'provider-1', ...fields },
      }),
    );
  const deliveriesTo = async ({ id }: Endpoint) =>
    expectOk(await service.call<{ deliveries: Delivery[] }>('GET', `/webhook-endpoints/${id}/deliveries`))
      .deliveries;

  test('a webhook whose secret does not open is given up like any other, and its receiver is not to blame', async () => {
    const [sealed, plain] = [await register(), await register()];
    await service.database.kysely
      .updateTable('webhook_endpoints')
      .set({ secret: 'v1.0000000000000000.AAAA' })
      .where('id', '=', sealed.id)
      .execute();
    const { path } = await sell(36_000);
    expectOk(await service.call('POST', `${path}/pause`));
    await until(async () => (await deliveriesTo(plain))[0]?.status === 'delivered');
    await until(async () => {
      clock.advance(6 * 3600);
      return (await deliveriesTo(sealed))[0]!.status === 'failed';
    });
    const [delivery] = await deliveriesTo(sealed);
    assert.equal(delivery!.attempts.length, 11);
    assert.ok(delivery!.attempts.every(({ error }) => error === 'not_sent'));
    const { body } = await service.call('GET', `/webhook-endpoints/${sealed.id}`);
    assert.deepEqual([body.enabled, body.failing_since], [true, null]);
    for (const { id } of [sealed, plain]) await service.call('DELETE', `/webhook-endpoints/${id}`);
  });

  test('a webhook that cannot even be claimed: those behind it are sent', async () => {
    const endpoint = await register();
    const { kysely } = service.database;
    receiver.answers = [500];
    const [first, second] = [await sell(36_000), await sell(36_000)];
    expectOk(await service.call('POST', `${first.path}/pause`));
    await until(async () => (await deliveriesTo(endpoint))[0]?.attempts[0]?.response_status === 500);
    // Its number is taken already.
    await kysely
      .updateTable('webhook_deliveries')
      .set({ attempts: 0 })
      .where('status', '=', 'pending')
      .execute();
    clock.advance(30);
    await until(async () => (await failures('webhook_delivery')).length === 1);
    expectOk(await service.call('POST', `${second.path}/pause`));
    await until(async () => (await deliveriesTo(endpoint)).some(({ status }) => status === 'delivered'));
    await kysely
      .updateTable('webhook_deliveries')
      .set({ attempts: 1 })
      .where('status', '=', 'pending')
      .execute();
    await pass(async () => (await deliveriesTo(endpoint)).every(({ status }) => status === 'delivered'));
    assert.deepEqual(await failures('webhook_delivery'), []);
    assert.equal((await read(second.path)).status, 'paused');
  });

  test('a change of the figures that fits nowhere: the others are folded, and it is counted once it fits', async () => {
    const { kysely } = service.database;
    const changes = () => kysely.selectFrom('session_figure_changes').select('application_id').execute();
    const earlier = await service.createApplication({ max_duration_seconds: 86_400 });
    const heal = await poison('session_figures', `application_id = '${earlier.id}'`);
    await service.createSession(earlier, userId, { duration_seconds: 3600 });
    await sell(36_000);
    await pass(async () => (await failures('session_figure_changes')).length > 0);
    await pass(async () => (await changes()).every(({ application_id }) => application_id === earlier.id));
    assert.ok((await changes()).length > 0);
    await heal();
    await pass(async () => (await changes()).length === 0);
    assert.deepEqual(await failures('session_figure_changes'), []);
    const { sold } = await kysely
      .selectFrom('session_figures')
      .select('sold')
      .where('application_id', '=', earlier.id)
      .executeTakeFirstOrThrow();
    assert.equal(sold, 1);
  });

  test('a signing key that cannot be read: the next one signs, what it has signed still counts, and the rest serve', async () => {
    const { kysely } = service.database;
    const before = await sell(36_000);
    const validate = (session_jwt: string) =>
      service.call('POST', '/sessions/validate', { as: null, body: { session_jwt } });
    const kidOf = (token: string) => decode(token.split('.')[0]!).kid as string;
    const store = (state: SigningKeyState, private_jwk: string) =>
      kysely.updateTable('signing_keys').set({ private_jwk }).where('state', '=', state).execute();
    const stored = await kysely.selectFrom('signing_keys').selectAll().execute();
    const good = (state: SigningKeyState) =>
      JSON.stringify(stored.find((key) => key.state === state)!.private_jwk);
    const published = async () =>
      (await service.call<{ keys: Json[] }>('GET', '/.well-known/jwks.json')).body;
    const set = await published();
    const failuresOfKeys = () =>
      metric(service, 'marketplace_session_work_failures_total{work="signing_key"}');

    await store('current', '{"sealed":"v1.0000000000000000.AAAA"}');
    clock.advance(31);
    const after = await sell(36_000);
    assert.notEqual(kidOf(after.token), kidOf(before.token));
    for (const { token } of [before, after]) assert.equal((await validate(token)).status, 200);
    assert.deepEqual(await published(), set);
    assert.equal(await failuresOfKeys(), 1);

    await store('next', '{"kty":"EC"}');
    clock.advance(31);
    const { status, body } = await service.call('GET', '/keys/public');
    assert.deepEqual(
      [status, body.code, body.detail],
      [503, 'SERVICE_UNAVAILABLE', 'None of the signing keys can be used.'],
    );
    for (const { token } of [before, after]) assert.equal((await validate(token)).status, 200);
    assert.equal(await failuresOfKeys(), 2, 'each is told once');
    const other = createSessionService({
      database: service.database,
      operatorKey,
      publicUrl: 'http://session.test',
      now: clock.now,
      timer: clock.timer,
    });
    await assert.rejects(other.start(), /none of the signing keys in the database can be used/);
    await other.close();

    for (const state of ['current', 'next'] as const) await store(state, good(state));
    clock.advance(31);
    assert.equal(kidOf((await sell(36_000)).token), kidOf(before.token));
  });

  test('an instance that died and cannot be forgotten: the others that died are', async () => {
    const { kysely } = service.database;
    const [stuck, other] = ['stuck', 'other'].map((name) => `${name}-${crypto.randomUUID()}`) as [
      string,
      string,
    ];
    await sql`create function keep_instance() returns trigger language plpgsql as $$ begin
      if old.id like 'stuck-%' then raise 'it stays'; end if; return old; end $$`.execute(kysely);
    await sql`create trigger keep_instance before delete on instances for each row execute function keep_instance()`.execute(
      kysely,
    );
    await kysely
      .insertInto('instances')
      .values([stuck, other].map((id) => ({ id, alive_since: 0, alive_until: 1 })))
      .execute();
    const left = async () =>
      (await kysely.selectFrom('instances').select('id').where('alive_since', '=', 0).execute()).map(
        ({ id }) => id,
      );
    await pass(async () => (await left()).length === 1);
    assert.deepEqual(await left(), [stuck]);
    assert.deepEqual(
      (await failures('instance_burial')).map(({ subject }) => subject),
      [stuck],
    );
    // Who is lost is still found.
    const sold = await sell(36_000);
    const stream = await listen(sold);
    await until(async () => (await presenceOf(sold.id))[0] === 'present');
    stream.leave();
    await pass(async () => (await presenceOf(sold.id))[0] === 'lost');

    await sql`drop trigger keep_instance on instances`.execute(kysely);
    await pass(async () => (await left()).length === 0);
    assert.deepEqual(await failures('instance_burial'), []);
  });
});

describeOnOneDatabase('A refund that cannot be made holds up no other', (source) => {
  let service: PaidService;
  before(async () => {
    service = await startPaidService(source);
  });
  after(() => service.close());

  /** Money that comes after the end: it goes back. */
  const payLate = async () => {
    const session = await service.start();
    const checkout = await service.order(session);
    expectOk(await service.call('POST', `/sessions/${session.id}/end`, { as: session.as }));
    return { session, checkout };
  };
  type Late = Awaited<ReturnType<typeof payLate>>;
  const isBack = async ({ session }: Late) => (await service.history(session))[0]!.status === 'refunded';
  const failing = async () =>
    (
      await service.database.kysely
        .selectFrom('failed_work')
        .selectAll()
        .where('work', '=', 'refund')
        .execute()
    ).map(({ subject }) => subject);
  const rowOf = async ({ checkout }: Late) =>
    (
      await service.database.kysely
        .selectFrom('checkouts')
        .select('id')
        .where('stripe_checkout_id', '=', checkout.id)
        .executeTakeFirstOrThrow()
    ).id;

  for (const [name, table, conditionOf] of [
    [
      'it cannot be claimed',
      'refunds',
      async (late: Late) => `checkout_id = '${await rowOf(late)}' and attempts > 0`,
    ],
    [
      'what Stripe answers cannot be written down',
      'stripe_refunds',
      async ({ checkout }: Late) => `payment_intent_id = '${paymentIntentOf(checkout)}'`,
    ],
  ] as const)
    test(`${name}: it is put aside and tried again, and given back once`, async () => {
      const { kysely } = service.database;
      const [poisoned, ...others] = [await payLate(), await payLate(), await payLate()] as const;
      await sql
        .raw(
          `alter table ${table} add constraint poison check (not (${await conditionOf(poisoned)})) not valid`,
        )
        .execute(kysely);
      for (const { checkout } of [poisoned, ...others]) expectOk(await service.deliver(completed(checkout)));
      await until(async () => (await Promise.all(others.map(isBack))).every(Boolean));
      await until(async () => (await failing()).length === 1);
      assert.deepEqual(await failing(), [await rowOf(poisoned)]);
      assert.equal(await isBack(poisoned), false);

      await sql.raw(`alter table ${table} drop constraint poison`).execute(kysely);
      await until(async () => {
        service.clock.advance(1);
        return isBack(poisoned);
      });
      assert.deepEqual(await failing(), []);
      const made = service.stripe.refunds.map(({ payment_intent }) => payment_intent);
      assert.equal(new Set(made).size, made.length, 'nothing is given back twice');
      await assertBooksBalance(service.database);
    });
});
