import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { createSessionService } from '../../src/service/index.js';
import { assertBooksBalance } from './books.js';
import { describeOnOneDatabase } from './databases.js';
import { operatorKey, startTestService, until } from './fixtures.js';
import { moneyOptions, startPaidService, type PaidService, type PaidSession } from './paid-service.js';
import {
  completed,
  eventOf,
  expired,
  paid,
  paymentIntentOf,
  refunded,
  secretKey,
  webhookSecret,
  type Checkout,
} from './stripe-events.js';

describeOnOneDatabase('Extensions for money', (source) => {
  let service: PaidService;
  before(async () => {
    service = await startPaidService(source);
  });
  afterEach(async () => {
    service.stripe.failures = [];
    service.stripe.onCheckout = async () => {};
    await assertBooksBalance(service.database);
  });
  after(() => service.close());

  const walletOf = async ({ userId }: PaidSession) =>
    (await service.call('GET', `/customers/${userId}`)).body.wallet;
  const refundsOf = (paymentIntent: string) =>
    service.stripe.refunds.filter(({ payment_intent }) => payment_intent === paymentIntent).length;

  test('are offered with their price, and the customer pays at Stripe', async () => {
    const session = await service.start();
    const { extension_options } = await service.read(session);
    assert.deepEqual(
      extension_options,
      moneyOptions.map((option) => ({ ...option, available: true })),
    );
    const key = crypto.randomUUID();
    const { status, body } = await service.extend(
      session,
      { additional_seconds: 900, payment: 'money' },
      key,
    );
    assert.equal(status, 200);
    assert.match(body.checkout_url!, /^https:\/\/checkout\.stripe\.test\/pay\/cs_test_/);
    assert.equal(body.session.duration_limit_seconds, 600, 'nothing is added before it is paid');
    assert.equal(body.additional_seconds, 0);
    assert.deepEqual(await walletOf(session), { available: 900, held: 100 });

    const { parameters, idempotencyKey } = service.stripe.requests.at(-1)!;
    const checkoutId = parameters.client_reference_id!;
    const now = service.clock.now() / 1000;
    assert.deepEqual(parameters, {
      mode: 'payment',
      'line_items[0][quantity]': '1',
      'line_items[0][price_data][currency]': 'eur',
      'line_items[0][price_data][unit_amount]': '499',
      'line_items[0][price_data][product_data][name]': 'Test application: 15 more minutes',
      client_reference_id: checkoutId,
      'metadata[checkout_id]': checkoutId,
      'metadata[session_id]': session.id,
      'payment_intent_data[metadata][checkout_id]': checkoutId,
      'payment_intent_data[metadata][session_id]': session.id,
      success_url: 'https://app.example/launch',
      cancel_url: 'https://app.example/launch',
      expires_at: String(now + 3600),
    });
    assert.equal(idempotencyKey, `checkout-${checkoutId}-1`);
    assert.deepEqual(await service.history(session), [
      {
        id: checkoutId,
        additional_seconds: 0,
        tokens: 0,
        created_at: now,
        payment: 'money',
        status: 'open',
        amount: 499,
        currency: 'eur',
        refunded_amount: 0,
        disputed_amount: 0,
      },
    ]);
  });

  test('add their time when the payment has arrived, and cost no tokens', async () => {
    const session = await service.start();
    const { expires_at } = await service.read(session);
    const checkout = await service.order(session);
    assert.equal((await service.extend(session, { additional_seconds: 1800 })).status, 200);
    assert.equal((await service.deliver(completed(checkout))).status, 200);
    const extended = await service.read(session);
    assert.equal(extended.expires_at, expires_at! + 900 + 1800);
    assert.equal(extended.tokens_allocated, 380);
    const rows = (await service.history(session)).map(({ payment, status, additional_seconds, tokens }) => ({
      payment,
      status,
      additional_seconds,
      tokens,
    }));
    assert.deepEqual(
      rows.sort((one, other) => one.tokens - other.tokens),
      [
        { payment: 'money', status: 'paid', additional_seconds: 900, tokens: 0 },
        { payment: 'tokens', status: 'paid', additional_seconds: 1800, tokens: 280 },
      ],
    );
    const events = await service.database.kysely
      .selectFrom('events')
      .select('payload')
      .where('subject', '=', `session:${session.id}`)
      .where('type', '=', 'session.extended')
      .orderBy('id')
      .execute();
    assert.deepEqual(events[1]!.payload, {
      session_id: session.id,
      revision: 3,
      expires_at: extended.expires_at,
      additional_seconds: 900,
      additional_cost: 0,
      amount: 499,
      currency: 'eur',
    });
    // Blocks are used up in the order in which they were paid: the tokens' first.
    service.clock.advance(600 + 900);
    const { body } = await service.call('POST', `/sessions/${session.id}/complete`, { as: session.as });
    assert.equal(body.final_cost, 100 + 140);
    assert.equal(body.tokens_refunded, 140);
    assert.deepEqual(await walletOf(session), { available: 760, held: 0 });
  });

  test('without a price in tokens are paid by money without being asked for it', async () => {
    const session = await service.start(100);
    for (const body of [{ additional_seconds: 300 }, { additional_seconds: 300, tokens_to_deduct: null }]) {
      const { status, body: answer } = await service.extend(session, body);
      assert.equal(status, 200);
      assert.ok(answer.checkout_url);
    }
    const renewed = await service.call('PUT', `/sessions/${session.id}/renew`, {
      as: session.as,
      body: { additional_minutes: 5 },
    });
    assert.ok(renewed.body.checkout_url);
  });

  test('are refused by the other means than they are sold for', async () => {
    const session = await service.start();
    for (const body of [
      { additional_seconds: 1800, payment: 'money' },
      { additional_seconds: 300, payment: 'tokens' },
    ]) {
      const { status, body: problem } = await service.extend(session, body);
      assert.equal(status, 422);
      assert.equal(problem.code, 'PAYMENT_METHOD_REFUSED');
    }
    const unknown = await service.extend(session, { additional_seconds: 900, payment: 'barter' });
    assert.equal(unknown.body.code, 'REQUEST_INVALID');
  });

  test('can be had by a customer whose wallet is empty', async () => {
    const session = await service.start(100);
    const [option] = (await service.read(session)).extension_options;
    assert.equal(option!.unavailable_reason, 'INSUFFICIENT_TOKENS');
    assert.deepEqual(option!.money, { amount: 499, currency: 'eur' });
    await service.deliver(completed(await service.order(session)));
    assert.equal((await service.read(session)).duration_limit_seconds, 1500);
  });

  describe('come back', () => {
    test('to an address on an origin of the application', async () => {
      const session = await service.start();
      await service.order(session, {
        additional_seconds: 900,
        payment: 'money',
        success_url: 'https://app.example/thanks',
        cancel_url: 'https://market.example/back',
      });
      const { parameters } = service.stripe.requests.at(-1)!;
      assert.equal(parameters.success_url, 'https://app.example/thanks');
      assert.equal(parameters.cancel_url, 'https://market.example/back');
    });
    for (const url of [
      'https://evil.example',
      '//app.example',
      'javascript:alert(1)',
      'https://app.example.evil',
    ]) {
      test(`not to ${url}`, async () => {
        const session = await service.start();
        for (const name of ['success_url', 'cancel_url']) {
          const answer = await service.extend(session, {
            additional_seconds: 900,
            payment: 'money',
            [name]: url,
          });
          assert.equal(answer.body.code, 'RETURN_URL_REFUSED');
        }
      });
    }
  });

  describe('asked for again', () => {
    test('with the same key, at once or later, are one Checkout', async () => {
      const session = await service.start();
      const before = service.stripe.checkouts.length;
      const ask = () => service.extend(session, { additional_seconds: 900, payment: 'money' }, 'k');
      const answers = await Promise.all(Array.from({ length: 8 }, ask));
      answers.push(await ask());
      const urls = answers.flatMap(({ body }) => body.checkout_url ?? []);
      assert.equal(new Set(urls).size, 1);
      for (const { status, body } of answers) {
        assert.ok(status === 200 || body.code === 'IDEMPOTENCY_KEY_IN_USE', JSON.stringify(body));
      }
      assert.equal(service.stripe.checkouts.length, before + 1);
    });

    test('with another key, in another tab, are one Checkout while it is open', async () => {
      const session = await service.start();
      const before = service.stripe.checkouts.length;
      const answers = await Promise.all(Array.from({ length: 5 }, () => service.extend(session)));
      const urls = new Set(answers.map(({ body }) => body.checkout_url));
      assert.equal(urls.size, 1);
      assert.equal(service.stripe.checkouts.length, before + 1);
      const checkout = await service.order(session);
      await service.deliver(completed(checkout));
      const other = await service.order(session);
      assert.notEqual(other.id, checkout.id, 'a paid one is not offered again');
    });
  });

  test('asked for again with the key of one that can no longer be paid want a fresh key', async () => {
    const session = await service.start(1000, { tokens_per_minute: 0, max_duration_seconds: 20_000 });
    const ask = (key: string) => service.extend(session, { additional_seconds: 900, payment: 'money' }, key);
    const ends = {
      expired: async (checkout: Checkout) => void (await service.deliver(expired(checkout))),
      refunded: async (checkout: Checkout) => {
        await service.deliver(completed(checkout));
        assert.equal((await ask('refunded')).status, 200, 'a paid one is answered again');
        await service.deliver(refunded(checkout));
      },
      'run-out': async () => service.clock.advance(3600),
    };
    // Long enough to live on when the last one has run out.
    for (let count = 0; count < 3; count += 1) {
      session.as = (await service.extend(session, { additional_seconds: 1800 })).body.session_token;
    }
    for (const [key, end] of Object.entries(ends)) {
      const { body } = await ask(key);
      await end(service.stripe.checkouts.find(({ url }) => url === body.checkout_url) as never);
      const closed = await ask(key);
      assert.equal(closed.status, 409, key);
      assert.equal(closed.body.code, 'CHECKOUT_CLOSED');
      const fresh = await ask(`${key}-again`);
      assert.notEqual(fresh.body.checkout_url, body.checkout_url);
      assert.equal(fresh.status, 200);
      await service.deliver(
        expired(service.stripe.checkouts.find(({ url }) => url === fresh.body.checkout_url) as never),
      );
    }
  });

  describe('while Stripe', () => {
    for (const failure of [500, 429, 409, 'hang', 'lost answer', 'reset'] as const) {
      test(`fails (${failure}), are asked for again with the same key until one Checkout is open`, async () => {
        const session = await service.start();
        const before = service.stripe.checkouts.length;
        // The SDK itself asks once more where a connection broke.
        const isBroken = failure === 'lost answer' || failure === 'reset';
        service.stripe.failures = isBroken ? [failure, failure] : [failure];
        const ask = () => service.extend(session, { additional_seconds: 900, payment: 'money' }, 'k');
        const refused = await ask();
        assert.equal(refused.status, 503);
        assert.equal(refused.body.code, 'PAYMENTS_UNAVAILABLE');
        assert.equal(refused.headers.get('retry-after'), '2');
        const opened = await ask();
        assert.equal(opened.status, 200, JSON.stringify(opened.body));
        assert.equal(service.stripe.checkouts.length, before + 1);
        await service.deliver(completed(await service.order(session)));
        assert.equal((await service.read(session)).duration_limit_seconds, 1500);
      });
    }

    for (const failure of [400, 401] as const) {
      test(`refuses (${failure}), are refused, and another try has a fresh key`, async () => {
        const session = await service.start();
        service.stripe.failures = [failure];
        const ask = (key: string) =>
          service.extend(session, { additional_seconds: 900, payment: 'money' }, key);
        const refused = await ask('k1');
        assert.equal(refused.status, 422);
        assert.equal(refused.body.code, 'PAYMENT_PROVIDER_REFUSED');
        assert.equal((await ask('k1')).body.code, 'CHECKOUT_CLOSED');
        assert.equal((await ask('k2')).status, 200);
        const statuses = (await service.history(session)).map(({ status }) => status);
        assert.deepEqual(statuses.sort(), ['failed', 'open']);
      });
    }

    test('does not answer, nothing in the database waits for it', async () => {
      const session = await service.start();
      service.stripe.failures = ['hang'];
      const asked = service.extend(session);
      const since = service.stripe.requests.length;
      await until(() => service.stripe.requests.length >= since);
      assert.equal((await service.extend(session, { additional_seconds: 1800 })).status, 200);
      assert.equal(
        (await service.call('POST', `/sessions/${session.id}/pause`, { as: session.as })).status,
        200,
      );
      assert.equal((await asked).status, 503);
    });
  });

  test('are added though the payment is told before Stripe has answered', async () => {
    const session = await service.start();
    service.stripe.onCheckout = async (checkout) => {
      const { status } = await service.deliver(completed(checkout as never));
      assert.equal(status, 200);
      assert.equal((await service.read(session)).duration_limit_seconds, 1500);
    };
    const { status, body } = await service.extend(session);
    assert.equal(status, 200);
    assert.ok(body.checkout_url);
    assert.equal(body.session.duration_limit_seconds, 1500);
    assert.equal((await service.history(session))[0]!.status, 'paid');
  });

  test('that failed or expired change nothing', async () => {
    const session = await service.start();
    const before = await service.read(session);
    const failed = await service.order(session);
    await service.deliver(
      eventOf('checkout.session.completed', { ...paid(failed), payment_status: 'unpaid' }),
    );
    assert.equal((await service.history(session))[0]!.status, 'open', 'a payment that takes its time');
    await service.deliver(eventOf('checkout.session.async_payment_failed', failed));
    service.clock.advance(1);
    await service.deliver(expired(await service.order(session)));
    assert.deepEqual(
      (await service.history(session)).map(({ status }) => status),
      ['failed', 'expired'],
    );
    assert.deepEqual({ ...(await service.read(session)), remaining_seconds: 600 }, before);
  });

  test('paid by a means that takes its time are added when the money is there', async () => {
    const session = await service.start();
    const checkout = await service.order(session);
    await service.deliver(
      eventOf('checkout.session.completed', { ...paid(checkout), payment_status: 'unpaid' }),
    );
    assert.equal((await service.read(session)).duration_limit_seconds, 600);
    await service.deliver(eventOf('checkout.session.async_payment_succeeded', paid(checkout)));
    await service.deliver(completed(checkout));
    assert.equal((await service.read(session)).duration_limit_seconds, 1500);
  });

  test('told of twenty times at once are added once', async () => {
    const session = await service.start();
    const checkout = await service.order(session);
    const event = completed(checkout);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => service.deliver(i % 2 ? event : completed(checkout))),
    );
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
    assert.equal((await service.read(session)).duration_limit_seconds, 1500);
    assert.equal((await service.history(session)).length, 1);
  });

  describe('paid after', () => {
    const refundedOnce = async (session: PaidSession, paymentIntent: string) => {
      await until(async () => (await service.history(session)).at(-1)!.status === 'refunded');
      assert.equal(refundsOf(paymentIntent), 1);
    };

    test('the end of the session go back in full, once, and change no bill', async () => {
      const session = await service.start();
      const checkout = await service.order(session);
      await service.call('POST', `/sessions/${session.id}/end`, { as: session.as });
      const before = await service.read(session);
      const event = completed(checkout);
      await Promise.all([
        service.deliver(event),
        service.deliver(event),
        service.deliver(completed(checkout)),
      ]);
      await refundedOnce(session, paymentIntentOf(checkout));
      await service.deliver(refunded(checkout));
      assert.deepEqual(await service.read(session), before);
      const [row] = await service.history(session);
      assert.equal(row!.additional_seconds, 0);
    });

    test('a deadline that nobody has looked at yet go back too', async () => {
      const session = await service.start();
      const checkout = await service.order(session);
      service.clock.advance(601);
      await service.deliver(completed(checkout));
      await refundedOnce(session, paymentIntentOf(checkout));
      assert.equal((await service.read(session)).status, 'expired');
    });

    test('the longest length, or the last extension, was reached go back', async () => {
      for (const limit of [{ max_duration_seconds: 1500 }, { max_extensions: 1 }]) {
        const session = await service.start(1000, limit);
        const checkout = await service.order(session);
        assert.equal((await service.extend(session, { additional_seconds: 900 })).status, 200);
        assert.equal((await service.extend(session)).body.code, 'EXTENSION_LIMIT_REACHED');
        const { extension_options } = await service.read(session);
        assert.deepEqual(
          extension_options.map(({ unavailable_reason, money }) => [unavailable_reason, money]),
          [
            ['EXTENSION_LIMIT_REACHED', undefined],
            ['EXTENSION_LIMIT_REACHED', undefined],
            ['EXTENSION_LIMIT_REACHED', undefined],
          ],
        );
        await service.deliver(completed(checkout));
        await until(() => refundsOf(paymentIntentOf(checkout)) === 1);
        await until(async () => (await service.history(session)).some(({ status }) => status === 'refunded'));
        assert.equal((await service.read(session)).duration_limit_seconds, 1500);
      }
    });

    for (const failure of [500, 429, 'hang', 'lost answer', 400] as const) {
      test(`the end go back though Stripe fails at first (${failure})`, async () => {
        const session = await service.start();
        const checkout = await service.order(session);
        await service.call('POST', `/sessions/${session.id}/end`, { as: session.as });
        service.stripe.failures = [failure, failure, failure, failure];
        const since = service.stripe.requests.length;
        await service.deliver(completed(checkout));
        for (let tries = 1; tries <= 4; tries += 1) {
          await until(async () => {
            service.clock.advance(1);
            return service.stripe.requests.length >= since + tries;
          });
        }
        await until(async () => {
          service.clock.advance(60);
          return (await service.history(session)).at(-1)!.status === 'refunded';
        });
        assert.equal(refundsOf(paymentIntentOf(checkout)), 1);
      });
    }

    test('the end go back though the process that was to do it died', async () => {
      const session = await service.start();
      const checkout = await service.order(session);
      await service.call('POST', `/sessions/${session.id}/end`, { as: session.as });
      // The process claims the job, asks, and is never heard of again.
      const { now, timer } = service.clock;
      service.stripe.failures = ['hang'];
      const since = service.stripe.requests.length;
      const dying = { secretKey, webhookSecret, apiUrl: service.stripe.url, timeoutMs: 60_000 };
      await service.service.close();
      const options = { database: service.database, operatorKey, publicUrl: 'http://session.test', now };
      const dead = createSessionService({ ...options, timer: () => () => {}, stripe: dying });
      await dead.start();
      await service.deliver(completed(checkout));
      await until(() => service.stripe.requests.length > since);

      const heir = createSessionService({ ...options, timer, stripe: { ...dying, timeoutMs: 1_000 } });
      await heir.start();
      assert.equal((await service.history(session))[0]!.status, 'paid');
      service.clock.advance(61);
      await until(async () => {
        service.clock.advance(1);
        return (await service.history(session))[0]!.status === 'refunded';
      });
      assert.equal(refundsOf(paymentIntentOf(checkout)), 1);
      const [first, second] = service.stripe.requests.slice(since);
      assert.equal(second!.idempotencyKey, first!.idempotencyKey);
      await heir.close();
    });
  });
});

describeOnOneDatabase('Without keys of Stripe', (source) => {
  test('extensions are sold for tokens only', async () => {
    const service = await startTestService({ database: await source.create() });
    after(() => service.close());
    const application = await service.createApplication({ extension_options: moneyOptions });
    const { session, session_token: as } = await service.createSession(
      application,
      await service.createCustomer(1000),
    );
    assert.deepEqual(
      session.extension_options.map(({ additional_seconds, money }) => [additional_seconds, money]),
      [
        [900, undefined],
        [1800, undefined],
      ],
    );
    const headers = { 'Idempotency-Key': 'k' };
    const body = { additional_seconds: 900, payment: 'money' };
    const answer = await service.call('POST', `/sessions/${session.id}/extend`, { as, body, headers });
    assert.equal(answer.body.code, 'PAYMENT_METHOD_REFUSED');
    const webhook = await service.call('POST', '/api/v1/webhooks/stripe', { body: {} });
    assert.equal(webhook.status, 404);
  });
});
