// Whatever is asked of help requests, by two instances, while transactions are killed half way: their table holds, nobody is left
// in limbo, and nobody pays without a talk.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { sql } from 'kysely';
import {
  isFinalHelpRequest,
  type HelpRequestStatus,
  type OfferState,
} from '../../src/protocol/help-request.js';
import { assertBooksBalance } from './books.js';
import { expectOk, startTestService, type Json, type TestService } from './fixtures.js';
import { HelpScene, type Desk, type TestHelper } from './help-desk.js';
import { expectedOf, type HelperState, type HelpWish, type RequestState } from './model/help-requests.js';
import { crashAfter, letCrash } from './crashing-database.js';
import { startRealPostgres, type RealPostgres } from './real-postgres.js';
import { TestClock } from './test-clock.js';

/** How many lists of steps are tried; set HELP_RUNS for more. */
const numRuns = Number(process.env.HELP_RUNS ?? 6);
const price = 60;
/** More than is asked for at a time: who cannot pay is another test's. */
const funds = 10_000;

type Step =
  | { kind: 'ask' }
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
  { weight: 4, arbitrary: fc.constant<Step>({ kind: 'ask' }) },
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
];

interface Seen extends RequestState {
  id: string;
  version: number;
  session_id: string | null;
  started_at: number | null;
  final_cost: number | null;
  due_at: number | null;
}

describe('Help requests of two instances, whose transactions are killed', () => {
  const clock = new TestClock(Date.UTC(2027, 0, 1));
  let postgres: RealPostgres;
  let services: TestService[];
  let scene: HelpScene;
  let helpers: TestHelper[];
  let desks: Desk[];
  before(async () => {
    postgres = await startRealPostgres();
    const database = await postgres.createDatabase();
    const rateLimits = { application: Infinity, person: Infinity, operator: Infinity };
    const start = () => startTestService({ database, now: clock.now, timer: clock.timer, rateLimits });
    services = [await start(), await start()];
    scene = await HelpScene.open(services[0]!, { tokens: price, search_seconds: 60 });
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
    constructor(customer: string) {
      this.#customer = customer;
    }

    async do(one: Step): Promise<void> {
      if (one.kind === 'pass') clock.advance(one.seconds);
      if (one.kind === 'crash') await query(crashAfter(one.after));
      if (one.kind === 'ask') await this.#ask();
      if (one.kind === 'switch') await this.#switch(one.helper, one.availability);
      if (one.kind === 'join') await this.#join(one.target, one.who);
      if (one.kind === 'wish') await this.#wish(one);
      await this.#settle();
      await this.#check();
    }

    async #ask(): Promise<void> {
      const as = scene.application.secretKey;
      const named = { application_id: scene.application.id, user_id: this.#customer };
      const body = { ...named, category_id: scene.categoryId };
      const made = expectOk(await call(services[0]!, 'POST', '/help-requests', { as, body }));
      this.#ids.push(made.id as string);
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
        select id, status, version, helper_id, session_id, started_at, final_cost, due_at,
          exists (select from attendances where attendances.session_id = help_requests.session_id
            and role = 'customer') as "isCustomerThere",
          (select coalesce(jsonb_object_agg(helper_id, state), '{}') from help_offers where request_id = id) as offers
        from help_requests where id = ${id}`);
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
      }
      state.forEach(({ active }, number) => {
        const busy: HelpRequestStatus[] = ['claimed', 'in_progress'];
        const own = all.filter((one) => one.helper === number && busy.includes(one.status));
        assert.equal(active, own.length, 'seats are those of the requests that take them');
      });
      const spent = all.reduce((sum, { final_cost }) => sum + (final_cost ?? 0), 0);
      const held = price * all.filter(({ status }) => !isFinalHelpRequest(status)).length;
      const { wallet } = (await call(services[1]!, 'GET', `/customers/${this.#customer}`)).body;
      assert.deepEqual(wallet, { available: funds - held - spent, held });
    }

    /** Left alone, each comes to its end, and all that was held is paid or given back. */
    async finish(): Promise<void> {
      for (let round = 0; round < 30; round += 1) {
        const all = await Promise.all(this.#ids.map((id) => this.#see(id)));
        if (all.every(({ status }) => isFinalHelpRequest(status))) break;
        await this.do({ kind: 'pass', seconds: 185 });
      }
      const ends = await Promise.all(this.#ids.map((id) => this.#see(id)));
      assert.ok(
        ends.every(({ status }) => isFinalHelpRequest(status)),
        JSON.stringify(ends),
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
