// The figures of a provider are what its sessions and its money come to, counted row by row, whatever has happened.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { sql, type RawBuilder } from 'kysely';
import { countEarlier, recountFigures } from '../../src/service/features/figures/count-earlier.js';
import { addDays, dateOf, startOfDay } from '../../src/protocol/calendar-days.js';
import { migrate, migrations } from '../../src/service/foundation/database/migrate.js';
import { openDatabase, type Database } from '../../src/service/index.js';
import { describeOnOneDatabase } from './databases.js';
import { expectOk, type Json } from './fixtures.js';
import { foldFigures } from './fold-figures.js';
import { startPaidService, type PaidService } from './paid-service.js';
import { completed, refunded } from './stripe-events.js';

/** Of an instance that knew no roll-ups. */
const before0076 = Object.fromEntries(Object.entries(migrations).filter(([name]) => name < '0076'));
/** Of an instance that knew no figures. */
const before0032 = Object.fromEntries(Object.entries(migrations).filter(([name]) => name < '0032'));

/** Counted from what they are counted of. */
async function countedByHand({ kysely }: Database, owner: Owner) {
  const own = ownApplication(owner);
  const { rows } = await sql<Json>`
    select count(*)::int as sessions, count(distinct user_id)::int as users,
      coalesce(sum(final_cost), 0)::int as revenue_tokens, round(avg(used_seconds))::int as average_used_seconds,
      count(*) filter (where status = 'completed')::int as completed,
      count(*) filter (where status = 'expired')::int as expired,
      count(*) filter (where status in ('active', 'paused'))::int as active_sessions
    from sessions where application_id in (${own})`.execute(kysely);
  const money = await sql<Json>`
    select money_transactions.currency, sum(money_entries.amount)::int as amount from money_entries
      join money_transactions on money_transactions.id = transaction_id
      join checkouts on checkouts.id = checkout_id join sessions on sessions.id = session_id
    where account = ${`sales:${owner.providerId}`} and application_id in (${own})
    group by 1 order by 1`.execute(kysely);
  return { ...rows[0], revenue_money: money.rows };
}

function asCounted(figures: Json): Json {
  const { sessions, users, revenue_tokens, average_used_seconds, active_sessions, revenue_money } = figures;
  const { completed: done, expired } = figures.sessions_by_status as Json;
  return {
    ...{ sessions, users, revenue_tokens, average_used_seconds, active_sessions, revenue_money },
    ...{ completed: done, expired },
  };
}

/** The same between two moments, each row by itself; customers are told apart one by one. */
async function countedBetween({ kysely }: Database, from: number, to: number, owner: Owner): Promise<Json> {
  const own = sql`application_id in (${ownApplication(owner)})`;
  const within = (column: string) =>
    sql`${sql.raw(column)} >= ${from}::bigint and ${sql.raw(column)} < ${to}::bigint`;
  const { rows } = await sql<Json>`
    with own as (select * from sessions where ${own})
    select (select count(*)::int from own where ${within('created_at')}) as sessions,
      (select count(distinct user_id)::int from own where ${within('created_at')}) as users,
      (select count(*)::int from own where status = 'completed' and ${within('ended_at')}) as completed,
      (select count(*)::int from own where status = 'expired' and ${within('ended_at')}) as expired,
      (select count(*)::int from own where status = 'cancelled' and ${within('ended_at')}) as cancelled,
      (select coalesce(sum(final_cost), 0)::int from own where ${within('ended_at')}) as revenue_tokens,
      (select coalesce(sum(tokens_refunded), 0)::int from own where ${within('ended_at')}) as returned_tokens,
      (select round(avg(used_seconds))::int from own where status <> 'cancelled' and ${within('ended_at')})
        as average_used_seconds,
      (select count(*)::int from extensions where session_id in (select id from own) and ${within('created_at')})
        as extensions,
      (select coalesce(sum(additional_seconds), 0)::int from extensions
        where session_id in (select id from own) and ${within('created_at')}) as extended_seconds,
      (select count(*)::int from events where type = 'session.warning' and session_id in (select id from own)
        and ${within('created_at')}) as warnings,
      (select count(*)::int from extensions where session_id in (select id from own) and ${within('created_at')}
        and 'session.warning' = (select type from events where events.session_id = extensions.session_id
          and events.created_at <= extensions.created_at and events.id < (select min(id) from events told
            where told.session_id = extensions.session_id and told.type = 'session.extended'
            and told.created_at = extensions.created_at)
          and type in ('session.warning', 'session.extended') order by id desc limit 1)) as warnings_answered`.execute(
    kysely,
  );
  const money = async (what: string, isOfKind: RawBuilder<unknown>) => {
    const { rows } = await sql<Json>`
      select money_transactions.currency, ${sql.raw(what)}::int as amount
      from money_entries join money_transactions on money_transactions.id = transaction_id
        join checkouts on checkouts.id = checkout_id join sessions on sessions.id = session_id
      where account = ${`sales:${owner.providerId}`} and ${own} and ${within('money_transactions.created_at')} and ${isOfKind}
      group by 1 order by 1`.execute(kysely);
    return rows;
  };
  return {
    ...rows[0],
    revenue_money: await money('sum(money_entries.amount)', sql`true`),
    returned_money: await money('-sum(money_entries.amount)', sql`kind <> 'payment'`),
  };
}
/** Tests and sales are never counted together. */
const ownApplication = ({ providerId, applicationId, environment }: Owner) => sql`
  select id from applications where provider_id = ${providerId}
    and ${applicationId ? sql`id = ${applicationId}` : sql`mode = ${environment ?? 'live'}`}`;

interface Analytics {
  days: (Json & {
    date: string;
    is_running: boolean;
    hours: (Json & { starts_at: number; is_running: boolean })[];
  })[];
  total: Json & { users_estimated: boolean };
}
interface Owner {
  providerId: string;
  applicationId?: string | undefined;
  environment?: 'live' | 'test' | undefined;
}

describeOnOneDatabase('Figures of a provider', (source) => {
  let service: PaidService;
  before(async () => {
    service = await startPaidService(source);
  });
  after(() => service.close());

  const queryOf = ({ applicationId, environment }: Owner) => ({
    ...(applicationId && { application_id: applicationId }),
    ...(environment && { environment }),
  });
  const figuresOf = async (owner: Owner) =>
    asCounted(
      expectOk(
        await service.call(
          'GET',
          `/providers/${owner.providerId}/stats?${new URLSearchParams(queryOf(owner))}`,
        ),
      ),
    );
  /** Each day, hours of it, and the sum of all, equal what is counted row by row. */
  async function assertDays(
    owner: Owner,
    timeZone: string,
    { count, interval }: { count: number; interval: 'day' | 'hour' },
  ) {
    const { clock, database } = service;
    const to = dateOf(clock.now(), timeZone);
    const query = new URLSearchParams({
      ...{ time_zone: timeZone, from: addDays(to, 1 - count), to, interval },
      ...queryOf(owner),
    });
    const path = `/providers/${owner.providerId}/analytics?${query}`;
    const { days, total } = expectOk(await service.call('GET', path)) as unknown as Analytics;
    for (const { date, is_running, hours = [], ...figures } of days) {
      const [start, end] = [startOfDay(date, timeZone), startOfDay(addDays(date, 1), timeZone)];
      assert.deepEqual(figures, await countedBetween(database, start, end, owner));
      assert.equal(is_running, date === to);
      const ends = [...hours.map(({ starts_at }) => starts_at).slice(1), end];
      for (const [index, { starts_at, is_running, ...ofHour }] of hours.entries()) {
        if (index % 6 > 0 && !is_running) continue;
        assert.deepEqual(ofHour, await countedBetween(database, starts_at, ends[index]!, owner));
      }
    }
    const whole = [startOfDay(days[0]!.date, timeZone), startOfDay(addDays(to, 1), timeZone)] as const;
    const { users, ...rest } = await countedBetween(database, ...whole, owner);
    const { from, to: last, users: said, users_estimated, ...ofAll } = total;
    assert.deepEqual([from, last], [days[0]!.date, to]);
    assert.deepEqual(ofAll, rest);
    if (!users_estimated) assert.equal(said, users);
    assert.ok(Math.abs(Number(said) - Number(users)) <= 1, `${said} of ${users}`);
  }

  const money = [{ additional_seconds: 900, tokens: 150, money: { amount: 499, currency: 'eur' } }];

  test('equal what is counted by hand after any history, folded at any moment', async () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('sell' as const), application: fc.nat(2), customer: fc.nat(2) }),
      fc.record({
        do: fc.constantFrom('complete' as const, 'pause' as const, 'pay' as const, 'extend' as const),
        session: fc.nat(9),
      }),
      fc.record({
        do: fc.constant('wait' as const),
        seconds: fc.constantFrom(7, 300, 900, 9_000, 90_000, 400_000),
      }),
      fc.record({ do: fc.constantFrom('refund' as const, 'fold' as const, 'recount' as const) }),
    );
    // Summer begins and ends, by an hour and by half of one; offsets of quarters of an hour.
    const zone = fc.constantFrom(
      'Europe/Berlin',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
      'America/St_Johns',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), zone, async (history, place) => {
        const { id } = expectOk(await service.call('POST', '/providers', { body: { name: 'North' } })) as {
          id: string;
        };
        const applications = (['live', 'live', 'test'] as const).map((environment) =>
          service.createApplication({ provider_id: id, extension_options: money, environment }),
        );
        const customers = [0, 1, 2].map(() => service.createCustomer(100_000));
        const sold: { id: string; as: string; userId: string }[] = [];
        const paid: Parameters<typeof refunded>[0][] = [];
        for (const one of history) {
          // Two extensions of one moment could not be told apart by hand.
          service.clock.advance(1);
          if (one.do === 'sell') {
            const userId = await customers[one.customer]!;
            const made = await service.createSession((await applications[one.application])!, userId);
            sold.push({ id: made.session.id, as: made.session_token, userId });
          } else if (one.do === 'wait') {
            service.clock.advance(one.seconds);
          } else if (one.do === 'fold') {
            await foldFigures(service.database.kysely);
          } else if (one.do === 'recount') {
            await recountFigures(service.database.kysely, id);
          } else if (one.do === 'refund') {
            const checkout = paid.pop();
            if (checkout) await service.deliver(refunded(checkout));
          } else if ('session' in one && sold.length > 0) {
            const session = sold[one.session % sold.length]!;
            if (one.do === 'extend')
              await service.call('POST', `/sessions/${session.id}/extend`, {
                as: session.as,
                headers: { 'Idempotency-Key': crypto.randomUUID() },
                body: { additional_seconds: 900, tokens_to_deduct: 150 },
              });
            else if (one.do !== 'pay')
              await service.call('POST', `/sessions/${session.id}/${one.do}`, { as: session.as });
            else if ((await service.read(session)).status === 'active') {
              const checkout = await service.order(session);
              await service.deliver(completed(checkout));
              paid.push(checkout);
            }
          }
        }
        // What is due is done by whoever reads it.
        for (const session of sold) await service.read(session);
        const owners: Owner[] = [
          { providerId: id },
          { providerId: id, environment: 'test' },
          { providerId: id, applicationId: (await applications[0]!).id },
        ];
        for (const owner of owners) {
          if (!owner.applicationId)
            assert.deepEqual(await figuresOf(owner), await countedByHand(service.database, owner));
          await assertDays(owner, place, { count: 4, interval: 'hour' });
          await assertDays(owner, place, { count: 30, interval: 'day' });
        }
      }),
      { numRuns: Number(process.env.FIGURE_RUNS ?? 8) },
    );
  });

  test('of tests are never among those of customers: each key sees its own, and an application that turns out to be of tests takes its along', async () => {
    const { id } = expectOk(await service.call('POST', '/providers', { body: { name: 'South' } })) as {
      id: string;
    };
    const { kysely } = service.database;
    const [live, tests, undecided] = await Promise.all(
      (['live', 'test', 'live'] as const).map((environment) =>
        service.createApplication({ provider_id: id, environment }),
      ),
    );
    await kysely.updateTable('applications').set({ mode: null }).where('id', '=', undecided!.id).execute();
    const userId = await service.createCustomer(100_000);
    // The same person first in a test, then for good.
    const [inTest, inLive, inUndecided] = [
      (await service.createSession(tests!, userId)).session.id,
      (await service.createSession(live!, userId)).session.id,
      (await service.createSession(undecided!, await service.createCustomer(100_000))).session.id,
    ];
    const seen = async (as: string | undefined, environment?: string) => {
      const query = environment ? `?environment=${environment}` : '';
      const read = async (path: string) =>
        expectOk(await service.call('GET', `/providers/${id}${path}${query}`, as ? { as } : {}));
      const [stats, { total }, { sessions }] = [
        await read('/stats'),
        (await read('/analytics')) as unknown as Analytics,
        await read('/sessions'),
      ];
      return {
        users: [stats.users, total.users],
        sold: [stats.sessions, total.sessions],
        ids: (sessions as Json[]).map((session) => session.id).sort(),
      };
    };
    const ofCustomers = { users: [2, 2], sold: [2, 2], ids: [inLive, inUndecided].sort() };
    const ofTests = { users: [1, 1], sold: [1, 1], ids: [inTest] };
    assert.deepEqual(await seen(undefined), ofCustomers);
    assert.deepEqual(await seen(live!.secretKey), ofCustomers);
    assert.deepEqual(await seen(tests!.secretKey), ofTests);
    assert.deepEqual(await seen(undefined, 'test'), ofTests);
    for (const path of ['stats', 'analytics', 'sessions', 'sessions.csv', 'page-metrics'])
      for (const [key, environment] of [
        [tests!.secretKey, 'live'],
        [live!.secretKey, 'test'],
      ] as const) {
        const refused = await service.call('GET', `/providers/${id}/${path}?environment=${environment}`, {
          as: key,
        });
        assert.equal((refused.body as Json).code, 'CREDENTIAL_INSUFFICIENT', path);
      }
    // Who comes again is nobody new, there too.
    const { user_id } = expectOk(await service.call('GET', `/sessions/${inUndecided}`)).session as Json;
    const again = await service.createSession(undecided!, String(user_id));
    assert.deepEqual((await seen(undefined)).users, [2, 2]);
    await foldFigures(kysely);
    await kysely.updateTable('applications').set({ mode: 'test' }).where('id', '=', undecided!.id).execute();
    await countEarlier(kysely);
    assert.deepEqual(await seen(undefined), { users: [1, 1], sold: [1, 1], ids: [inLive] });
    assert.deepEqual(await seen(tests!.secretKey), {
      users: [2, 2],
      sold: [3, 3],
      ids: [inTest, inUndecided, again.session.id].sort(),
    });
    assert.deepEqual(await kysely.selectFrom('undivided_figures').selectAll().execute(), []);
  });

  test('of before they were kept are counted at the start of a newer version, while an older one sells on', async () => {
    const options = await source.createEmpty();
    const database = await openDatabase(options);
    const { kysely } = database;
    try {
      await migrate(kysely, before0032);
      for (const statement of oldContent) await sql.raw(statement).execute(kysely);
      // Quarters that are there before they are summed up.
      await migrate(kysely, before0076);
      await sql`insert into session_figures values ('x', 900000, 3, 1, 0, 0, 0, 0, 0), ('x', 1800000, 4, 1, 0, 0, 0, 0, 0)`.execute(
        kysely,
      );
      await sql`insert into figure_counts (subject, name, bucket, slot_at, amount) values
        ('application:x', 'extensions', 0, 1800000, 5), ('application:x', 'buyers', 1, 1800000, 4),
        ('application:x', 'buyers', 1000, 900000, 3), ('application:x', 'buyers', 104, 87300000, 2)`.execute(
        kysely,
      );
      await migrate(kysely);
      const { rows: rollups } = await sql<Json>`
        select quarters, slot_at / 900000 as slot, sold, extensions, hour_buyers, hour_carried, day_buyers
        from figure_rollups order by 1, 2`.execute(kysely);
      assert.deepEqual(
        rollups.map((row) => Object.values(row).map(Number)),
        [
          [1, 1, 3, 0, 3, 4, 3],
          [1, 2, 4, 5, 0, -4, 0],
          [1, 97, 0, 0, 2, 0, 2],
          [4, 0, 7, 5, 3, 0, 3],
          [4, 96, 0, 0, 2, 0, 2],
          [96, 0, 7, 5, 3, 0, 3],
          [96, 96, 0, 0, 2, 0, 2],
        ],
      );
      assert.deepEqual(await kysely.selectFrom('buyer_rollups').selectAll().orderBy('slot_at').execute(), [
        { subject: 'application:x', slot_at: 0, bucket: 1000, amount: 3 },
        { subject: 'application:x', slot_at: 86_400_000, bucket: 104, amount: 2 },
      ]);
      // An older instance sells and ends by the statements that it knows.
      await sql`update sessions set status = 'completed', ended_at = 2000000, due_at = null, used_seconds = 30,
        final_cost = 5, tokens_refunded = 55 where id = 's3'`.execute(kysely);
      await sql.raw(sale('s9', 'b', 1_900_000)).execute(kysely);
      await countEarlier(kysely);
      const { rows } = await sql<Json>`
        select sum(new_customers)::int as customers, sum(completed)::int as completed,
          sum(tokens_earned)::int as tokens, sum(seconds_used)::int as seconds
        from (select new_customers, completed, tokens_earned, seconds_used from session_totals
          union all select new_customers, completed, tokens_earned, seconds_used from session_figure_changes) all_of_them`.execute(
        kysely,
      );
      assert.deepEqual(rows, [{ customers: 2, completed: 3, tokens: 25, seconds: 150 }]);
      assert.equal((await kysely.selectFrom('uncounted_figures').selectAll().execute()).length, 0);
      const counts = async () => {
        const { rows } = await sql<Json>`
          select subject, name, bucket, slot_at, sum(amount)::int as amount
          from (select subject, name, bucket, slot_at, amount from figure_counts
            union all select subject, name, bucket, slot_at, amount from figure_count_changes) as all_of_them
          group by 1, 2, 3, 4 order by 1, 2, 3, 4`.execute(kysely);
        return rows;
      };
      const kept = await counts();
      assert.deepEqual(
        kept
          .filter(({ subject, name }) => subject === 'provider:p' && name === 'buyers')
          .map(({ bucket, slot_at, amount }) => [bucket, slot_at, amount]),
        [
          [1, 1_800_000, 1],
          [1, 2_700_000, 1],
          [1000, 900_000, 1],
          [1000, 1_800_000, 1],
        ],
      );
      assert.equal(kept.filter(({ name }) => name === 'tokens_returned').length, 2);
      await recountFigures(kysely);
      assert.deepEqual(await counts(), kept);
    } finally {
      await database.close();
    }
  });
});

const sale = (id: string, userId: string, at: number) => `
  insert into sessions (id, application_id, user_id, status, tokens_allocated, duration_limit_seconds, initial_seconds,
    initial_tokens, created_at, started_at, deadline_at, due_at, metadata)
  values ('${id}', 'x', '${userId}', 'active', 60, 3600, 3600, 60, ${at}, ${at}, ${at}000, ${at}000, '{}')`;
const oldContent = [
  `insert into providers (id, name, time_zone, created_at) values ('p', 'P', 'UTC', 0)`,
  `insert into applications (id, provider_id, name, allowed_origins, return_origins, tokens_per_minute,
    extension_options, max_duration_seconds, pausable, max_pause_seconds, secret_key_hash, created_at)
    values ('x', 'p', 'X', '[]', '[]', 1, '[]', 7200, true, 600, 'h', 0)`,
  `insert into customers (id, created_at) values ('a', 0), ('b', 0)`,
  ...['s1', 's2', 's3'].map((id, index) => sale(id, 'a', 1_000_000 * (index + 1))),
  `update sessions set status = 'completed', ended_at = created_at + 60000, due_at = null, used_seconds = 60,
    final_cost = 10, tokens_refunded = 50 where id < 's3'`,
];
