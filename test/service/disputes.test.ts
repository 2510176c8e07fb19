import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { assertBooksBalance } from './books.js';
import { describeOnOneDatabase } from './databases.js';
import { until } from './fixtures.js';
import { startPaidService, type PaidService, type PaidSession } from './paid-service.js';
import { completed, disputed, expired, paymentIntentOf, refunded, type Checkout } from './stripe-events.js';

const earlier = 1_767_225_600;
const later = earlier + 100_000;

/** Every order of all of them. */
function* orders<T>(items: readonly T[]): Generator<readonly T[]> {
  if (items.length === 0) yield [];
  for (const item of items)
    for (const rest of orders(items.filter((other) => other !== item))) yield [item, ...rest];
}

const kinds = {
  completed,
  expired,
  refunded,
  asked: (checkout: Checkout) => disputed(checkout, 'created', 'warning_needs_response'),
  opened: (checkout: Checkout) => disputed(checkout, 'created', 'needs_response'),
  withdrawn: (checkout: Checkout) => disputed(checkout, 'funds_withdrawn', 'needs_response'),
  reviewed: (checkout: Checkout) => disputed(checkout, 'updated', 'under_review'),
  won: (checkout: Checkout) => disputed(checkout, 'closed', 'won'),
  lost: (checkout: Checkout) => disputed(checkout, 'closed', 'lost'),
  'won on appeal': (checkout: Checkout) => disputed(checkout, 'closed', 'won', { created: later }),
} as const;
type Kind = keyof typeof kinds;

describeOnOneDatabase('A disputed payment', (source) => {
  let service: PaidService;
  before(async () => {
    service = await startPaidService(source);
  });
  after(() => service.close());

  const tell = async (event: ReturnType<typeof disputed>) =>
    assert.equal((await service.deliver(event)).status, 200);
  /** A session with fifteen minutes that are paid. */
  const sell = async () => {
    const session = await service.start();
    const checkout = await service.order(session);
    await tell(completed(checkout));
    return { session, checkout };
  };
  const rowOf = async (session: PaidSession) => (await service.history(session)).at(-1)!;
  const movementsOf = async (session: PaidSession) =>
    (
      await service.database.kysely
        .selectFrom('money_transactions')
        .innerJoin('money_entries', 'money_entries.transaction_id', 'money_transactions.id')
        .innerJoin('checkouts', 'checkouts.id', 'checkout_id')
        .select(['kind', 'account', 'money_entries.amount'])
        .where('session_id', '=', session.id)
        .where('money_entries.amount', '>', 0)
        .orderBy('money_transactions.id')
        .execute()
    ).map(({ kind, account, amount }) => `${kind}: ${amount} to ${account}`);
  const eventsOf = async (session: PaidSession) =>
    (
      await service.database.kysely
        .selectFrom('events')
        .select('type')
        .where('subject', '=', `session:${session.id}`)
        .orderBy('id')
        .execute()
    ).map(({ type }) => type);

  describe('takes its time back while the bank has the money', () => {
    test('and gives it back when the dispute is won', async () => {
      const { session, checkout } = await sell();
      service.clock.advance(100);
      await tell(disputed(checkout, 'created', 'needs_response'));
      const open = await service.read(session);
      assert.deepEqual([open.duration_limit_seconds, open.remaining_seconds], [600, 500]);
      const { status, additional_seconds, disputed_amount } = await rowOf(session);
      assert.deepEqual([status, additional_seconds, disputed_amount], ['paid', 0, 499]);
      await assertBooksBalance(service.database);
      service.clock.advance(100);
      await tell(disputed(checkout, 'closed', 'won'));
      const won = await service.read(session);
      assert.deepEqual([won.duration_limit_seconds, won.remaining_seconds], [1500, 1300]);
      assert.deepEqual((await rowOf(session)).disputed_amount, 0);
      assert.deepEqual(await movementsOf(session), [
        'payment: 499 to sales:provider-1',
        'dispute: 499 to stripe',
        'dispute_reversal: 499 to sales:provider-1',
      ]);
      assert.deepEqual((await eventsOf(session)).slice(1), [
        'session.extended',
        'session.shortened',
        'session.extended',
      ]);
      await assertBooksBalance(service.database);
    });

    test('for good when it is lost; what was used stays used, and a minute to say goodbye', async () => {
      const { session, checkout } = await sell();
      service.clock.advance(800);
      await tell(disputed(checkout, 'created', 'needs_response'));
      await tell(disputed(checkout, 'closed', 'lost', { created: later }));
      const { remaining_seconds, duration_limit_seconds } = await service.read(session);
      assert.deepEqual([remaining_seconds, duration_limit_seconds], [60, 860]);
      assert.deepEqual((await rowOf(session)).disputed_amount, 499);
      service.clock.advance(61);
      assert.equal((await service.read(session)).used_seconds, 860);
      await assertBooksBalance(service.database);
    });

    test('in a paused session too, which keeps its pause', async () => {
      const { session, checkout } = await sell();
      service.clock.advance(100);
      await service.call('POST', `/sessions/${session.id}/pause`, { as: session.as });
      const { pause_ends_at } = await service.read(session);
      await tell(disputed(checkout, 'created', 'needs_response'));
      const paused = await service.read(session);
      assert.deepEqual([paused.remaining_seconds, paused.pause_ends_at], [500, pause_ends_at]);
      await tell(disputed(checkout, 'closed', 'won'));
      const won = await service.read(session);
      assert.deepEqual(
        [won.remaining_seconds, won.pause_ends_at, won.status],
        [1400, pause_ends_at, 'paused'],
      );
      await assertBooksBalance(service.database);
    });

    test('and gives no more back than the longest session has room for', async () => {
      const session = await service.start(1000, { max_duration_seconds: 2400 });
      const checkout = await service.order(session);
      await tell(completed(checkout));
      await tell(disputed(checkout, 'created', 'needs_response'));
      await service.extend(session, { additional_seconds: 1800 });
      await tell(disputed(checkout, 'closed', 'won'));
      assert.equal((await service.read(session)).duration_limit_seconds, 2400);
      await assertBooksBalance(service.database);
    });
  });

  describe('keeps its time', () => {
    test('while the bank only asks', async () => {
      const { session, checkout } = await sell();
      await tell(disputed(checkout, 'created', 'warning_needs_response'));
      await tell(disputed(checkout, 'closed', 'warning_closed', { created: later }));
      assert.equal((await service.read(session)).duration_limit_seconds, 1500);
      assert.deepEqual(await movementsOf(session), ['payment: 499 to sales:provider-1']);
    });

    test('while a part is disputed; together with a refund of the rest it does not', async () => {
      const { session, checkout } = await sell();
      await tell(disputed(checkout, 'created', 'needs_response', { amount: 300 }));
      assert.equal((await service.read(session)).duration_limit_seconds, 1500);
      assert.equal((await rowOf(session)).disputed_amount, 300);
      await assertBooksBalance(service.database);
      await tell(refunded(checkout, 199));
      assert.equal((await service.read(session)).duration_limit_seconds, 600);
      await tell(disputed(checkout, 'closed', 'won'));
      assert.equal((await service.read(session)).duration_limit_seconds, 1500);
      await assertBooksBalance(service.database);
    });

    test('when the session is over: only the books change', async () => {
      const { session, checkout } = await sell();
      await service.call('POST', `/sessions/${session.id}/end`, { as: session.as });
      const before = await service.read(session);
      await tell(disputed(checkout, 'created', 'needs_response'));
      await tell(disputed(checkout, 'closed', 'won'));
      await tell(disputed(checkout, 'closed', 'lost', { id: 'du_second' }));
      assert.deepEqual(await service.read(session), before);
      assert.equal((await rowOf(session)).disputed_amount, 499);
      assert.deepEqual((await movementsOf(session)).slice(1), [
        'dispute: 499 to stripe',
        'dispute_reversal: 499 to sales:provider-1',
        'dispute: 499 to stripe',
      ]);
      await assertBooksBalance(service.database);
    });

    test('where another payment, currency or account is meant', async () => {
      const { session, checkout } = await sell();
      const stranger = { ...checkout, id: 'cs_test_of_somebody_else' };
      await tell(disputed(stranger, 'created', 'needs_response', { id: 'du_a' }));
      await tell(disputed(checkout, 'created', 'needs_response', { id: 'du_b', currency: 'jpy' }));
      const { data } = disputed(checkout, 'created', 'needs_response', { id: 'du_c' });
      const connected = { account: 'acct_other', data };
      await tell({ ...disputed(checkout, 'created', 'needs_response'), ...connected } as never);
      const withoutPayment = { object: { ...data.object, id: 'du_d', payment_intent: null } };
      await tell({ ...disputed(checkout, 'created', 'needs_response'), data: withoutPayment });
      assert.equal((await service.read(session)).duration_limit_seconds, 1500);
      await assertBooksBalance(service.database);
    });
  });

  describe('that came too late', () => {
    const payLate = async (before: (checkout: Checkout) => Promise<void> = async () => {}) => {
      const session = await service.start();
      const checkout = await service.order(session);
      await service.call('POST', `/sessions/${session.id}/end`, { as: session.as });
      service.stripe.failures = [500];
      await before(checkout);
      await tell(completed(checkout));
      return { session, checkout };
    };
    const refundsOf = (checkout: Checkout) =>
      service.stripe.refunds.filter(({ payment_intent }) => payment_intent === paymentIntentOf(checkout))
        .length;

    test('is not refunded while the bank has it, and is when it comes back', async () => {
      const { session, checkout } = await payLate();
      await until(() => {
        // Work that has met a locked row comes again in a moment, which a clock that stands still has not.
        service.clock.advance(0.05);
        return service.stripe.failures.length === 0;
      });
      await tell(disputed(checkout, 'created', 'needs_response'));
      await assertBooksBalance(service.database);
      service.clock.advance(7200);
      await tell(disputed(checkout, 'updated', 'under_review', { created: later }));
      assert.equal(refundsOf(checkout), 0);
      await tell(disputed(checkout, 'closed', 'won'));
      await until(async () => (await rowOf(session)).status === 'refunded');
      assert.equal(refundsOf(checkout), 1);
      await assertBooksBalance(service.database);
    });

    test('is not even tried to be refunded where the dispute was told first', async () => {
      service.stripe.requests.length = 0;
      const { session, checkout } = await payLate((unpaid) => tell(disputed(unpaid, 'closed', 'lost')));
      service.stripe.failures = [];
      service.clock.advance(7200);
      await service.read(session);
      assert.equal(service.stripe.requests.filter(({ path }) => path === '/v1/refunds').length, 0);
      assert.equal(refundsOf(checkout), 0);
      assert.equal((await rowOf(session)).disputed_amount, 499);
      await assertBooksBalance(service.database);
    });
  });

  describe('leads to the same in every order of what Stripe tells', () => {
    const stories: Record<string, { told: Kind[]; added: number; disputedAmount: number }> = {
      won: { told: ['completed', 'expired', 'opened', 'won'], added: 900, disputedAmount: 0 },
      lost: { told: ['completed', 'opened', 'withdrawn', 'lost'], added: 0, disputedAmount: 499 },
      'refunded, and then won': {
        told: ['completed', 'refunded', 'opened', 'won'],
        added: 0,
        disputedAmount: 0,
      },
      'refunded, and lost all the same': {
        told: ['completed', 'refunded', 'opened', 'lost'],
        added: 0,
        disputedAmount: 499,
      },
      'an inquiry that became a dispute': {
        told: ['completed', 'asked', 'opened', 'lost'],
        added: 0,
        disputedAmount: 499,
      },
      'lost, and won on appeal': {
        told: ['completed', 'opened', 'lost', 'won on appeal'],
        added: 900,
        disputedAmount: 0,
      },
    };
    for (const [name, { told, added, disputedAmount }] of Object.entries(stories)) {
      test(name, async () => {
        let session: PaidSession;
        for (const [index, order] of [...orders(told)].entries()) {
          if (index % 40 === 0) session = await service.start(1000, { max_duration_seconds: 86_400 });
          const before = await service.read(session!);
          const checkout = await service.order(session!);
          const events = order.map((kind) => kinds[kind](checkout));
          // Each comes again, and once more as another event that tells the same.
          for (const [at, event] of events.entries()) {
            await tell(event);
            if (index % 4 === 0) await tell(events[Math.floor(at / 2)]!);
          }
          if (index % 4 === 1) for (const kind of order) await tell(kinds[kind](checkout));
          const row = (await service.history(session!)).find(
            ({ id }) => id === checkout.metadata.checkout_id,
          )!;
          const status = told.includes('refunded') ? 'refunded' : 'paid';
          const as = order.join(', ');
          assert.deepEqual(
            [row.status, row.additional_seconds, row.disputed_amount],
            [status, added, disputedAmount],
            as,
          );
          const now = await service.read(session!);
          assert.equal(now.duration_limit_seconds, before.duration_limit_seconds + added, as);
          assert.equal(now.expires_at, before.expires_at! + added, as);
        }
        await assertBooksBalance(service.database);
      });
    }
  });

  test('ends in the same books: paid, expired, refunded, disputed and won in any order, each up to three times', async () => {
    const told = fc
      .record({
        completed: fc.integer({ min: 1, max: 3 }),
        expired: fc.nat(3),
        refunded: fc.nat(3),
        opened: fc.nat(3),
        won: fc.nat(3),
      })
      .map((times) =>
        (Object.keys(times) as (keyof typeof times)[]).flatMap(
          (kind) => Array(times[kind]).fill(kind) as Kind[],
        ),
      )
      .chain((all) => fc.shuffledSubarray(all, { minLength: all.length }));
    const numRuns = Number(process.env.DISPUTE_ORDERS ?? 5);
    await fc.assert(
      fc.asyncProperty(told, async (order) => {
        const session = await service.start();
        const before = await service.read(session);
        const checkout = await service.order(session);
        for (const kind of order) await tell(kinds[kind](checkout));
        const isTaken = order.includes('opened') && !order.includes('won');
        const isRefunded = order.includes('refunded');
        const added = isTaken || isRefunded ? 0 : 900;
        const rows = await service.history(session);
        const row = rows.find(({ id }) => id === checkout.metadata.checkout_id)!;
        assert.deepEqual(
          [row.status, row.additional_seconds, row.disputed_amount, row.refunded_amount],
          [isRefunded ? 'refunded' : 'paid', added, isTaken ? 499 : 0, isRefunded ? 499 : 0],
        );
        const now = await service.read(session);
        assert.equal(now.expires_at, before.expires_at! + added);
        assert.equal(now.duration_limit_seconds, before.duration_limit_seconds + added);
        await assertBooksBalance(service.database);
      }),
      { numRuns, endOnFailure: true, includeErrorInReport: true },
    );
  });

  test('is one however it arrives together with its payment, on several connections at once', async () => {
    for (let round = 0; round < 8; round += 1) {
      const session = await service.start();
      const checkout = await service.order(session);
      const events = [
        completed(checkout),
        kinds.opened(checkout),
        kinds.reviewed(checkout),
        kinds.lost(checkout),
      ];
      await Promise.all([...events, ...events.reverse()].map(tell));
      const { additional_seconds, disputed_amount } = await rowOf(session);
      assert.deepEqual([additional_seconds, disputed_amount], [0, 499]);
    }
    await assertBooksBalance(service.database);
  });

  test('lowers what its provider earned, until it is won', async () => {
    const provider_id = 'provider-of-disputes';
    const session = await service.start(1000, { provider_id });
    const checkout = await service.order(session);
    await tell(completed(checkout));
    const earned = async () => {
      const { body } = await service.call<{ revenue_money: { amount: number }[] }>(
        'GET',
        `/providers/${provider_id}/stats`,
      );
      return body.revenue_money[0]!.amount;
    };
    assert.equal(await earned(), 499);
    await tell(kinds.opened(checkout));
    assert.equal(await earned(), 0);
    await tell(kinds.won(checkout));
    assert.equal(await earned(), 499);
  });
});
