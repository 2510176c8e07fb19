// Whatever is asked of help requests, by two instances, while transactions are killed half way, Stripe fails and its news come late, twice
// and in any order: their table holds, nobody is left in limbo, nobody pays without a talk, and nothing is held for ever.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { sql } from 'kysely';
import {
  isFinalHelpRequest,
  type HelpRequestStatus,
  type OfferState,
  type PaymentStatus,
} from '../../src/protocol/help-request.js';
import { assertBooksBalance } from './books.js';
import { expectOk, startTestService, type Json, type TestService } from './fixtures.js';
import { HelpScene, type Desk, type TestHelper } from './help-desk.js';
import { expectedOf, type HelperState, type HelpWish, type RequestState } from './model/help-requests.js';
import { crashAfter, letCrash } from './crashing-database.js';
import {
  chargeNews,
  completed,
  heldNews,
  secretKey,
  signatureOf,
  webhookSecret,
  type Checkout,
} from './stripe-events.js';
import { StripeServer, type Failure, type HeldIntent } from './stripe-server.js';
import { startRealPostgres, type RealPostgres } from './real-postgres.js';
import { TestClock } from './test-clock.js';

/** How many lists of steps are tried; set HELP_RUNS for more. */
const numRuns = Number(process.env.HELP_RUNS ?? 6);
const price = 60;
/** More than is asked for at a time: who cannot pay is another test's. */
const funds = 10_000;

type Step =
  | { kind: 'ask'; payment: 'tokens' | 'money' }
  /** The customer pays the Checkout of the request; nobody is told yet. */
  | { kind: 'pay'; target: number }
  /** Stripe tells one of its news, and goes on telling it or not. */
  | { kind: 'news'; number: number; again: boolean }
  /** The bank lets go of what it holds. */
  | { kind: 'lapse'; target: number }
  | { kind: 'stripe fails'; failure: Failure }
  | { kind: 'wish'; wish: HelpWish; target: number; twice: boolean }
  | { kind: 'switch'; helper: number; availability: 'available' | 'away' | 'offline' }
  /** Somebody opens the session of the request. */
  | { kind: 'join'; target: number; who: 'customer' | 'helper' }
  | { kind: 'pass'; seconds: number }
  /** The transaction that makes so many more changes is killed in the middle of that one. */
  | { kind: 'crash'; after: number };

// Few targets and helpers, so that the same ones meet again and again.
const target = fc.nat(1);
const helper = fc.nat(2);
const byHelper = (kind: 'claim' | 'decline' | 'withdraw' | 'start' | 'outcome') =>
  helper.map((number): HelpWish => ({ kind, helper: number }));
const wish: fc.Arbitrary<HelpWish> = fc.oneof(
  { weight: 8, arbitrary: byHelper('claim') },
  { weight: 3, arbitrary: byHelper('decline') },
  { weight: 3, arbitrary: byHelper('withdraw') },
  { weight: 6, arbitrary: byHelper('start') },
  { weight: 2, arbitrary: byHelper('outcome') },
  { weight: 2, arbitrary: fc.constant<HelpWish>({ kind: 'cancel' }) },
  { weight: 3, arbitrary: fc.constant<HelpWish>({ kind: 'end' }) },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('ask' as const),
      payment: fc.constantFrom('tokens' as const, 'money'),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('pay' as const), target }) },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('news' as const), number: fc.nat(3), again: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lapse' as const), target }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('stripe fails' as const),
      failure: fc.constantFrom<Failure>(500, 429, 400, 'reset', 'lost answer'),
    }),
  },
  {
    weight: 14,
    arbitrary: fc.record({ kind: fc.constant('wish' as const), wish, target, twice: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('switch' as const),
      helper,
      availability: fc.constantFrom('available' as const, 'available', 'away', 'offline'),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('join' as const),
      target,
      who: fc.constantFrom('customer' as const, 'customer', 'helper'),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('pass' as const),
      seconds: fc.constantFrom(7, 61, 121, 185, 700),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('crash' as const), after: fc.integer({ min: 1, max: 15 }) }),
  },
);

/** What makes a request's change. */
const changedTables = [
  'help_requests',
  'help_offers',
  'helpers',
  'sessions',
  'ledger_entries',
  'events',
  'notifications',
  'payment_authorizations',
  'stripe_events',
  'checkouts',
  'money_entries',
];

interface Seen extends RequestState {
  id: string;
  version: number;
  session_id: string | null;
  started_at: number | null;
  final_cost: number | null;
  due_at: number | null;
  /** Null where it is paid by tokens. */
  amount: number | null;
  payment: PaymentStatus | null;
  captured: number | null;
  intent: string | null;
  url: string | null;
}

describe('Help requests of two instances, whose transactions are killed', () => {
  const clock = new TestClock(Date.UTC(2027, 0, 1));
  let postgres: RealPostgres;
  let services: TestService[];
  let scene: HelpScene;
  let stripe: StripeServer;
  let moneyCategory: string;
  let helpers: TestHelper[];
  let desks: Desk[];
  before(async () => {
    postgres = await startRealPostgres();
    const database = await postgres.createDatabase();
    const rateLimits = { application: Infinity, person: Infinity, operator: Infinity };
    stripe = await StripeServer.start();
    const keys = { secretKey, webhookSecret, apiUrl: stripe.url, timeoutMs: 5_000 };
    const start = () =>
      startTestService({ database, now: clock.now, timer: clock.timer, rateLimits, stripe: keys });
    services = [await start(), await start()];
    scene = await HelpScene.open(services[0]!, { tokens: price, search_seconds: 60 });
    const body = {
      name: 'A leak',
      amount: 2_500,
      currency: 'eur',
      duration_seconds: 600,
      skills: ['plumbing'],
    };
    const made = await services[0]!.call<{ id: string }>('POST', '/help-categories', {
      as: scene.application.secretKey,
      body: { ...body, search_seconds: 60 },
    });
    moneyCategory = expectOk(made).id;
    helpers = [
      await scene.helper(),
      await scene.helper({ max_concurrent: 2 }),
      // Asked in the second round alone.
      await scene.helper({ skills: [] }),
    ];
    desks = [];
    await sitDown();
    const { kysely } = services[0]!.database;
    // However far the clock is set, their desks stay open.
    await sql`update helper_desks set seen_at = ${clock.now() + 1e12}::bigint`.execute(kysely);
    await letCrash(kysely, changedTables);
  });
  after(async () => {
    for (const desk of desks) desk.leave();
    for (const service of services) await service.close();
    await stripe.stop();
    await postgres.stop();
  });

  /** Everybody opens the desk anew, with a token for a day. */
  async function sitDown(): Promise<void> {
    for (const desk of desks) desk.leave();
    for (const one of helpers) one.token = await scene.tokenOf('helper', one.id);
    desks = await Promise.all(helpers.map((one, n) => scene.on(services[n % 2]!).desk(one)));
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

  const query = async <T>(statement: ReturnType<typeof sql<T>>): Promise<T[]> => {
    for (;;) {
      try {
        return (await statement.execute(services[0]!.database.kysely)).rows;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }
  };

  class Run {
    readonly #customer: string;
    readonly #ids: string[] = [];
    readonly #versions = new Map<string, number>();
    /** The sessions that the customer has ever opened. */
    readonly #joined = new Set<string>();
    /** What Stripe has to tell. */
    #news: ReturnType<typeof heldNews>[] = [];
    constructor(customer: string) {
      this.#customer = customer;
      stripe.failures = [];
      stripe.onIntent = (intent) => this.#noteNews(intent);
    }

    async do(one: Step): Promise<void> {
      if (one.kind === 'pass') clock.advance(one.seconds);
      if (one.kind === 'crash') await query(crashAfter(one.after));
      if (one.kind === 'ask') await this.#ask(one.payment);
      if (one.kind === 'pay') await this.#pay(one.target);
      if (one.kind === 'news') await this.#tell(one.number, one.again);
      if (one.kind === 'lapse') await this.#lapse(one.target);
      if (one.kind === 'stripe fails') stripe.failures.push(one.failure);
      if (one.kind === 'switch') await this.#switch(one.helper, one.availability);
      if (one.kind === 'join') await this.#join(one.target, one.who);
      if (one.kind === 'wish') await this.#wish(one);
      await this.#settle();
      await this.#check();
    }

    async #ask(payment: 'tokens' | 'money'): Promise<void> {
      const as = scene.application.secretKey;
      const named = { application_id: scene.application.id, user_id: this.#customer };
      const body = { ...named, category_id: payment === 'money' ? moneyCategory : scene.categoryId };
      const { status, body: made } = await call(services[0]!, 'POST', '/help-requests', { as, body });
      // Stripe will not have it: the request is over, and nothing was held.
      if (status === 422 && made.code === 'PAYMENT_PROVIDER_REFUSED') return;
      this.#ids.push(expectOk({ status, headers: new Headers(), body: made }).id as string);
    }

    async #pay(number: number): Promise<void> {
      const id = this.#targetOf(number);
      const url = id === undefined ? null : (await this.#see(id)).url;
      const checkout = stripe.checkouts.find((one) => one.url === url);
      const isOpen = checkout?.status === 'open' && Number(checkout.expires_at) * 1000 > clock.now();
      if (url === null || !isOpen) return;
      this.#noteNews(stripe.pay(url));
      this.#news.push(completed(checkout as unknown as Checkout));
    }

    /** All that Stripe tells of a payment as it stands now. */
    #noteNews(intent: HeldIntent): void {
      if (intent.status === 'requires_capture')
        this.#news.push(heldNews(intent, 'amount_capturable_updated'));
      if (intent.status === 'succeeded') this.#news.push(chargeNews(intent, 'captured'));
      if (intent.status === 'canceled')
        this.#news.push(heldNews(intent, 'canceled'), chargeNews(intent, 'expired'));
    }

    async #tell(number: number, again: boolean): Promise<void> {
      const event = this.#news[number % Math.max(1, this.#news.length)];
      if (!event) return;
      if (!again) this.#news = this.#news.filter((one) => one !== event);
      const body = JSON.stringify(event);
      for (;;) {
        const signature = signatureOf(body, Math.floor(clock.now() / 1000));
        const headers = { 'Stripe-Signature': signature };
        const path = '/api/v1/webhooks/stripe';
        const { status } = await call(services[number % 2]!, 'POST', path, { as: null, body, headers });
        if (status === 200) return;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }

    async #lapse(number: number): Promise<void> {
      const id = this.#targetOf(number);
      const intent = id === undefined ? undefined : stripe.intents.get((await this.#see(id)).intent ?? '');
      if (intent?.status !== 'requires_capture') return;
      stripe.letGo(intent.id, 'automatic');
      this.#noteNews(intent);
    }

    async #switch(number: number, availability: string): Promise<void> {
      const { id, token: as } = helpers[number]!;
      expectOk(
        await call(services[1]!, 'PUT', `/helpers/${id}/availability`, { as, body: { availability } }),
      );
    }

    #targetOf(number: number): string | undefined {
      return this.#ids.at(-1 - number);
    }

    async #join(number: number, who: 'customer' | 'helper'): Promise<void> {
      const id = this.#targetOf(number);
      const seen = id === undefined ? undefined : await this.#see(id);
      if (seen?.status !== 'claimed') return;
      if (who === 'customer') this.#joined.add(seen.session_id!);
      const person = who === 'customer' ? this.#customer : helpers[seen.helper!]!.id;
      const participant = who === 'customer' ? who : `helper:${person}`;
      await query(sql`insert into attendances (session_id, participant, role, participant_id, instance_id)
        select ${seen.session_id}, ${participant}, ${who}, ${person}, id from instances limit 1 on conflict do nothing`);
      await query(sql`insert into presences (session_id, participant, role, participant_id, state, since, seen_at)
        values (${seen.session_id}, ${participant}, ${who}, ${person}, 'present', 0, 0) on conflict do nothing`);
    }

    async #wish({ wish, target: number, twice }: Extract<Step, { kind: 'wish' }>): Promise<void> {
      const id = this.#targetOf(number);
      if (id === undefined) return;
      const before = await this.#see(id);
      const expected = expectedOf(before, await this.#helpers(), wish);
      const headers = { 'Idempotency-Key': crypto.randomUUID() };
      const [path, sent] = this.#request(id, before, wish);
      if (path === undefined) return;
      // Both instances are asked for the same at the same time; without a key of its own the second finds nothing to change.
      const asked = twice ? [services[0]!, services[1]!] : [services[number % 2]!];
      const answers = await Promise.all(
        asked.map((service) => call(service, 'POST', path, { ...sent, headers })),
      );
      for (const { status, body } of answers)
        assert.equal(
          status < 300 ? undefined : body.code,
          'code' in expected ? expected.code : undefined,
          `${wish.kind}: ${JSON.stringify([before, body])}`,
        );
      if ('status' in expected) assert.equal((await this.#see(id)).status, expected.status, wish.kind);
    }

    #request(
      id: string,
      { session_id }: Seen,
      wish: HelpWish,
    ): [string | undefined, { as?: string; body?: Json }] {
      if (wish.kind === 'end') return [session_id === null ? undefined : `/sessions/${session_id}/end`, {}];
      const path = `/help-requests/${id}/${wish.kind}`;
      if (wish.kind === 'cancel') return [path, { as: scene.application.secretKey }];
      const as = helpers[wish.helper]!.token;
      return [path, wish.kind === 'outcome' ? { as, body: { outcome: 'resolved' } } : { as }];
    }

    async #see(id: string): Promise<Seen> {
      const [row] = await query(sql<
        Omit<Seen, 'helper' | 'offers'> & { helper_id: string | null; offers: Json }
      >`
        select help_requests.id, help_requests.status, version, helper_id, session_id, started_at, final_cost,
          help_requests.due_at, help_requests.amount, payment_authorizations.status as payment,
          captured_amount as captured, payment_intent_id as intent, checkout_url as url,
          exists (select from attendances where attendances.session_id = help_requests.session_id
            and role = 'customer') as "isCustomerThere",
          (select coalesce(jsonb_object_agg(helper_id, state), '{}') from help_offers
            where help_offers.request_id = help_requests.id) as offers
        from help_requests left join payment_authorizations on request_id = help_requests.id
        where help_requests.id = ${id}`);
      const { helper_id, offers, ...seen } = row!;
      const numberOf = (one: string) => helpers.findIndex((known) => known.id === one);
      return {
        ...seen,
        helper: helper_id === null ? null : numberOf(helper_id),
        offers: helpers.map((one) => (offers[one.id] ?? null) as OfferState | null),
      };
    }

    async #helpers(): Promise<HelperState[]> {
      const rows = await query(sql<HelperState & { id: string }>`
        select id, availability, active_count as active, max_concurrent as seats from helpers`);
      return helpers.map(({ id }) => rows.find((row) => row.id === id)!);
    }

    /** Waits until nothing is due; what has lost its connection is tried again a second later. */
    async #settle(): Promise<void> {
      const giveUpAt = Date.now() + 60_000;
      for (let looks = 1; ; looks += 1) {
        const now = clock.now();
        const [row] = await query(sql<{ due: number }>`
          select (select count(*) from help_requests where due_at <= ${now}::bigint)::int
            + (select count(*) from payment_authorizations where due_at <= ${now}::bigint)::int
            + (select count(*) from sessions where coalesce(waiting_until, act_at) <= ${now}::bigint)::int as due`);
        if (row!.due === 0 && (await this.#isEverybodyAsked())) return;
        if (Date.now() > giveUpAt) assert.fail('requests stay due, or helpers are not asked');
        await new Promise((resolve) => setTimeout(resolve, 10));
        if (looks % 20 === 0) clock.advance(1);
      }
    }

    /** Nobody waits in limbo: whoever could take an open request is asked. */
    async #isEverybodyAsked(): Promise<boolean> {
      const forgotten = await query(sql`
        select helpers.id from help_requests join helpers on helpers.provider_id = help_requests.provider_id
        where help_requests.status = 'open' and active_count < max_concurrent
          and (availability = 'available' or availability = 'away' and round = 2)
          and (helpers.skills @> help_requests.skills or round = 2)
          and not exists (select from help_offers where request_id = help_requests.id
            and helper_id = helpers.id and state <> 'withdrawn')`);
      return forgotten.length === 0;
    }

    async #check(): Promise<void> {
      const all = await Promise.all(this.#ids.map((id) => this.#see(id)));
      const state = await this.#helpers();
      for (const one of all) {
        assert.ok(one.version >= (this.#versions.get(one.id) ?? 0), 'versions only rise');
        this.#versions.set(one.id, one.version);
        assert.equal(one.due_at === null, isFinalHelpRequest(one.status), 'a live request is looked after');
        const accepted = one.offers.filter((offer) => offer === 'accepted').length;
        assert.equal(accepted, one.helper === null ? 0 : 1, 'one helper, and no other');
        if (one.status === 'completed' || one.status === 'in_progress')
          assert.ok(this.#joined.has(one.session_id!), 'a talk is one of two');
        else assert.equal(one.final_cost, null, 'what was no talk costs nothing');
        this.#checkPayment(one);
      }
      state.forEach(({ active }, number) => {
        const busy: HelpRequestStatus[] = ['claimed', 'in_progress'];
        const own = all.filter((one) => one.helper === number && busy.includes(one.status));
        assert.equal(active, own.length, 'seats are those of the requests that take them');
      });
      const spent = all.reduce((sum, { final_cost }) => sum + (final_cost ?? 0), 0);
      const byTokens = all.filter(({ amount }) => amount === null);
      const held = price * byTokens.filter(({ status }) => !isFinalHelpRequest(status)).length;
      const { wallet } = (await call(services[1]!, 'GET', `/customers/${this.#customer}`)).body;
      assert.deepEqual(wallet, { available: funds - held - spent, held });
    }

    /** Nobody is asked before the price is held, nothing is taken without a talk, never twice, and never more than is held. */
    #checkPayment({ status, payment, captured, amount, intent: id }: Seen): void {
      assert.equal(payment === null, amount === null);
      if (payment === null) return;
      if (status === 'open' || status === 'claimed')
        assert.equal(payment, 'authorized', 'it is held meanwhile');
      if (status === 'awaiting_payment') assert.equal(payment, 'pending');
      assert.equal(payment === 'captured', captured !== null);
      const intent = stripe.intents.get(id ?? '');
      if (captured !== null) assert.equal(intent?.amount_received, captured);
      if (!intent) return;
      assert.ok(intent.amount_received <= intent.amount);
      if (intent.status === 'succeeded') assert.equal(status, 'completed', 'taken after a talk alone');
    }

    /** Left alone, each comes to its end, and all that was held is paid or given back. */
    async finish(): Promise<void> {
      for (let round = 0; round < 30; round += 1) {
        const all = await Promise.all(this.#ids.map((id) => this.#see(id)));
        const isOver = ({ status, payment }: Seen) =>
          isFinalHelpRequest(status) && !/^(pending|authorized|capturing|releasing)$/.test(payment ?? '');
        if (all.every(isOver) && this.#news.length === 0) break;
        while (this.#news.length > 0) await this.#tell(round, false);
        await this.do({ kind: 'pass', seconds: 185 });
      }
      const ends = await Promise.all(this.#ids.map((id) => this.#see(id)));
      assert.ok(
        ends.every(({ status }) => isFinalHelpRequest(status)),
        JSON.stringify(ends),
      );
      const theirs = (id: unknown) => this.#ids.includes(String(id));
      for (const { status, metadata } of stripe.intents.values())
        if (theirs(metadata.help_request_id))
          assert.notEqual(status, 'requires_capture', 'nothing is held for ever');
      for (const { payment } of ends)
        assert.ok(payment === null || /^(captured|released|expired|failed)$/.test(payment), String(payment));
      const [sales] = await query(sql<{ amount: number }>`
        select coalesce(sum(money_entries.amount), 0)::bigint as amount from payment_authorizations
          join money_transactions on money_transactions.checkout_id = payment_authorizations.checkout_id
          join money_entries on transaction_id = money_transactions.id and account like 'sales:%'
        where request_id = any(${this.#ids}::text[])`);
      assert.equal(
        sales!.amount,
        ends.reduce((sum, { captured }) => sum + (captured ?? 0), 0),
      );
      assert.deepEqual(await query(sql`select * from failed_work`), []);
      await assertBooksBalance(services[0]!.database);
      for (const number of helpers.keys()) await this.#switch(number, 'available');
    }
  }

  test('are what their table says, and cost what was talked', async () => {
    const property = fc.asyncProperty(fc.array(step, { minLength: 12, maxLength: 40 }), async (steps) => {
      await sitDown();
      const run = new Run(await scene.customer(funds));
      try {
        for (const one of steps) await run.do(one);
        await query(crashAfter(0));
        await run.finish();
      } finally {
        await query(crashAfter(0));
      }
    });
    await fc.assert(property, { numRuns, endOnFailure: true });
  });
});
