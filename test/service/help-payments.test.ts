// Help that is paid by money, at a Stripe of the test's own: held first, taken after the talk, and let go where there was none.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { assertBooksBalance } from './books.js';
import { describeOnOneDatabase } from './databases.js';
import { expectOk, startTestService, until, type Json } from './fixtures.js';
import { HelpScene, type Desk, type HelpRequestAnswer, type TestHelper } from './help-desk.js';
import { startPaidService, type PaidService } from './paid-service.js';
import { chargeNews, completed, expired, heldNews, type Checkout } from './stripe-events.js';
import type { HeldIntent } from './stripe-server.js';

type Paid = HelpRequestAnswer & {
  checkout_url: string | null;
  payment_status: string;
  captured_amount: number;
};

describeOnOneDatabase('Help for money', (source) => {
  let service: PaidService;
  const opened: { leave(): void }[] = [];
  const open = async <T extends { leave(): void }>(opening: Promise<T>): Promise<T> => {
    const one = await opening;
    opened.push(one);
    return one;
  };
  before(async () => {
    service = await startPaidService(source);
  });
  afterEach(async () => {
    for (const one of opened.splice(0)) one.leave();
    service.stripe.failures = [];
    service.stripe.smallestCapture = 1;
    service.stripe.captureBefore = 4_000_000_000;
    await assertBooksBalance(service.database);
  });
  after(() => service.close());

  const price = { tokens: null, amount: 2_500, currency: 'eur' };
  const tell = async (...events: ReturnType<typeof heldNews>[]) => {
    for (const event of events) assert.equal((await service.deliver(event)).status, 200);
  };
  const read = (scene: HelpScene, id: string) => scene.read(id) as Promise<Paid>;
  /** What is due is done; what has failed is tried again later. */
  const inTime = (condition: () => Promise<boolean> | boolean, seconds = 1) =>
    until(async () => {
      if (await condition()) return true;
      service.clock.advance(seconds);
      return false;
    });
  const untilPayment = (scene: HelpScene, id: string, status: string, seconds = 1) =>
    inTime(async () => (await read(scene, id)).payment_status === status, seconds);
  async function ask(
    category: Json = {},
  ): Promise<{ scene: HelpScene; request: Paid; helper: TestHelper; desk: Desk }> {
    const scene = await HelpScene.open(service, { ...price, ...category });
    const helper = await scene.helper();
    const desk = await open(scene.desk(helper));
    const request = expectOk(await scene.ask(await scene.customer())) as Paid;
    return { scene, request, helper, desk };
  }

  /** The customer pays, and Stripe tells so. */
  async function pay({ request }: { request: Paid }): Promise<HeldIntent> {
    const intent = service.stripe.pay(request.checkout_url!);
    await tell(heldNews(intent, 'amount_capturable_updated'));
    return intent;
  }

  /** Up to the talk. */
  async function talk(category: Json = {}) {
    const asked = await ask(category);
    const intent = await pay(asked);
    const { scene, request, helper } = asked;
    const { session_id } = expectOk(await scene.answer(helper, request.id, 'claim'));
    await open(scene.join(session_id!).then((reader) => ({ leave: () => reader.leave() })));
    await open(scene.attend(helper, session_id!).then((reader) => ({ leave: () => reader.leave() })));
    await inTime(async () => (await read(scene, request.id)).status === 'in_progress', 0.06);
    return { ...asked, intent, sessionId: session_id! };
  }

  /** Ends the talk after so many seconds. */
  async function hangUp({ scene, sessionId }: { scene: HelpScene; sessionId: string }, seconds: number) {
    if (seconds > 0) service.clock.advance(seconds);
    const as = scene.application.secretKey;
    expectOk(await service.call('POST', `/sessions/${sessionId}/end`, { as }));
  }

  const salesOf = async ({ providerId }: HelpScene) => {
    const rows = await service.database.kysely
      .selectFrom('money_entries')
      .select('amount')
      .where('account', '=', `sales:${providerId}`)
      .execute();
    return rows.reduce((sum, { amount }) => sum + amount, 0);
  };
  const eventsOf = async (id: string) => {
    const rows = await service.database.kysely
      .selectFrom('events')
      .select('type')
      .where('subject', '=', `request:${id}`)
      .orderBy('id')
      .execute();
    return rows.map(({ type }) => type);
  };
  const asked = (path: RegExp) => service.stripe.requests.filter((one) => path.test(one.path));

  test('is held before anybody is asked, taken for the time of the talk, and refunded as any payment', async () => {
    const asking = await ask();
    const { scene, request, helper, desk } = asking;
    assert.deepEqual(
      [request.status, request.payment_status, request.tokens, request.amount, request.currency],
      ['awaiting_payment', 'pending', null, 2_500, 'eur'],
    );
    const { parameters } = asked(/sessions$/).at(-1)!;
    assert.equal(parameters['payment_intent_data[capture_method]'], 'manual');
    assert.equal(parameters['payment_method_types[0]'], 'card');
    assert.equal(Number(parameters.expires_at), (request.due_at as number) - 60);
    assert.equal(parameters['metadata[help_request_id]'], request.id);
    const as = scene.application.secretKey;
    const early = await service.call('POST', `/help-requests/${request.id}/claim`, {
      as,
      body: { helper_id: helper.id },
    });
    assert.equal(early.body.code, 'NOT_OFFERED');
    assert.equal(desk.requests.size, 0);

    // It comes twice, and the news of the Checkout and of a card that was refused beside it.
    const checkout = service.stripe.checkouts.at(-1) as unknown as Checkout;
    const intent = await pay(asking);
    await tell(
      heldNews(intent, 'amount_capturable_updated'),
      completed(checkout),
      heldNews(intent, 'payment_failed'),
    );
    await until(() => desk.isOffered(request.id));
    const paid = await read(scene, request.id);
    assert.deepEqual([paid.status, paid.payment_status, paid.checkout_url], ['open', 'authorized', null]);
    assert.equal(await salesOf(scene), 0, 'what is held is no money yet');

    const { session_id } = expectOk(await scene.answer(helper, request.id, 'claim'));
    await open(scene.join(session_id!).then((reader) => ({ leave: () => reader.leave() })));
    await open(scene.attend(helper, session_id!).then((reader) => ({ leave: () => reader.leave() })));
    await inTime(async () => (await read(scene, request.id)).status === 'in_progress', 0.06);
    await hangUp({ scene, sessionId: session_id! }, 121);
    await untilPayment(scene, request.id, 'captured');
    const { used_seconds } = (await read(scene, request.id)) as Json;
    const cost = Math.ceil((2_500 * Number(used_seconds)) / 600);
    assert.ok(cost > 500 && cost < 520, String(cost));
    assert.equal(intent.amount_received, cost);
    assert.equal((await read(scene, request.id)).captured_amount, cost);
    assert.equal(await salesOf(scene), cost);
    assert.deepEqual(await eventsOf(request.id), [
      'payment.authorized',
      'help_request.opened',
      'help_request.claimed',
      'help_request.started',
      'help_request.completed',
      'payment.captured',
    ]);
    const { extensions } = expectOk(await service.call('GET', `/sessions/${session_id}/extensions`));
    assert.deepEqual(extensions, [], 'it bought no time');

    // Stripe counts what it never took as refunded: a refund of 100 is one of 100.
    await tell(chargeNews(intent, 'captured'), chargeNews(intent, 'refunded'));
    assert.equal(await salesOf(scene), cost);
    await tell(chargeNews(intent, 'refunded', 100));
    assert.equal(await salesOf(scene), cost - 100);
    await tell({ ...chargeNews(intent, 'refunded', cost), created: 1_767_225_700 });
    assert.equal(await salesOf(scene), 0);
  });

  test('is taken whole where the category says so, and not at all where nothing was used or so little is not taken', async () => {
    const whole = await talk({ capture: 'full' });
    await hangUp(whole, 10);
    await untilPayment(whole.scene, whole.request.id, 'captured');
    assert.equal(whole.intent.amount_received, 2_500);

    const unused = await talk();
    await hangUp(unused, 0);
    await untilPayment(unused.scene, unused.request.id, 'released');
    service.stripe.smallestCapture = 50;
    const short = await talk();
    await hangUp(short, 3);
    await untilPayment(short.scene, short.request.id, 'released');
    for (const { scene, intent } of [unused, short])
      assert.deepEqual([intent.status, await salesOf(scene)], ['canceled', 0]);

    // An amount that can be charged in this currency: krónur are charged whole.
    const kronur = await talk({ amount: 500_000, currency: 'isk' });
    await hangUp(kronur, 7);
    await untilPayment(kronur.scene, kronur.request.id, 'captured');
    assert.equal(kronur.intent.amount_received % 100, 0);
  });

  test('is let go however it comes to nothing, and whenever it was paid', async () => {
    // Before anybody has paid: the Checkout is closed.
    const unpaid = await ask();
    const checkout = service.stripe.checkouts.find(({ url }) => url === unpaid.request.checkout_url)!;
    expectOk(await unpaid.scene.cancel(unpaid.request.id));
    await untilPayment(unpaid.scene, unpaid.request.id, 'released');
    assert.equal(checkout.status, 'expired');
    assert.deepEqual(await eventsOf(unpaid.request.id), ['help_request.cancelled']);

    // While Stripe is being told, or when news are late: what is held all the same goes back.
    const crossed = await ask();
    const crossedIntent = service.stripe.pay(crossed.request.checkout_url!);
    expectOk(await crossed.scene.cancel(crossed.request.id));
    await inTime(() => crossedIntent.status === 'canceled');
    await tell(heldNews({ ...crossedIntent, status: 'requires_capture' }, 'amount_capturable_updated'));
    await untilPayment(crossed.scene, crossed.request.id, 'released');
    assert.ok(!(await eventsOf(crossed.request.id)).includes('help_request.opened'));

    const late = await ask();
    const lateIntent = service.stripe.pay(late.request.checkout_url!);
    const { kysely } = service.database;
    await kysely
      .updateTable('payment_authorizations')
      .set({ stripe_checkout_id: null })
      .where('request_id', '=', late.request.id)
      .execute();
    expectOk(await late.scene.cancel(late.request.id));
    await untilPayment(late.scene, late.request.id, 'released');
    assert.equal(lateIntent.status, 'requires_capture', 'nobody knew of it');
    await tell(heldNews(lateIntent, 'amount_capturable_updated'));
    await inTime(() => lateIntent.status === 'canceled');

    // After it was paid: cancelled, nobody free, and the customer does not come.
    const cancelled = await ask();
    const intents = [await pay(cancelled)];
    expectOk(await cancelled.scene.cancel(cancelled.request.id));
    await untilPayment(cancelled.scene, cancelled.request.id, 'released');
    const ignored = await ask({ search_seconds: 10 });
    intents.push(await pay(ignored));
    await inTime(async () => (await read(ignored.scene, ignored.request.id)).status === 'expired', 5);
    await untilPayment(ignored.scene, ignored.request.id, 'released');
    const absent = await ask();
    intents.push(await pay(absent));
    const { session_id } = expectOk(await absent.scene.answer(absent.helper, absent.request.id, 'claim'));
    const sitting = await absent.scene.attend(absent.helper, session_id!);
    opened.push({ leave: () => sitting.leave() });
    await inTime(async () => (await read(absent.scene, absent.request.id)).status === 'cancelled', 30);
    await untilPayment(absent.scene, absent.request.id, 'released');
    for (const { status } of intents) assert.equal(status, 'canceled');
    assert.deepEqual((await eventsOf(absent.request.id)).slice(-2), [
      'help_request.cancelled',
      'payment.released',
    ]);
    for (const { scene } of [unpaid, crossed, late, cancelled, ignored, absent])
      assert.equal(await salesOf(scene), 0);
  });

  test('that nobody pays for is over after half an hour, or as soon as Stripe says so', async () => {
    const [waiting, told] = [await ask(), await ask()];
    const checkout = service.stripe.checkouts.find(({ url }) => url === told.request.checkout_url)!;
    checkout.status = 'expired';
    await tell(expired(checkout as unknown as Checkout));
    for (const { scene, request } of [told, waiting]) {
      await inTime(async () => (await read(scene, request.id)).status === 'expired', 60);
      assert.equal((await read(scene, request.id)).reason, 'payment_failed');
    }
    await untilPayment(waiting.scene, waiting.request.id, 'released');
    assert.equal((await read(told.scene, told.request.id)).payment_status, 'failed');
  });

  test('whose news are lost is looked up', async () => {
    const { scene, request } = await ask({ search_seconds: 3_600 });
    const intent = service.stripe.pay(request.checkout_url!);
    await untilPayment(scene, request.id, 'authorized', 20);
    assert.equal((await read(scene, request.id)).status, 'open');
    service.stripe.letGo(intent.id, 'automatic');
    await untilPayment(scene, request.id, 'expired', 20);
    assert.equal((await read(scene, request.id)).reason, 'authorization_expired');
  });

  test('that the bank lets go of is cancelled, or was a talk that nobody has paid', async () => {
    const waiting = await ask();
    const intent = await pay(waiting);
    service.stripe.letGo(intent.id, 'automatic');
    await tell(chargeNews(intent, 'expired'), heldNews(intent, 'canceled'));
    const ended = await read(waiting.scene, waiting.request.id);
    assert.deepEqual(
      [ended.status, ended.reason, ended.payment_status],
      ['cancelled', 'authorization_expired', 'expired'],
    );
    assert.deepEqual((await eventsOf(ended.id)).slice(-2), ['payment.expired', 'help_request.cancelled']);

    const talking = await talk();
    service.stripe.letGo(talking.intent.id, 'automatic');
    await tell(heldNews(talking.intent, 'canceled'));
    assert.equal((await read(talking.scene, talking.request.id)).status, 'in_progress');
    await hangUp(talking, 60);
    const over = await read(talking.scene, talking.request.id);
    assert.deepEqual([over.status, over.payment_status], ['completed', 'expired']);
    assert.equal(await salesOf(talking.scene), 0);

    // It lapses while it is being taken.
    const racing = await talk();
    service.stripe.letGo(racing.intent.id, 'automatic');
    await hangUp(racing, 60);
    await untilPayment(racing.scene, racing.request.id, 'expired');
    assert.ok((await eventsOf(racing.request.id)).includes('payment.expired'));
  });

  test('is taken once, whatever answer is lost and however often Stripe fails', async () => {
    for (const failures of [
      ['lost answer'],
      ['reset', 'lost answer'],
      [500, 429],
      ['hang'],
      [409, 400],
    ] as const) {
      const one = await talk();
      service.stripe.failures = [...failures];
      await hangUp(one, 120);
      await untilPayment(one.scene, one.request.id, 'captured', 3);
      assert.equal(await salesOf(one.scene), one.intent.amount_received, failures.join());
      assert.equal((await eventsOf(one.request.id)).filter((type) => type === 'payment.captured').length, 1);
    }
    const gone = await ask();
    const intent = await pay(gone);
    service.stripe.failures = ['lost answer', 500];
    expectOk(await gone.scene.cancel(gone.request.id));
    await untilPayment(gone.scene, gone.request.id, 'released', 3);
    assert.equal(intent.status, 'canceled');
  });

  test('that somebody takes at Stripe waits for a person, unless the talk is over', async () => {
    const one = await ask();
    const intent = await pay(one);
    Object.assign(intent, { status: 'succeeded', amount_capturable: 0, amount_received: 2_500 });
    await tell(chargeNews(intent, 'captured'));
    expectOk(await one.scene.cancel(one.request.id));
    const { exceptions } = expectOk(await service.call('GET', '/exceptions')) as { exceptions: Json[] };
    const mine = exceptions.filter(({ payment_intent_id }) => payment_intent_id === intent.id);
    assert.deepEqual(
      mine.map(({ kind, amount }) => [kind, amount]),
      [['payment_unmatched', 2_500]],
    );
    assert.equal(await salesOf(one.scene), 0);
  });

  test('of another amount than its price is let go, and a person is told', async () => {
    const { scene, request } = await ask();
    const intent = service.stripe.pay(request.checkout_url!);
    Object.assign(intent, { amount: 100, amount_capturable: 100 });
    await tell(heldNews(intent, 'amount_capturable_updated'));
    await inTime(() => intent.status === 'canceled');
    const { status, reason } = await read(scene, request.id);
    assert.deepEqual([status, reason], ['expired', 'payment_failed']);
  });

  test('is sold at one price, where Stripe takes it, and leads back to its application', async () => {
    const scene = await HelpScene.open(service, price);
    const as = scene.application.secretKey;
    const make = (fields: Json) => {
      const body = { name: 'A leak', duration_seconds: 600, ...fields };
      return service.call('POST', '/help-categories', { as, body });
    };
    const wrong: Json[] = [
      {},
      { tokens: 5, amount: 100, currency: 'eur' },
      { amount: 100 },
      { tokens: 5, capture: 'full' },
      { amount: 550, currency: 'isk' },
    ];
    for (const fields of wrong)
      assert.equal((await make(fields)).body.code, 'REQUEST_INVALID', JSON.stringify(fields));
    const change = (body: Json) =>
      service.call('PATCH', `/help-categories/${scene.categoryId}`, { as, body });
    assert.equal((await change({ tokens: 5 })).body.code, 'REQUEST_INVALID');
    const { tokens, amount, capture } = expectOk(await change({ tokens: 5, amount: null }));
    assert.deepEqual([tokens, amount, capture], [5, null, null]);
    expectOk(await change({ ...price, capture: 'full' }));

    const userId = await scene.customer();
    const astray = await scene.ask(userId, { success_url: 'https://elsewhere.example/' });
    assert.equal(astray.body.code, 'RETURN_URL_REFUSED');
    service.stripe.failures = [401];
    assert.equal((await scene.ask(userId)).body.code, 'PAYMENT_PROVIDER_REFUSED');
    const { requests } = expectOk(
      await service.call('GET', `/help-requests?user_id=${userId}`, { as }),
    ) as unknown as { requests: Paid[] };
    assert.deepEqual(
      requests.map(({ status, reason, payment_status }) => [status, reason, payment_status]),
      [['expired', 'payment_failed', 'failed']],
    );
    // What Stripe cannot be asked for is asked for again under the same key.
    service.stripe.failures = [500];
    const headers = { 'Idempotency-Key': crypto.randomUUID() };
    const body = { application_id: scene.application.id, user_id: userId, category_id: scene.categoryId };
    const again = () => service.call<Paid>('POST', '/help-requests', { as, headers, body });
    assert.equal((await again()).body.code, 'PAYMENTS_UNAVAILABLE');
    const first = expectOk(await again());
    assert.deepEqual(expectOk(await again()), first);
    assert.ok(first.checkout_url);

    const poor = await startTestService({ database: await source.create() });
    try {
      const other = await HelpScene.open(poor, price);
      const refused = await other.ask(await other.customer());
      assert.equal(refused.body.code, 'PAYMENT_METHOD_REFUSED');
    } finally {
      await poor.close();
    }
  });
});
