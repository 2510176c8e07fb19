// Money that arrives and does not fit: given for, given back, or told to a person, and never dropped.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import fc from 'fast-check';
import type { ServiceException } from '../../src/protocol/exceptions.js';
import { assertBooksBalance } from './books.js';
import { describeOnOneDatabase } from './databases.js';
import { expectOk, until } from './fixtures.js';
import { startPaidService, type PaidService, type PaidSession } from './paid-service.js';
import {
  completed,
  converted,
  disputed,
  eventOf,
  expired,
  paid,
  paymentIntentOf,
  refunded,
  refundNews,
  type Checkout,
  type StripeEvent,
} from './stripe-events.js';

const pounds = { amount: 425, currency: 'gbp' };

describeOnOneDatabase('Money that does not fit', (source) => {
  let service: PaidService;
  before(async () => {
    service = await startPaidService(source);
  });
  afterEach(async () => {
    await assertBooksBalance(service.database);
  });
  after(() => service.close());

  const order = async () => {
    const session = await service.start();
    return { session, checkout: await service.order(session) };
  };
  const tell = async (event: StripeEvent) => assert.equal((await service.deliver(event)).status, 200);
  const exceptionsAbout = async (text: string) => {
    const { exceptions } = expectOk(
      await service.call<{ exceptions: ServiceException[] }>('GET', '/exceptions?limit=100'),
    );
    return exceptions.filter((exception) => JSON.stringify(exception).includes(text));
  };
  const resolve = (id: string) =>
    service.call('POST', `/exceptions/${id}/resolve`, { body: { note: 'Settled by hand' } });
  const lengthOf = async (session: PaidSession) => (await service.read(session)).duration_limit_seconds;
  const statusOf = async (session: PaidSession) =>
    (await service.history(session)).map(({ status }) => status);
  const refundsOf = (paymentIntent: string) =>
    service.stripe.refunds.filter(({ payment_intent }) => payment_intent === paymentIntent);
  const ended = async ({ id, as }: PaidSession) =>
    expectOk(await service.call('POST', `/sessions/${id}/end`, { as }));

  for (const way of ['conversion', 'presentment'] as const) {
    describe(`a price that was paid in the customer's currency (${way})`, () => {
      const amount = way === 'conversion' ? pounds : { amount: 499, currency: 'eur' };
      const gone = (checkout: Checkout, part = amount.amount) =>
        refunded({ ...checkout, amount_total: amount.amount, currency: amount.currency }, part);

      test('adds its time, and stands in the books as the price', async () => {
        const { session, checkout } = await order();
        await tell(converted(checkout, pounds, way));
        await tell(converted(checkout, pounds, way));
        assert.equal(await lengthOf(session), 1500);
        assert.deepEqual(await statusOf(session), ['paid']);
        assert.deepEqual(await exceptionsAbout(session.id), []);
      });

      test('goes back in part and whole, in that currency', async () => {
        const { session, checkout } = await order();
        await tell(converted(checkout, pounds, way));
        await tell(gone(checkout, 200));
        const [row] = await service.history(session);
        assert.equal(row!.refunded_amount, way === 'conversion' ? 235 : 200);
        assert.equal(await lengthOf(session), 1500);
        await tell(gone(checkout));
        assert.deepEqual(await statusOf(session), ['refunded']);
        assert.equal(await lengthOf(session), 600);
      });

      test('that went back before it was told is given for by nothing', async () => {
        const { session, checkout } = await order();
        await tell(gone(checkout));
        await tell(converted(checkout, pounds, way));
        assert.deepEqual(await statusOf(session), ['refunded']);
        assert.equal(await lengthOf(session), 600);
      });

      test('is disputed in that currency', async () => {
        const { session, checkout } = await order();
        await tell(converted(checkout, pounds, way));
        await tell(disputed(checkout, 'created', 'needs_response', pounds));
        assert.equal(await lengthOf(session), 600);
        await tell(disputed(checkout, 'closed', 'won', { ...pounds, created: 1_767_225_700 }));
        assert.equal(await lengthOf(session), 1500);
        assert.deepEqual(await exceptionsAbout(session.id), []);
      });

      test('that comes after the end goes back', async () => {
        const { session, checkout } = await order();
        await ended(session);
        await tell(converted(checkout, pounds, way));
        await until(async () => (await statusOf(session))[0] === 'refunded');
        assert.equal(refundsOf(paymentIntentOf(checkout)).length, 1);
      });
    });
  }

  const unfit: Record<string, [ServiceException['kind'], (checkout: Checkout) => StripeEvent]> = {
    'of another amount': [
      'payment_amount_mismatch',
      (checkout) => completed({ ...checkout, amount_total: 250 }),
    ],
    'in another currency': [
      'payment_currency_mismatch',
      (checkout) => completed({ ...checkout, currency: 'jpy' }),
    ],
    'converted from another price': [
      'payment_amount_mismatch',
      (checkout) => converted({ ...checkout, amount_total: 500 }, pounds, 'conversion'),
    ],
    'converted from another currency': [
      'payment_currency_mismatch',
      (checkout) => converted({ ...checkout, currency: 'usd' }, pounds, 'conversion'),
    ],
    'for a checkout that is not there': [
      'payment_unmatched',
      (checkout) => {
        const metadata = { ...checkout.metadata, checkout_id: 'gone' };
        return eventOf('checkout.session.completed', { ...paid(checkout), id: 'cs_test_gone', metadata });
      },
    ],
    'for another session': [
      'payment_unmatched',
      (checkout) => completed({ ...checkout, metadata: { ...checkout.metadata, session_id: 'another' } }),
    ],
    'that names nothing': [
      'payment_unmatched',
      (checkout) => eventOf('checkout.session.completed', { ...paid(checkout), metadata: {} }),
    ],
  };
  for (const [name, [kind, event]] of Object.entries(unfit)) {
    test(`a payment ${name} waits for a person, once, until it has gone back`, async () => {
      const { session, checkout } = await order();
      const told = event(checkout);
      const { amount_total: amount, currency } = told.data.object as Checkout;
      await tell(told);
      await tell(event(checkout));
      assert.equal(await lengthOf(session), 600);
      const [exception, ...others] = await exceptionsAbout(paymentIntentOf(checkout));
      assert.deepEqual(others, []);
      assert.deepEqual(
        [exception!.kind, exception!.status, exception!.amount, exception!.currency],
        [kind, 'open', amount, currency],
      );
      await assertBooksBalance(service.database);
      await tell(refunded({ ...checkout, amount_total: amount, currency }));
      const [after] = await exceptionsAbout(paymentIntentOf(checkout));
      assert.deepEqual([after!.status, after!.resolved_by], ['resolved', 'payment-provider']);
    });
  }

  test('a payment without a number that could go back waits for a person', async () => {
    const { session, checkout } = await order();
    await tell(eventOf('checkout.session.completed', { ...paid(checkout), payment_intent: null }));
    const [exception] = await exceptionsAbout(session.id);
    assert.equal(exception!.kind, 'payment_unmatched');
  });

  test('what waits is seen by the provider whose session was paid for', async () => {
    const provider_id = `provider-${crypto.randomUUID()}`;
    const { secretKey } = await service.createApplication({ provider_id });
    const session = await service.start(1000, { provider_id });
    const checkout = await service.order(session);
    const metadata = { ...checkout.metadata, checkout_id: 'gone' };
    await tell(eventOf('checkout.session.completed', { ...paid(checkout), id: 'cs_test_gone', metadata }));
    const { body } = await service.call<{ exceptions: ServiceException[] }>('GET', '/exceptions', {
      as: secretKey,
    });
    assert.deepEqual(
      body.exceptions.map(({ kind, session_id }) => [kind, session_id]),
      [['payment_unmatched', session.id]],
    );
  });

  test("sales of somebody else on the same account are nobody's business", async () => {
    const { checkout } = await order();
    const foreign = { ...checkout, id: 'cs_test_foreign', metadata: {} as Checkout['metadata'] };
    await tell(eventOf('checkout.session.completed', { ...paid(foreign), client_reference_id: null }));
    assert.deepEqual(await exceptionsAbout(paymentIntentOf(foreign)), []);
  });

  test('resolved by a person it is settled, and opened no more', async () => {
    const { checkout } = await order();
    const event = () => completed({ ...checkout, amount_total: 250 });
    await tell(event());
    const [exception] = await exceptionsAbout(paymentIntentOf(checkout));
    await resolve(exception!.id);
    await assertBooksBalance(service.database);
    await tell(event());
    assert.equal((await exceptionsAbout(paymentIntentOf(checkout))).length, 1);
    // The money may go back all the same.
    await tell(refunded({ ...checkout, amount_total: 250 }));
  });

  test('paid twice: the second payment goes back, and the time stays', async () => {
    const { session, checkout } = await order();
    await tell(completed(checkout));
    const second = () =>
      eventOf('checkout.session.completed', {
        ...paid(checkout),
        payment_intent: `pi_second_${checkout.id}`,
      });
    await tell(second());
    await tell(second());
    await until(async () => (await statusOf(session)).includes('refunded'));
    assert.equal(await lengthOf(session), 1500);
    assert.deepEqual((await statusOf(session)).sort(), ['paid', 'refunded']);
    assert.equal(refundsOf(`pi_second_${checkout.id}`).length, 1);
    assert.equal(refundsOf(paymentIntentOf(checkout)).length, 0);
    assert.deepEqual(await exceptionsAbout(session.id), []);
  });

  describe('a refund that fails', () => {
    const late = async () => {
      const { session, checkout } = await order();
      await ended(session);
      await tell(completed(checkout));
      await until(async () => (await statusOf(session))[0] === 'refunded');
      return { session, checkout };
    };
    /** The bank sends the last refund back. */
    const fail = async (checkout: Checkout, type: Parameters<typeof refundNews>[1] = 'refund.failed') => {
      const last = refundsOf(paymentIntentOf(checkout)).at(-1)!;
      last.status = 'failed';
      await tell(refundNews(checkout, type, { id: last.id as string, status: 'failed' }));
    };
    /** Lets time pass until something has happened. */
    const passUntil = (condition: () => Promise<boolean> | boolean, stepSeconds: number) =>
      until(async () => {
        service.clock.advance(stepSeconds);
        return condition();
      });

    for (const type of ['refund.failed', 'refund.updated', 'charge.refund.updated'] as const) {
      test(`stands in the books as money that is still due, and is tried again (${type})`, async () => {
        const { session, checkout } = await late();
        await fail(checkout, type);
        assert.deepEqual(await statusOf(session), ['paid']);
        await assertBooksBalance(service.database);
        service.clock.advance(3600);
        await passUntil(async () => (await statusOf(session))[0] === 'refunded', 1);
        assert.equal(refundsOf(paymentIntentOf(checkout)).length, 2);
        // What was told before is told again, and changes nothing.
        await tell(refunded(checkout));
        await tell(
          refundNews(checkout, type, {
            id: refundsOf(paymentIntentOf(checkout))[0]!.id as string,
            status: 'failed',
          }),
        );
        assert.deepEqual(await statusOf(session), ['refunded']);
        assert.deepEqual(await exceptionsAbout(session.id), []);
      });
    }

    test('again and again is left to a person, who settles it', async () => {
      const { session, checkout } = await late();
      for (const retryHours of [1, 4]) {
        await fail(checkout);
        service.clock.advance(retryHours * 3600 - 60);
        assert.deepEqual(await statusOf(session), ['paid'], 'not before its time');
        service.clock.advance(60);
        await passUntil(async () => (await statusOf(session))[0] === 'refunded', 1);
      }
      await fail(checkout);
      const [exception] = await exceptionsAbout(session.id);
      assert.deepEqual(
        [exception!.kind, exception!.status, exception!.amount, exception!.currency],
        ['refund_failed', 'open', 499, 'eur'],
      );
      await assertBooksBalance(service.database);
      service.clock.advance(48 * 3600);
      assert.equal(refundsOf(paymentIntentOf(checkout)).length, 3);
      await resolve(exception!.id);
      assert.equal((await exceptionsAbout(session.id))[0]!.status, 'resolved');
    });

    test('that was made at Stripe gives the time back, and is told to a person', async () => {
      const { session, checkout } = await order();
      await tell(completed(checkout));
      await tell(refunded(checkout));
      assert.equal(await lengthOf(session), 600);
      const failed = refundNews(checkout, 'refund.failed');
      await tell(failed);
      await tell(refundNews(checkout, 'refund.updated', { status: 'failed' }));
      assert.equal(await lengthOf(session), 1500);
      assert.deepEqual(await statusOf(session), ['paid']);
      const exceptions = await exceptionsAbout(session.id);
      assert.deepEqual(
        exceptions.map(({ kind, status }) => [kind, status]),
        [['refund_failed', 'open']],
      );
    });

    test('that Stripe refuses for long is told to a person, and ends well by itself', async () => {
      const { session, checkout } = await order();
      await ended(session);
      service.stripe.failures = Array.from({ length: 9 }, () => 401 as const);
      await tell(completed(checkout));
      await passUntil(async () => (await exceptionsAbout(session.id)).length > 0, 3600);
      service.stripe.failures = [];
      await passUntil(async () => (await statusOf(session))[0] === 'refunded', 3600);
      const [exception] = await exceptionsAbout(session.id);
      assert.deepEqual([exception!.kind, exception!.status], ['refund_failed', 'resolved']);
    });
  });

  // The database makes no difference to an order; the real one is the quicker.
  const inAnyOrder = source.kind === 'PostgreSQL' ? test : () => {};
  inAnyOrder(
    'in any order, and however often: every cent is given for, given back, or waits for somebody',
    async () => {
      const second = (checkout: Checkout) =>
        eventOf('checkout.session.completed', {
          ...paid(checkout),
          payment_intent: `pi_second_${checkout.id}`,
        });
      const news: Record<string, (checkout: Checkout) => StripeEvent> = {
        completed,
        converted: (checkout) => converted(checkout, pounds, 'conversion'),
        presented: (checkout) => converted(checkout, pounds, 'presentment'),
        expired,
        second,
        tooLittle: (checkout) => completed({ ...checkout, amount_total: 250 }),
        strangeCurrency: (checkout) => completed({ ...checkout, currency: 'jpy' }),
        unknown: (checkout) =>
          eventOf('checkout.session.completed', {
            ...paid(checkout),
            ...{ id: 'cs_x', payment_intent: `pi_third_${checkout.id}` },
            metadata: { ...checkout.metadata, checkout_id: `gone-${checkout.id}` },
          }),
        refunded,
        refundedInPounds: (checkout) => refunded({ ...checkout, amount_total: 425, currency: 'gbp' }),
        partRefunded: (checkout) => refunded(checkout, 200),
        refundFailed: (checkout) => refundNews(checkout, 'refund.failed'),
        refundUpdated: (checkout) => refundNews(checkout, 'charge.refund.updated', { status: 'failed' }),
        disputed: (checkout) => disputed(checkout, 'created', 'needs_response'),
        disputedInPounds: (checkout) =>
          disputed(checkout, 'created', 'needs_response', { ...pounds, id: `du_p${checkout.id}` }),
        won: (checkout) => disputed(checkout, 'closed', 'won', { created: 1_767_225_700 }),
      };
      const names = fc.array(fc.constantFrom(...Object.keys(news)), { minLength: 1, maxLength: 8 });
      await fc.assert(
        fc.asyncProperty(names, fc.boolean(), async (told, isEnded) => {
          const { session, checkout } = await order();
          if (isEnded) await ended(session);
          for (const name of told) await tell(news[name]!(checkout));
          await assertBooksBalance(service.database);
          await assertNothingDropped(checkout, told);
        }),
        { numRuns: Number(process.env.UNFIT_RUNS ?? 25), endOnFailure: true },
      );
    },
  );

  /** Each payment that was told is a checkout's, or waits, or waited, for a person. */
  async function assertNothingDropped(checkout: Checkout, told: readonly string[]): Promise<void> {
    const { kysely } = service.database;
    const first = ['completed', 'converted', 'presented', 'tooLittle', 'strangeCurrency'];
    const payments: [string, string[]][] = [
      [paymentIntentOf(checkout), first],
      [`pi_second_${checkout.id}`, ['second']],
      [`pi_third_${checkout.id}`, ['unknown']],
    ];
    for (const [id, names] of payments) {
      if (!names.some((name) => told.includes(name))) continue;
      const own = await kysely
        .selectFrom('checkouts')
        .select('id')
        .where('payment_intent_id', '=', id)
        .execute();
      const held = await kysely.selectFrom('held_payments').select('id').where('id', '=', id).execute();
      assert.equal(own.length + held.length, 1, `whose is ${id}?`);
    }
  }
});
