// Subscriptions over HTTP, by a clock that the test moves: each period is granted once, whatever is asked in between.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertBooksBalance, sumOf } from './books.js';
import { describeOnOneDatabase } from './databases.js';
import { expectOk, startTestService, until, type Answer, type Json, type TestService } from './fixtures.js';
import { TestClock } from './test-clock.js';
import { WebhookReceiver } from './webhook-receiver.js';

interface Subscription extends Json {
  id: string;
  plan_id: string;
  pending_plan_id: string | null;
  status: string;
  current_period_started_at: number;
  current_period_ends_at: number;
}

const daySeconds = 86_400;
const at = (text: string) => Date.parse(text) / 1000;

describeOnOneDatabase('A subscription', (source) => {
  const clock = new TestClock(Date.UTC(2026, 0, 31, 12));
  let receiver: WebhookReceiver;
  let service: TestService;
  before(async () => {
    receiver = await WebhookReceiver.start();
    service = await startTestService({
      database: await source.create(),
      now: clock.now,
      timer: clock.timer,
      webhooks: { allowedHosts: [receiver.host] },
    });
    const events = ['created', 'renewed', 'updated', 'paused', 'resumed', 'canceled'];
    const endpoint = {
      url: receiver.url,
      provider_id: null,
      events: events.map((name) => `subscription.${name}`),
    };
    expectOk(await service.call('POST', '/webhook-endpoints', { body: endpoint }));
    await plan('small', { tokens_per_period: 100 });
    await plan('large', { tokens_per_period: 400 });
    await plan('kept', { tokens_per_period: 100, rollover: true });
    await plan('daily', { tokens_per_period: 10, interval: 'day' });
    await plan('gone', { active: false });
  });
  after(async () => {
    await assertBooksBalance(service.database);
    await service.close();
    await receiver.stop();
  });

  const plan = async (id: string, fields: Json = {}) =>
    expectOk(
      await service.call('POST', '/plans', {
        body: { id, name: id, interval: 'month', tokens_per_period: 100, ...fields },
      }),
    );
  const post = (path: string, body?: Json, key: string = crypto.randomUUID()) =>
    service.call<Subscription>('POST', path, {
      ...(body && { body }),
      headers: { 'Idempotency-Key': key },
    });
  const subscribe = async (customer_id: string, plan_id = 'small') =>
    expectOk(await post('/subscriptions', { customer_id, plan_id }));
  const change = async (id: string, what: string, body?: Json) =>
    expectOk(await post(`/subscriptions/${id}/${what}`, body));
  const toPlan = (id: string, plan_id: string) =>
    service.call<Subscription>('PATCH', `/subscriptions/${id}`, { body: { plan_id } });
  const read = async (id: string) =>
    expectOk(await service.call<Subscription>('GET', `/subscriptions/${id}`));
  const available = async (customer: string) =>
    expectOk(await service.call<{ wallet: { available: number } }>('GET', `/customers/${customer}`)).wallet
      .available;
  const entries = async (customer: string) =>
    expectOk(await service.call<{ entries: Json[] }>('GET', `/customers/${customer}/entries`))
      .entries.map(({ kind, amount }) => [kind, amount] as const)
      .reverse();
  const codeOf = ({ status, body }: Answer<Json>) => [status, body.code];
  /** Moves on to a moment, and waits until a subscription is up to date. */
  const passTo = async (moment: number, id: string) => {
    clock.advance(moment - clock.now() / 1000);
    await until(async () => {
      const { status, current_period_ends_at } = await read(id);
      return status !== 'active' || current_period_ends_at > moment;
    });
  };

  test('begins with a grant, and is granted again each month on the day it began, or the last there is', async () => {
    const customer = await service.createCustomer(0);
    const made = await subscribe(customer);
    assert.deepEqual(made, {
      id: made.id,
      customer_id: customer,
      plan_id: 'small',
      pending_plan_id: null,
      status: 'active',
      current_period_started_at: at('2026-01-31T12:00Z'),
      current_period_ends_at: at('2026-02-28T12:00Z'),
      cancel_at_period_end: false,
      started_at: at('2026-01-31T12:00Z'),
      paused_at: null,
      resumes_at: null,
      canceled_at: null,
      ended_at: null,
      metadata: {},
      created_at: at('2026-01-31T12:00Z'),
    });
    assert.equal(await available(customer), 100);
    await passTo(at('2026-02-28T11:59Z'), made.id);
    assert.equal(await available(customer), 100);
    await passTo(at('2026-02-28T12:00Z'), made.id);
    assert.equal((await read(made.id)).current_period_ends_at, at('2026-03-31T12:00Z'));
    // What was not spent of the first grant has expired.
    assert.deepEqual(await entries(customer), [
      ['credit', 100],
      ['expiry', -100],
      ['credit', 100],
    ]);
    await change(made.id, 'cancel', { at_period_end: false });
  });

  test('of which something was spent loses what is left of the grant alone', async () => {
    const customer = await service.createCustomer(50);
    const { id, current_period_ends_at: ends } = await subscribe(customer);
    const application = await service.createApplication({ max_duration_seconds: 86_400 });
    // Held when the period ends, which counts as spent.
    const { session } = await service.createSession(application, customer, { duration_seconds: 240 });
    expectOk(await service.call('POST', `/sessions/${session.id}/pause`));
    expectOk(await service.call('POST', `/sessions/${session.id}/end`));
    clock.advance(ends - clock.now() / 1000 - 30);
    await service.createSession(application, customer, { duration_seconds: 240 });
    assert.equal(await available(customer), 50 + 100 - 40);
    await passTo(ends, id);
    assert.deepEqual((await entries(customer)).slice(-2), [
      ['expiry', -60],
      ['credit', 100],
    ]);
    assert.equal(await available(customer), 150);
    await change(id, 'cancel', { at_period_end: false });
  });

  test('with rollover keeps what was not spent', async () => {
    const customer = await service.createCustomer(0);
    const { id, current_period_ends_at } = await subscribe(customer, 'kept');
    await passTo(current_period_ends_at, id);
    assert.equal(await available(customer), 200);
    await change(id, 'cancel', { at_period_end: false });
  });

  test('is granted for each period that was missed, once, oldest first', async () => {
    const customer = await service.createCustomer(0);
    const { id, current_period_started_at: began } = await subscribe(customer, 'daily');
    await passTo(began + 5.5 * daySeconds, id);
    const { current_period_started_at, current_period_ends_at } = await read(id);
    assert.deepEqual(
      [current_period_started_at, current_period_ends_at],
      [began + 5 * daySeconds, began + 6 * daySeconds],
    );
    const grants = await service.database.kysely
      .selectFrom('subscription_grants')
      .select(['number', 'period_started_at', 'tokens'])
      .where('subscription_id', '=', id)
      .orderBy('number')
      .execute();
    assert.deepEqual(
      grants,
      Array.from({ length: 6 }, (_, n) => ({
        number: n + 1,
        period_started_at: (began + n * daySeconds) * 1000,
        tokens: 10,
      })),
    );
    const { rows: references } = await sumsByReference(id);
    assert.deepEqual(
      references,
      Array.from({ length: 6 }, (_, n) => [`subscription/${id}/${n + 1}`, 10]),
    );
    assert.equal(await available(customer), 10);
    await change(id, 'cancel', { at_period_end: false });
  });

  /** What was credited for a subscription, by reference. */
  async function sumsByReference(id: string) {
    const rows = await service.database.kysely
      .selectFrom('ledger_transactions')
      .innerJoin('ledger_entries', 'transaction_id', 'id')
      .where('kind', '=', 'credit')
      .where('reference', 'like', `subscription/${id}/%`)
      .where('amount', '>', 0)
      .select(['reference', 'amount'])
      .orderBy('id')
      .execute();
    return { rows: rows.map(({ reference, amount }) => [reference, amount]) };
  }

  test('that grants more from now on grants the rest of the period at once', async () => {
    const customer = await service.createCustomer(0);
    const { id, current_period_started_at: from, current_period_ends_at: to } = await subscribe(customer);
    clock.advance(Math.floor((to - from) / 3));
    const changed = expectOk(await toPlan(id, 'large'));
    assert.deepEqual([changed.plan_id, changed.pending_plan_id], ['large', null]);
    assert.equal(changed.current_period_ends_at, to);
    assert.equal(await available(customer), 100 + 200);
    // Again changes nothing.
    expectOk(await toPlan(id, 'large'));
    assert.equal(await available(customer), 300);
    await passTo(to, id);
    // What the upgrade granted expires with the period, like the rest of it.
    assert.deepEqual((await entries(customer)).slice(-2), [
      ['expiry', -300],
      ['credit', 400],
    ]);
    assert.deepEqual((await sumsByReference(id)).rows, [
      [`subscription/${id}/1`, 100],
      [`subscription/${id}/1/1`, 200],
      [`subscription/${id}/2`, 400],
    ]);
    await change(id, 'cancel', { at_period_end: false });
  });

  test('that grants less, or in another interval, changes with the next period, and may think better of it', async () => {
    const customer = await service.createCustomer(0);
    const { id, current_period_ends_at: to } = await subscribe(customer, 'large');
    const pending = expectOk(await toPlan(id, 'small'));
    assert.deepEqual([pending.plan_id, pending.pending_plan_id], ['large', 'small']);
    assert.equal(expectOk(await toPlan(id, 'large')).pending_plan_id, null);
    expectOk(await toPlan(id, 'daily'));
    assert.equal(await available(customer), 400);
    await passTo(to, id);
    const changed = await read(id);
    assert.deepEqual(
      [changed.plan_id, changed.pending_plan_id, changed.current_period_started_at],
      ['daily', null, to],
    );
    assert.equal(changed.current_period_ends_at, to + daySeconds);
    assert.equal(await available(customer), 10);
    await change(id, 'cancel', { at_period_end: false });
  });

  test('that is paused is granted nothing, and goes on with the period that was paid for', async () => {
    const customer = await service.createCustomer(0);
    const { id, current_period_ends_at: to } = await subscribe(customer, 'kept');
    const paused = await change(id, 'pause');
    assert.deepEqual([paused.status, paused.paused_at], ['paused', Math.floor(clock.now() / 1000)]);
    clock.advance(daySeconds);
    const resumed = await change(id, 'resume');
    assert.deepEqual([resumed.status, resumed.current_period_ends_at], ['active', to]);
    assert.equal(await available(customer), 100);
    // Paused beyond its end, a new period begins with the resumption.
    await change(id, 'pause');
    clock.advance(to - clock.now() / 1000 + 3 * daySeconds);
    assert.equal(await available(customer), 100);
    const anew = await change(id, 'resume');
    assert.equal(anew.current_period_started_at, to + 3 * daySeconds);
    assert.equal(await available(customer), 200);
    await change(id, 'cancel', { at_period_end: false });
  });

  test('resumes by itself at the moment that was named', async () => {
    const customer = await service.createCustomer(0);
    const { id, current_period_ends_at: to } = await subscribe(customer, 'kept');
    const resumes_at = to + daySeconds;
    assert.equal((await change(id, 'pause', { resumes_at })).resumes_at, resumes_at);
    clock.advance(resumes_at - clock.now() / 1000 + 3600);
    await until(async () => (await read(id)).status === 'active');
    assert.equal((await read(id)).current_period_started_at, resumes_at);
    assert.equal(await available(customer), 200);
    await change(id, 'cancel', { at_period_end: false });
  });

  test('that is canceled ends with its period, unless that is taken back; or at once; tokens stay', async () => {
    const customer = await service.createCustomer(0);
    const { id, current_period_ends_at: to } = await subscribe(customer);
    const ending = await change(id, 'cancel');
    assert.deepEqual([ending.status, ending.cancel_at_period_end], ['active', true]);
    const kept = await change(id, 'resume');
    assert.deepEqual([kept.cancel_at_period_end, kept.canceled_at], [false, null]);
    const canceledAt = clock.now() / 1000;
    await change(id, 'cancel');
    await passTo(to, id);
    const ended = await read(id);
    assert.deepEqual([ended.status, ended.canceled_at, ended.ended_at], ['canceled', canceledAt, to]);
    assert.equal(await available(customer), 100);
    // A paused one whose period is over has nothing to wait for.
    const other = await subscribe(customer, 'daily');
    await change(other.id, 'pause');
    clock.advance(2 * daySeconds);
    assert.equal((await change(other.id, 'cancel')).status, 'canceled');
    // One that is paused and canceled ends with the period, too.
    const third = await subscribe(customer, 'daily');
    await change(third.id, 'cancel');
    await change(third.id, 'pause');
    clock.advance(daySeconds);
    await until(async () => (await read(third.id)).status === 'canceled');
    assert.equal((await read(third.id)).ended_at, third.current_period_ends_at);
  });

  test('is asked for again under its key: once; without one a second is refused', async () => {
    const customer = await service.createCustomer(0);
    const body = { customer_id: customer, plan_id: 'small', metadata: { order: '7' } };
    const [first, again] = [
      await post('/subscriptions', body, 'k1'),
      await post('/subscriptions', body, 'k1'),
    ];
    assert.deepEqual([first.status, again.status], [201, 201]);
    assert.deepEqual(again.body, first.body);
    assert.deepEqual(first.body.metadata, { order: '7' });
    assert.deepEqual(codeOf(await post('/subscriptions', body)), [409, 'SUBSCRIPTION_EXISTS']);
    const { id } = first.body;
    expectOk(await post(`/subscriptions/${id}/pause`, undefined, 'k2'));
    expectOk(await post(`/subscriptions/${id}/pause`, undefined, 'k2'));
    assert.deepEqual(codeOf(await post(`/subscriptions/${id}/pause`)), [
      409,
      'SUBSCRIPTION_TRANSITION_REFUSED',
    ]);
    await change(id, 'cancel', { at_period_end: false });
    // Over is over: there may be another one.
    await change((await subscribe(customer)).id, 'cancel', { at_period_end: false });
  });

  test('asked for ten times at once is made once', async () => {
    const customer = await service.createCustomer(0);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => post('/subscriptions', { customer_id: customer, plan_id: 'small' })),
    );
    assert.equal(answers.filter(({ status }) => status === 201).length, 1);
    for (const answer of answers.filter(({ status }) => status !== 201))
      assert.deepEqual(codeOf(answer), [409, 'SUBSCRIPTION_EXISTS']);
    assert.equal(await available(customer), 100);
  });

  test('is refused where it does not fit', async () => {
    const customer = await service.createCustomer(0);
    const { id } = await subscribe(customer);
    const other = await subscribe(customer, 'large');
    expectOk(await toPlan(other.id, 'daily'));
    const refusals = [
      [await post('/subscriptions', { customer_id: 'nobody', plan_id: 'small' }), 404, 'CUSTOMER_NOT_FOUND'],
      [await post('/subscriptions', { customer_id: customer, plan_id: 'none' }), 404, 'PLAN_NOT_FOUND'],
      [await post('/subscriptions', { customer_id: customer, plan_id: 'gone' }), 409, 'PLAN_INACTIVE'],
      // The other one is about to change to it.
      [await post('/subscriptions', { customer_id: customer, plan_id: 'daily' }), 409, 'SUBSCRIPTION_EXISTS'],
      [await post('/subscriptions', { customer_id: customer }), 422, 'REQUEST_INVALID'],
      [await toPlan(id, 'none'), 404, 'PLAN_NOT_FOUND'],
      [await toPlan(id, 'gone'), 409, 'PLAN_INACTIVE'],
      [await toPlan(id, 'large'), 409, 'SUBSCRIPTION_EXISTS'],
      [await toPlan(id, 'daily'), 409, 'SUBSCRIPTION_EXISTS'],
      [await toPlan('none', 'small'), 404, 'SUBSCRIPTION_NOT_FOUND'],
      [await service.call('GET', '/subscriptions/none'), 404, 'SUBSCRIPTION_NOT_FOUND'],
      [await post(`/subscriptions/${id}/resume`), 409, 'SUBSCRIPTION_TRANSITION_REFUSED'],
      [await post(`/subscriptions/${id}/pause`, { resumes_at: 5 }), 422, 'REQUEST_INVALID'],
      [
        await service.call('POST', '/plans', {
          body: { id: 'small', name: 'S', interval: 'day', tokens_per_period: 1 },
        }),
        409,
        'ALREADY_EXISTS',
      ],
      [await service.call('PATCH', '/plans/none', { body: { name: 'N' } }), 404, 'PLAN_NOT_FOUND'],
      [
        await service.call('PATCH', '/plans/small', { body: { tokens_per_period: 9 } }),
        422,
        'REQUEST_INVALID',
      ],
    ] as const;
    for (const [answer, ...expected] of refusals) assert.deepEqual(codeOf(answer), expected);
    await change(id, 'pause');
    assert.deepEqual(codeOf(await toPlan(id, 'kept')), [409, 'SUBSCRIPTION_TRANSITION_REFUSED']);
    for (const one of [id, other.id]) await change(one, 'cancel', { at_period_end: false });
    for (const what of ['cancel', 'pause', 'resume'])
      assert.deepEqual(codeOf(await post(`/subscriptions/${id}/${what}`)), [
        409,
        'SUBSCRIPTION_TRANSITION_REFUSED',
      ]);
    const { secretKey: as } = await service.createApplication();
    for (const path of ['/plans', '/subscriptions', `/subscriptions/${id}`])
      assert.deepEqual(codeOf(await service.call('GET', path, { as })), [403, 'CREDENTIAL_INSUFFICIENT']);
  });

  test('is listed by customer and status, shown with the customer, and plans are listed and renamed', async () => {
    const customer = await service.createCustomer(0);
    const small = await subscribe(customer);
    clock.advance(1);
    const large = await subscribe(customer, 'large');
    await change(small.id, 'cancel', { at_period_end: false });
    const ids = async (query: string) =>
      expectOk(
        await service.call<{ subscriptions: Subscription[] }>(
          'GET',
          `/subscriptions?customer_id=${customer}${query}`,
        ),
      ).subscriptions.map(({ id }) => id);
    assert.deepEqual(await ids(''), [large.id, small.id]);
    assert.deepEqual(await ids('&status=active'), [large.id]);
    assert.deepEqual(await ids('&status=canceled&limit=1'), [small.id]);
    const state = expectOk(
      await service.call<{ subscriptions: Subscription[] }>('GET', `/customers/${customer}/state`),
    );
    assert.deepEqual(state.subscriptions, [await read(large.id)]);
    expectOk(await service.call('PATCH', '/plans/large', { body: { name: 'Large!', metadata: { a: 'b' } } }));
    const { plans } = expectOk(await service.call<{ plans: Json[] }>('GET', '/plans'));
    assert.equal(plans.length, 5);
    const renamed = plans.find(({ id }) => id === 'large')!;
    assert.deepEqual(
      [renamed.name, renamed.metadata, renamed.tokens_per_period, renamed.interval_count, renamed.rollover],
      ['Large!', { a: 'b' }, 400, 1, false],
    );
    await change(large.id, 'cancel', { at_period_end: false });
  });

  test('is told of to the marketplace, each change with what it granted', async () => {
    const customer = await service.createCustomer(0);
    const { id, current_period_ends_at: to } = await subscribe(customer);
    await change(id, 'pause');
    await change(id, 'resume');
    expectOk(await toPlan(id, 'large'));
    await passTo(to, id);
    await change(id, 'cancel', { at_period_end: false });
    const told = () =>
      // A jump of the clock ends the claim on what is on its way: it comes twice, under one id.
      [...new Map(receiver.received.map(({ id: name, body }) => [name, body])).values()]
        .map((body) => JSON.parse(body) as { type: string; data: Json })
        .filter(({ data }) => data.subscription_id === id)
        .map(({ type, data }) => [type, data.status, data.plan_id, data.tokens_granted, data.tokens_expired]);
    await until(() => told().length === 6);
    assert.deepEqual(told().sort(), [
      ['subscription.canceled', 'canceled', 'large', 0, 0],
      ['subscription.created', 'active', 'small', 100, 0],
      ['subscription.paused', 'paused', 'small', 0, 0],
      ['subscription.renewed', 'active', 'large', 400, 400],
      ['subscription.resumed', 'active', 'small', 0, 0],
      ['subscription.updated', 'active', 'large', 300, 0],
    ]);
  });

  test('of somebody who is erased ends, and names nobody; before that it is handed over', async () => {
    const customer = await service.createCustomer(0);
    const { id } = expectOk(
      await post('/subscriptions', { customer_id: customer, plan_id: 'small', metadata: { note: 'tea' } }),
    );
    const exported = await fetch(`${service.url}/customers/${customer}/export`, {
      headers: { Authorization: 'Bearer operator-key-of-the-tests-0123456789abcdef' },
    });
    const lines = (await exported.text()).trimEnd().split('\n');
    const handed = lines
      .map((line) => JSON.parse(line) as Json)
      .find(({ record }) => record === 'subscription')!;
    assert.deepEqual([handed.id, handed.metadata], [id, { note: 'tea' }]);
    assert.equal((await service.call('DELETE', `/customers/${customer}`)).status, 204);
    const left = await read(id);
    assert.deepEqual([left.status, left.metadata], ['canceled', {}]);
    assert.match(left.customer_id as string, /^erased-/);
    const { rows } = await service.database.kysely
      .selectFrom('events')
      .selectAll()
      .where('type', 'like', 'subscription.%')
      .execute()
      .then((found) => ({ rows: found.filter((event) => JSON.stringify(event).includes(customer)) }));
    assert.deepEqual(rows, []);
  });

  test('that cannot be renewed holds up no other, is shown to a person, and goes on once that is mended', async () => {
    const [poisoned, sound] = [await service.createCustomer(0), await service.createCustomer(0)];
    const bad = await subscribe(poisoned, 'daily');
    const good = await subscribe(sound, 'daily');
    // Somebody has credited the next grant's reference by hand.
    const body = { tokens: 77, reference: `subscription/${bad.id}/2` };
    expectOk(await service.call('POST', `/customers/${poisoned}/credits`, { body }));
    await passTo(good.current_period_ends_at, good.id);
    assert.equal(await available(sound), 10);
    const failing = () =>
      service.database.kysely.selectFrom('failed_work').selectAll().where('subject', '=', bad.id).execute();
    for (let tries = 1; tries <= 5; tries += 1) {
      await until(async () => (await failing())[0]?.attempts === tries);
      clock.advance(20);
    }
    const { exceptions } = expectOk(
      await service.call<{ exceptions: Json[] }>('GET', '/exceptions?kind=job_failed&status=open'),
    );
    assert.deepEqual(
      exceptions.map(({ subject }) => subject),
      [`subscription_renewal:${bad.id}`],
    );
    assert.equal(await available(poisoned), 87);
    await service.database.kysely
      .updateTable('ledger_transactions')
      .set({ reference: 'by hand' })
      .where('reference', '=', body.reference)
      .execute();
    clock.advance(3600);
    await until(async () => (await failing()).length === 0);
    assert.equal(await available(poisoned), 77 + 10);
    assert.ok((await sumOf(service.database, 'expired:marketplace')) > 0);
    for (const { id } of [bad, good]) await change(id, 'cancel', { at_period_end: false });
  });
});
