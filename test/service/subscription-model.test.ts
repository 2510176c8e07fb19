// Whatever is asked of subscriptions, by two instances, while transactions are killed half way: they are what the model says.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { sql } from 'kysely';
import { assertBooksBalance } from './books.js';
import { expectOk, startTestService, type Json, type TestApplication, type TestService } from './fixtures.js';
import { plans } from './model/plans.js';
import { passTo, perform, type Model, type Wish } from './model/subscriptions.js';
import { crashAfter, letCrash } from './crashing-database.js';
import { startRealPostgres, type RealPostgres } from './real-postgres.js';
import { TestClock } from './test-clock.js';

/** How many lists of steps are tried; set SUBSCRIPTION_RUNS for more. */
const numRuns = Number(process.env.SUBSCRIPTION_RUNS ?? 4);

type Step =
  | { kind: 'wish'; wish: Wish; on: 0 | 1; twice: boolean }
  | { kind: 'pass'; hours: number }
  | { kind: 'spend' }
  /** The transaction that makes so many more changes is killed in the middle of that one. */
  | { kind: 'crash'; after: number };

// Few targets and few plans, so that the same ones meet again and again.
const target = fc.nat(2);
const plan = fc.nat(plans.length - 1);
const wish: fc.Arbitrary<Wish> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('subscribe' as const), plan }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('change' as const), target, plan }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('pause' as const),
      target,
      hours: fc.constantFrom(undefined, 5, 24, 60),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('resume' as const), target }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('cancel' as const),
      target,
      atPeriodEnd: fc.constantFrom(true, true, false),
    }),
  },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('wish' as const),
      wish,
      on: fc.constantFrom(0, 1),
      twice: fc.boolean(),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('pass' as const),
      hours: fc.constantFrom(1, 9, 24, 70, 800, 800),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('spend' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('crash' as const), after: fc.integer({ min: 1, max: 12 }) }),
  },
);

/** What makes a subscription's change. */
const changedTables = [
  'subscriptions',
  'subscription_grants',
  'ledger_transactions',
  'ledger_entries',
  'events',
];

describe('Subscriptions of two instances, whose transactions are killed', () => {
  const clock = new TestClock(Date.UTC(2027, 0, 1));
  let postgres: RealPostgres;
  let services: TestService[];
  let application: TestApplication;
  before(async () => {
    postgres = await startRealPostgres();
    const database = await postgres.createDatabase();
    const start = () => startTestService({ database, now: clock.now, timer: clock.timer });
    services = [await start(), await start()];
    application = await services[0]!.createApplication({ tokens_per_minute: 7 });
    for (const { id, tokens, expires, days } of plans) {
      const interval = days === undefined ? 'month' : 'day';
      const body = { id, name: id, interval, tokens_per_period: tokens, rollover: !expires };
      expectOk(await services[0]!.call('POST', '/plans', { body }));
    }
    await letCrash(services[0]!.database.kysely, changedTables);
  });
  after(async () => {
    for (const service of services) await service.close();
    await postgres.stop();
  });

  const seconds = () => clock.now() / 1000;

  /** To the last day of a January, which most of the months behind it have not. */
  function toLastDayOfJanuary(): void {
    const at = Date.UTC(new Date(clock.now()).getUTCFullYear(), 0, 31, 7);
    const next = at > clock.now() ? at : Date.UTC(new Date(at).getUTCFullYear() + 1, 0, 31, 7);
    clock.advance((next - clock.now()) / 1000);
  }

  /** Asks until it is answered: after a connection that was killed, too. */
  async function call(service: TestService, ...[method, path, sent]: Parameters<TestService['call']>) {
    const headers = { 'Idempotency-Key': crypto.randomUUID(), ...sent?.headers };
    for (;;) {
      const answer = await service.call<Json>(method, path, { ...sent, headers });
      if (answer.status !== 503 && answer.body.code !== 'IDEMPOTENCY_KEY_IN_USE') return answer;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** Waits until nothing is due; what has lost its connection is tried again a second later. */
  async function settle(): Promise<void> {
    const giveUpAt = Date.now() + 60_000;
    for (let looks = 1; ; looks += 1) {
      const { rows } = await sql<{ due: number }>`
        select count(*)::int as due from subscriptions where due_at <= ${clock.now()}::bigint`
        .execute(services[0]!.database.kysely)
        .catch(() => ({ rows: [{ due: 1 }] }));
      if (rows[0]!.due === 0) return;
      if (Date.now() > giveUpAt) assert.fail('subscriptions stay due');
      await new Promise((resolve) => setTimeout(resolve, 10));
      if (looks % 20 === 0) clock.advance(1);
    }
  }

  class Run {
    readonly #customer: string;
    readonly #ids: string[] = [];
    readonly #model: Model = { subscriptions: [], available: 200, spent: 0 };
    constructor(customer: string) {
      this.#customer = customer;
    }

    async do(one: Step): Promise<void> {
      switch (one.kind) {
        case 'pass':
          clock.advance(one.hours * 3600);
          break;
        case 'crash':
          await crashAfter(one.after).execute(services[0]!.database.kysely);
          break;
        case 'spend':
          await this.#spend();
          break;
        case 'wish':
          await this.#wish(one);
      }
      await settle();
      await this.#compare();
    }

    /** A minute that is bought and used. */
    async #spend(): Promise<void> {
      passTo(this.#model, seconds());
      const body = { application_id: application.id, user_id: this.#customer, duration_seconds: 60 };
      const { status } = await call(services[0]!, 'POST', '/sessions', { body });
      if (status === 201) {
        this.#model.spent += 7;
        this.#model.available -= 7;
      } else assert.ok(status === 402 && this.#model.available < 7);
      clock.advance(61);
    }

    async #wish({ wish, on, twice }: Extract<Step, { kind: 'wish' }>): Promise<void> {
      if (wish.kind !== 'subscribe' && this.#ids.length <= wish.target) return;
      passTo(this.#model, seconds());
      const expected = perform(this.#model, wish, plans, seconds());
      const headers = { 'Idempotency-Key': crypto.randomUUID() };
      const [method, path, body] = this.#request(wish);
      // Both instances are asked for the same at the same time; without a key of its own the second finds nothing to change.
      const asked = twice ? [services[0]!, services[1]!] : [services[on]!];
      const answers = await Promise.all(
        asked.map((service) => call(service, method, path, { body, headers })),
      );
      for (const { status, body: answer } of answers) {
        assert.equal(status < 300 ? undefined : answer.code, expected, JSON.stringify(answer));
        if (wish.kind === 'subscribe' && !expected)
          this.#ids[this.#model.subscriptions.length - 1] = answer.id as string;
      }
    }

    #request(wish: Wish): ['POST' | 'PATCH', string, Json] {
      if (wish.kind === 'subscribe')
        return ['POST', '/subscriptions', { customer_id: this.#customer, plan_id: plans[wish.plan]!.id }];
      const path = `/subscriptions/${this.#ids.at(-1 - wish.target)}`;
      switch (wish.kind) {
        case 'change':
          return ['PATCH', path, { plan_id: plans[wish.plan]!.id }];
        case 'pause':
          return [
            'POST',
            `${path}/pause`,
            wish.hours === undefined ? {} : { resumes_at: seconds() + wish.hours * 3600 },
          ];
        case 'resume':
          return ['POST', `${path}/resume`, {}];
        case 'cancel':
          return ['POST', `${path}/cancel`, { at_period_end: wish.atPeriodEnd }];
      }
    }

    async #compare(): Promise<void> {
      passTo(this.#model, seconds());
      const real = await Promise.all(
        this.#ids.map(async (id) => (await call(services[1]!, 'GET', `/subscriptions/${id}`)).body),
      );
      assert.deepEqual(
        real.map((one) => [
          one.status,
          one.plan_id,
          one.pending_plan_id,
          one.current_period_started_at,
          one.current_period_ends_at,
          one.cancel_at_period_end,
        ]),
        this.#model.subscriptions.map((one) => [
          one.status,
          one.plan.id,
          one.pending?.id ?? null,
          one.start,
          one.end,
          one.isEnding,
        ]),
      );
      const customer = (await call(services[1]!, 'GET', `/customers/${this.#customer}`)).body;
      assert.equal((customer.wallet as { available: number }).available, this.#model.available);
    }

    /** One grant a period, with its credits, and no two subscriptions to one plan. */
    async check(): Promise<void> {
      const { kysely } = services[0]!.database;
      const { rows: grants } = await sql<{ id: string; start: number; tokens: number; credited: number }>`
        select subscription_id as id, (period_started_at / 1000)::bigint as start, tokens,
          (select coalesce(sum(amount), 0)::bigint from ledger_entries
            join ledger_transactions on ledger_transactions.id = transaction_id
            where kind = 'credit' and account_id = 'wallet:' || ${this.#customer}::text
              and (reference = 'subscription/' || subscription_id || '/' || number
                or reference like 'subscription/' || subscription_id || '/' || number || '/%')) as credited
        from subscription_grants where subscription_id = any(${this.#ids}::text[])
        order by number`.execute(kysely);
      this.#model.subscriptions.forEach(({ grants: expected }, index) =>
        assert.deepEqual(
          grants
            .filter(({ id }) => id === this.#ids[index])
            .map(({ start, tokens, credited }) => [start, tokens, credited]),
          expected.map(({ start, tokens }) => [start, tokens, tokens]),
        ),
      );
      const { rows: twice } = await sql`
        select customer_id, plan_id from subscriptions where status <> 'canceled'
        group by customer_id, plan_id having count(*) > 1`.execute(kysely);
      assert.deepEqual(twice, []);
      const { rows: failing } = await sql`select * from failed_work`.execute(kysely);
      assert.deepEqual(failing, []);
      await assertBooksBalance(services[0]!.database);
      // What is left is no business of the next run.
      for (const id of this.#ids)
        await call(services[0]!, 'POST', `/subscriptions/${id}/cancel`, { body: { at_period_end: false } });
    }
  }

  test('are granted once a period, and are what the model says', async () => {
    const property = fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 30 }), async (steps) => {
      toLastDayOfJanuary();
      const run = new Run(await services[0]!.createCustomer(200));
      try {
        for (const one of steps) await run.do(one);
        await run.check();
      } finally {
        await crashAfter(0).execute(services[0]!.database.kysely);
      }
    });
    await fc.assert(property, { numRuns, endOnFailure: true });
  });
});
