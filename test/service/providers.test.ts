import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { addDays, dateOf, isTimeZone, startOfDay } from '../../src/protocol/calendar-days.js';
import { describeOnOneDatabase } from './databases.js';
import { expectOk, type Json, type TestApplication } from './fixtures.js';
import { startPaidService, type PaidService } from './paid-service.js';
import { completed, refunded } from './stripe-events.js';

describe('The days of a time zone', () => {
  const starts: [date: string, timeZone: string, utc: string, why: string][] = [
    ['2026-01-01', 'UTC', '2026-01-01T00:00Z', 'itself'],
    ['2026-01-01', 'Europe/Berlin', '2025-12-31T23:00Z', 'winter'],
    ['2026-07-01', 'Europe/Berlin', '2026-06-30T22:00Z', 'summer'],
    ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00Z', 'a day of 23 hours'],
    ['2026-03-30', 'Europe/Berlin', '2026-03-29T22:00Z', 'the day after it'],
    ['2026-10-25', 'Europe/Berlin', '2026-10-24T22:00Z', 'a day of 25 hours'],
    ['2026-10-26', 'Europe/Berlin', '2026-10-25T23:00Z', 'the day after it'],
    ['2026-01-01', 'Asia/Kathmandu', '2025-12-31T18:15Z', 'a quarter of an hour'],
    ['2026-01-01', 'Pacific/Kiritimati', '2025-12-31T10:00Z', 'the first of all'],
    ['2026-01-01', 'Pacific/Pago_Pago', '2026-01-01T11:00Z', 'the last of all'],
    ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00Z', 'clocks go from 0:00 to 1:00'],
    ['2018-02-18', 'America/Sao_Paulo', '2018-02-18T03:00Z', 'clocks went from 0:00 to 23:00'],
    [
      '2025-11-02',
      'America/Havana',
      '2025-11-02T04:00Z',
      'clocks go from 1:00 to 0:00: the first one counts',
    ],
  ];
  for (const [date, timeZone, utc, why] of starts)
    test(`${date} in ${timeZone} begins at ${utc} (${why})`, () =>
      assert.equal(startOfDay(date, timeZone), Date.parse(utc)));

  test('begin where the date changes, whichever zone and date', () => {
    const zones = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
    const dates = fc.integer({ min: 0, max: 20_000 }).map((days) => addDays('1995-01-01', days));
    fc.assert(
      fc.property(zones, dates, (timeZone, date) => {
        const start = startOfDay(date, timeZone);
        assert.ok(dateOf(start, timeZone) >= date, 'not before it');
        assert.ok(dateOf(start - 1, timeZone) < date, 'not after it');
      }),
      { numRuns: 300 },
    );
  });

  test('a zone has a name', () => {
    for (const name of ['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5'])
      assert.ok(isTimeZone(name), name);
    for (const name of ['', '+01:00', 'Mars/Olympus', 'Europe/Berlin ', '__proto__'])
      assert.ok(!isTimeZone(name), name);
  });
});

interface Day {
  date: string;
  is_running: boolean;
  sessions: number;
  users: number;
  revenue_tokens: number;
  revenue_money: { currency: string; amount: number }[];
}

describeOnOneDatabase('Providers', (source) => {
  let service: PaidService;
  before(async () => {
    service = await startPaidService(source);
  });
  after(() => service.close());

  const call = (method: string, path: string, body?: unknown, as?: string) =>
    service.call(method, path, { body, ...(as && { as }) });
  const provider = async (fields: Json = {}) => {
    const made = expectOk(await call('POST', '/providers', { name: 'Lantern', ...fields }));
    const application = await service.createApplication({
      provider_id: made.id,
      extension_options: [{ additional_seconds: 900, tokens: 150, money: { amount: 499, currency: 'eur' } }],
    });
    return { id: made.id as string, application };
  };

  test('are registered once, read, listed and changed', async () => {
    const made = expectOk(await call('POST', '/providers', { id: 'north', name: 'North' }));
    const created_at = Math.floor(service.clock.now() / 1000);
    assert.deepEqual(made, { id: 'north', name: 'North', time_zone: 'UTC', website_url: null, created_at });
    const again = await call('POST', '/providers', { id: 'north', name: 'Other' });
    assert.deepEqual([again.status, again.body.code], [409, 'ALREADY_EXISTS']);
    const { secretKey } = await service.createApplication({ provider_id: 'north' });
    const changes = { time_zone: 'Europe/Berlin', website_url: 'https://north.example/' };
    const changed = expectOk(await call('PATCH', '/providers/north', changes, secretKey));
    assert.deepEqual(changed, { ...made, ...changes });
    assert.deepEqual(expectOk(await call('GET', '/providers/north', undefined, secretKey)), changed);
    const { providers } = expectOk(await call('GET', '/providers')) as { providers: Json[] };
    assert.deepEqual(
      providers.find(({ id }) => id === 'north'),
      changed,
    );
    for (const wrong of [{ time_zone: 'Mars/Olympus' }, { name: '' }, { website_url: 'x' }, { id: 'new' }])
      assert.equal((await call('PATCH', '/providers/north', wrong)).body.code, 'REQUEST_INVALID');
    assert.equal((await call('GET', '/providers/nobody')).body.code, 'PROVIDER_NOT_FOUND');
    assert.equal((await call('PATCH', '/providers/nobody', { name: 'x' })).body.code, 'PROVIDER_NOT_FOUND');
  });

  test('one that an application names is there from then on', async () => {
    await service.createApplication({ provider_id: 'named' });
    assert.equal(expectOk(await call('GET', '/providers/named')).name, 'named');
    expectOk(await call('PATCH', '/providers/named', { name: 'Named' }));
    await service.createApplication({ provider_id: 'named' });
    assert.equal(expectOk(await call('GET', '/providers/named')).name, 'Named');
  });

  test('a secret key reaches its own only, and registers none', async () => {
    const { id } = await provider();
    const stranger = await provider();
    const as = stranger.application.secretKey;
    for (const path of ['', '/stats', '/analytics', '/sessions']) {
      const refused = await call('GET', `/providers/${id}${path}`, undefined, as);
      assert.deepEqual([refused.status, refused.body.code], [404, 'PROVIDER_NOT_FOUND']);
    }
    assert.equal((await call('PATCH', `/providers/${id}`, { name: 'x' }, as)).status, 404);
    assert.equal((await call('POST', '/providers', { name: 'x' }, as)).body.code, 'CREDENTIAL_INSUFFICIENT');
    assert.equal((await call('GET', '/providers', undefined, as)).body.code, 'CREDENTIAL_INSUFFICIENT');
  });

  /** Sells a session, and ends it after some seconds. */
  async function visit(application: TestApplication, userId: string, seconds: number) {
    const { session, session_token: as } = await service.createSession(application, userId);
    service.clock.advance(seconds);
    expectOk(await service.call('POST', `/sessions/${session.id}/end`, { as }));
    return { id: session.id, as, userId };
  }
  const statsOf = async (id: string) => expectOk(await call('GET', `/providers/${id}/stats`));
  const daysOf = async (id: string, query = '') =>
    expectOk(await call('GET', `/providers/${id}/analytics${query}`)) as unknown as {
      time_zone: string;
      days: Day[];
    };

  test('have figures: of nothing, of what runs, of what has ended, of money that came and went', async () => {
    const { id, application } = await provider();
    const other = await provider();
    const none = { waiting: 0, active: 0, paused: 0, completed: 0, expired: 0, cancelled: 0 };
    const empty = {
      sessions: 0,
      active_sessions: 0,
      sessions_by_status: none,
      users: 0,
      revenue_tokens: 0,
      revenue_money: [],
      average_used_seconds: null,
      server_time: service.clock.now(),
    };
    assert.deepEqual(await statsOf(id), empty);

    const [ada, bob] = [await service.createCustomer(10_000), await service.createCustomer(10_000)];
    await visit(application, ada, 60);
    await visit(application, ada, 120);
    await visit(application, bob, 300);
    const { session, session_token: as } = await service.createSession(application, bob);
    await service.createSession(other.application, bob);
    const paying = { id: session.id, as, userId: bob };
    const checkouts = [await service.order(paying)];
    expectOk(await service.deliver(completed(checkouts[0]!)));
    checkouts.push(await service.order(paying));
    expectOk(await service.deliver(completed(checkouts[1]!)));
    expectOk(await service.deliver(refunded(checkouts[1]!, 99)));
    await service.call('POST', `/sessions/${session.id}/pause`, { as });

    const stats = await statsOf(id);
    assert.deepEqual(stats, {
      ...empty,
      sessions: 4,
      active_sessions: 1,
      sessions_by_status: { ...none, completed: 3, paused: 1 },
      users: 2,
      revenue_tokens: 10 + 20 + 50,
      revenue_money: [{ currency: 'eur', amount: 499 + 499 - 99 }],
      average_used_seconds: 160,
      server_time: service.clock.now(),
    });
    const { sum } = await service.database.kysely
      .selectFrom('ledger_entries')
      .where('account_id', '=', `revenue:${id}`)
      .select(({ fn }) => fn.sum<number>('amount').as('sum'))
      .executeTakeFirstOrThrow();
    assert.equal(Number(sum), stats.revenue_tokens, 'the ledger says the same');
    assert.equal((await statsOf(other.id)).revenue_tokens, 0);
  });

  test('have figures by day, in a time zone that is named, with the running day marked', async () => {
    // 22:30 in Berlin, a day before the summer begins there.
    service.clock.advance((Date.UTC(2026, 2, 28, 21, 30) - service.clock.now()) / 1000);
    const { id, application } = await provider({ time_zone: 'Europe/Berlin' });
    const [ada, bob] = [await service.createCustomer(10_000), await service.createCustomer(10_000)];
    await visit(application, ada, 300);
    await visit(application, bob, 60);
    // Sold before midnight, ended after it.
    service.clock.advance((Date.UTC(2026, 2, 28, 22, 55) - service.clock.now()) / 1000);
    await visit(application, ada, 540);
    service.clock.advance((Date.UTC(2026, 2, 30, 10) - service.clock.now()) / 1000);
    await visit(application, bob, 30);
    const { session: open, session_token: as } = await service.createSession(application, bob);
    expectOk(await service.deliver(completed(await service.order({ id: open.id, as, userId: bob }))));

    const berlin = await daysOf(id, '?from=2026-03-27&to=2026-03-30');
    assert.equal(berlin.time_zone, 'Europe/Berlin');
    const day = (date: string, sessions: number, users: number, revenue_tokens: number) => ({
      date,
      is_running: date === '2026-03-30',
      sessions,
      users,
      revenue_tokens,
      revenue_money: date === '2026-03-30' ? [{ currency: 'eur', amount: 499 }] : [],
    });
    const inShort = ({ date, is_running, sessions, users, revenue_tokens, revenue_money }: Day) => ({
      ...{ date, is_running, sessions, users, revenue_tokens, revenue_money },
    });
    assert.deepEqual(berlin.days.map(inShort), [
      day('2026-03-27', 0, 0, 0),
      day('2026-03-28', 3, 2, 60),
      day('2026-03-29', 0, 0, 90),
      day('2026-03-30', 2, 1, 5),
    ]);
    const utc = await daysOf(id, '?from=2026-03-28&to=2026-03-29&time_zone=UTC');
    assert.deepEqual(
      [utc.time_zone, utc.days.map(({ sessions, revenue_tokens }) => [sessions, revenue_tokens])],
      [
        'UTC',
        [
          [3, 150],
          [0, 0],
        ],
      ],
    );
    const usual = await daysOf(id);
    assert.deepEqual([usual.days.length, usual.days[0]!.date], [30, '2026-03-01']);
    assert.deepEqual(
      usual.days.filter(({ is_running }) => is_running).map(({ date }) => date),
      ['2026-03-30'],
    );
    const totals = await statsOf(id);
    const sum = (of: (day: Day) => number) => usual.days.reduce((total, one) => total + of(one), 0);
    assert.equal(
      sum(({ sessions }) => sessions),
      totals.sessions,
    );
    assert.equal(
      sum(({ revenue_tokens }) => revenue_tokens),
      totals.revenue_tokens,
    );
    for (const query of [
      '?from=2026-03-30&to=2026-03-29',
      '?from=2026-03-01&to=2026-04-01&interval=hour',
      '?interval=minute',
      '?from=2024-01-01&to=2026-01-01',
      '?from=2026-02-30',
      '?from=yesterday',
      '?time_zone=Mars/Olympus',
      '?day=1',
    ]) {
      const refused = await call('GET', `/providers/${id}/analytics${query}`);
      assert.deepEqual([refused.status, refused.body.code], [422, 'REQUEST_INVALID'], query);
    }
  });

  test('have no figures of an application that is none of theirs', async () => {
    const [{ id }, { application }] = [await provider(), await provider()];
    for (const name of [application.id, 'nothing']) {
      const refused = await call('GET', `/providers/${id}/analytics?application_id=${name}`);
      assert.deepEqual([refused.status, refused.body.code], [404, 'APPLICATION_NOT_FOUND']);
    }
  });

  test('list their sessions of every application, by status, customer and time, page by page', async () => {
    const { id, application } = await provider();
    const second = await service.createApplication({ provider_id: id });
    const stranger = await provider();
    const [ada, bob] = [await service.createCustomer(10_000), await service.createCustomer(10_000)];
    const first = await visit(application, ada, 60);
    const late = Math.floor(service.clock.now() / 1000);
    const second1 = await service.createSession(second, bob);
    const third = await service.createSession(application, bob);
    await service.createSession(stranger.application, bob);
    const idsOf = async (query = '') => {
      const page = expectOk(
        await call('GET', `/providers/${id}/sessions${query}`, undefined, second.secretKey),
      ) as unknown as { sessions: { id: string }[]; next_cursor: string | null };
      return { ids: page.sessions.map((session) => session.id), next: page.next_cursor };
    };
    const running = [second1.session.id, third.session.id].sort().reverse();
    assert.deepEqual(await idsOf(), { ids: [...running, first.id], next: null });
    assert.deepEqual((await idsOf('?status=active')).ids, running);
    assert.deepEqual((await idsOf('?status=completed')).ids, [first.id]);
    assert.deepEqual((await idsOf(`?user_id=${ada}`)).ids, [first.id]);
    assert.deepEqual((await idsOf(`?application_id=${second.id}`)).ids, [second1.session.id]);
    assert.deepEqual((await idsOf(`?from=${late}`)).ids, running);
    assert.deepEqual((await idsOf(`?to=${late}`)).ids, [first.id]);
    const pageOne = await idsOf('?limit=2');
    assert.deepEqual(pageOne.ids, running);
    assert.deepEqual(await idsOf(`?limit=2&cursor=${pageOne.next}`), { ids: [first.id], next: null });
    // Their time is over, although nobody has looked since.
    service.clock.advance(3600);
    assert.deepEqual((await idsOf('?status=active')).ids, []);
    assert.deepEqual((await idsOf('?status=expired')).ids, running);
  });
});
