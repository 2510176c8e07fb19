import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import type { SessionAnswer } from '../../src/protocol/api.js';
import { assertBooksBalance, sumOf } from './books.js';
import { describeOnEachDatabase } from './databases.js';
import { startTestService, type TestApplication, type TestService } from './fixtures.js';
import { TestClock } from './test-clock.js';

type Step =
  | { do: 'create'; seconds: number }
  | { do: 'credit'; tokens: number }
  | { do: 'wait'; seconds: number }
  | { do: 'extend' | 'pause' | 'resume' | 'complete' | 'end' | 'read'; which: number; seconds: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('create' as const), seconds: fc.integer({ min: 60, max: 3600 }) }),
  fc.record({ do: fc.constant('credit' as const), tokens: fc.integer({ min: 1, max: 500 }) }),
  fc.record({
    do: fc.constant('wait' as const),
    seconds: fc.integer({ min: 1, max: 1500 }).map((n) => n / 1.7),
  }),
  fc.record({
    do: fc.constantFrom(
      'extend' as const,
      'pause' as const,
      'resume' as const,
      'complete' as const,
      'end' as const,
      'read' as const,
    ),
    which: fc.nat(5),
    seconds: fc.constantFrom(900, 1800),
  }),
);

describeOnEachDatabase('The ledger', (source) => {
  const clock = new TestClock();
  let service: TestService;
  let application: TestApplication;
  before(async () => {
    service = await startTestService({ database: await source.create(), now: clock.now, timer: clock.timer });
    application = await service.createApplication({ tokens_per_minute: 7, max_pause_seconds: 300 });
  });
  after(() => service.close());

  test('balances after any sequence of calls, and every bill adds up', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        const userId = await service.createCustomer(1500);
        const sessions: string[] = [];
        for (const [i, one] of steps.entries()) await run(one, userId, sessions, i);
        await assertBooksBalance(service.database);
        clock.advance(20_000);
        let costs = 0;
        for (const id of sessions) costs += await settledCost(id);
        const { body } = await service.call<{ wallet: { available: number; held: number } }>(
          'GET',
          `/customers/${userId}`,
        );
        assert.equal(body.wallet.held, 0);
        const credits = steps.reduce((sum, one) => sum + (one.do === 'credit' ? one.tokens : 0), 1500);
        assert.equal(body.wallet.available, credits - costs, 'nothing is lost and nothing appears');
        await assertBooksBalance(service.database);
      }),
      { numRuns: source.kind === 'PGlite' ? 12 : 25 },
    );
  });

  async function run(one: Step, userId: string, sessions: string[], i: number): Promise<void> {
    const headers = { 'Idempotency-Key': `step-${i}` };
    if (one.do === 'wait') {
      clock.advance(Math.round(one.seconds * 1000) / 1000);
    } else if (one.do === 'credit') {
      const body = { tokens: one.tokens, reference: `credit-${i}` };
      assert.equal((await service.call('POST', `/customers/${userId}/credits`, { body })).status, 200);
    } else if (one.do === 'create') {
      const body = { application_id: application.id, user_id: userId, duration_seconds: one.seconds };
      const answer = await service.call<SessionAnswer>('POST', '/sessions', {
        body,
        headers: { 'Idempotency-Key': `${userId}-${i}` },
      });
      assert.ok([201, 402].includes(answer.status), String(answer.status));
      if (answer.status === 201) sessions.push(answer.body.session.id);
    } else {
      const id = sessions[one.which % Math.max(1, sessions.length)];
      if (id === undefined) return;
      const path = `/sessions/${id}`;
      const answer =
        one.do === 'read'
          ? await service.call('GET', path)
          : await service.call('POST', `${path}/${one.do}`, {
              headers,
              ...(one.do === 'extend' && { body: { additional_seconds: one.seconds } }),
            });
      assert.ok([200, 402, 409, 410].includes(answer.status), JSON.stringify(answer.body));
    }
  }

  /** What an ended session cost, after a look at its bill. */
  async function settledCost(id: string): Promise<number> {
    const { session } = (await service.call<SessionAnswer>('GET', `/sessions/${id}`)).body;
    assert.ok(['completed', 'expired'].includes(session.status));
    assert.equal(session.final_cost! + session.tokens_refunded!, session.tokens_allocated);
    assert.ok(session.used_seconds! <= session.duration_limit_seconds);
    if (session.status === 'expired') assert.equal(session.tokens_refunded, 0);
    assert.equal(await sumOf(service.database, `hold:${id}`), 0);
    return session.final_cost!;
  }
});
