// What pages count: once, whatever is sent again, by day and application, and never more than the service has room for.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { maxMetricNames } from '../../src/service/features/page-metrics/page-reports.js';
import { describeOnOneDatabase } from './databases.js';
import { expectOk, startTestService, until, type TestApplication, type TestService } from './fixtures.js';
import { TestClock } from './test-clock.js';

type Counts = Record<string, number>;
type OwnApplication = TestApplication & { provider_id: string };
interface Metric {
  name: string;
  total: number;
  previous: number;
  days: { date: string; amount: number }[];
}

describeOnOneDatabase('What pages count', (source) => {
  const clock = new TestClock(Date.parse('2026-03-20T12:00:00Z'));
  let service: TestService;
  let other: TestService;
  before(async () => {
    const database = await source.create();
    const { now, timer } = clock;
    const rateLimits = { person: Infinity };
    service = await startTestService({ database, now, timer, rateLimits });
    // An embedded database has one instance.
    other = source.kind === 'PGlite' ? service : await startTestService({ database, now, timer, rateLimits });
  });
  after(async () => {
    if (other !== service) await other.close();
    await service.close();
  });

  const newPage = () => `page-${crypto.randomUUID().slice(0, 8)}`;
  const openSession = async (application: TestApplication) => {
    const { session, session_token: as } = await service.createSession(
      application,
      await service.createCustomer(9e5),
      { duration_seconds: 86_400 },
    );
    return { id: session.id, as };
  };
  const newApplication = async () => {
    const { id: provider_id } = expectOk(
      await service.call<{ id: string }>('POST', '/providers', { body: { name: 'North' } }),
    );
    const made = await service.createApplication({ provider_id, max_duration_seconds: 86_400 });
    return { ...made, provider_id };
  };
  const beat = ({ id, as }: { id: string; as: string }, metrics?: object, at: TestService = service) =>
    at.call('POST', `/sessions/${id}/heartbeat`, {
      as,
      body: { timestamp: clock.now(), active: true, ...(metrics && { metrics }) },
    });
  const read = async ({ provider_id, id }: OwnApplication, query = '') =>
    expectOk(
      await service.call<{ metrics: Metric[] }>(
        'GET',
        `/providers/${provider_id}/page-metrics?application_id=${id}&${query}`,
      ),
    ).metrics;
  const totalsOf = (metrics: Metric[]): Counts =>
    Object.fromEntries(metrics.map(({ name, total }) => [name, total]));
  /** What is in hand is written: the timers of both services have run. */
  const written = async (isThere: () => Promise<boolean>) => {
    clock.advance(1);
    await until(isThere);
  };

  test('counts each report once, in whatever order and however often two instances hear of it', async () => {
    const report = fc.record({
      session: fc.nat(1),
      page: fc.nat(1),
      sequence: fc.integer({ min: 1, max: 3 }),
      counts: fc.dictionary(
        fc.constantFrom('warnings', 'errors.NETWORK_FAILED', 'custom.step.plan.gold'),
        fc.integer({ min: -5, max: 9 }),
        { minKeys: 1 },
      ),
      /** Sent so often, by turns to either instance. */
      times: fc.integer({ min: 1, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(report, {
          minLength: 1,
          maxLength: 8,
          selector: ({ session, page, sequence }) => `${session} ${page} ${sequence}`,
        }),
        async (reports) => {
          const application = await newApplication();
          const sessions = [await openSession(application), await openSession(application)];
          const pages = [newPage(), newPage()];
          const expected: Counts = {};
          for (const { session, page, sequence, counts, times } of reports) {
            for (let time = 0; time < times; time++)
              expectOk(
                await beat(
                  sessions[session]!,
                  { page: pages[page], sequence, counts },
                  [service, other][(sequence + time) % 2],
                ),
              );
            for (const [name, amount] of Object.entries(counts))
              expected[name] = (expected[name] ?? 0) + amount;
          }
          const mark = { page: newPage(), sequence: 1, counts: { mark: 1 } };
          for (const [index, at] of [service, other].entries())
            await beat(sessions[0]!, { ...mark, sequence: index + 1 }, at);
          await written(async () => totalsOf(await read(application)).mark === 2);
          assert.deepEqual(totalsOf(await read(application)), { ...expected, mark: 2 });
        },
      ),
      { numRuns: 12 },
    );
  });

  test('by the days of a time zone, beside what there was before', async () => {
    const application = await newApplication();
    const session = await openSession(application);
    const page = newPage();
    // Berlin is an hour ahead of UTC: 22:30 is the 20th there, 23:30 the 21st.
    for (const [index, at] of [
      '2026-03-20T22:30:00Z',
      '2026-03-20T23:30:00Z',
      '2026-03-21T08:00:00Z',
    ].entries()) {
      clock.advance((Date.parse(at) - clock.now()) / 1000);
      expectOk(await beat(session, { page, sequence: index + 1, counts: { warnings: 10 ** index } }));
      await written(async () => totalsOf(await read(application)).warnings! >= 10 ** index);
    }
    const query = 'time_zone=Europe/Berlin&from=2026-03-21&to=2026-03-21';
    assert.deepEqual(await read(application, query), [
      { name: 'warnings', total: 110, previous: 1, days: [{ date: '2026-03-21', amount: 110 }] },
    ]);
    const inUtc = 'time_zone=UTC&from=2026-03-20&to=2026-03-21';
    assert.deepEqual(await read(application, inUtc), [
      {
        name: 'warnings',
        total: 111,
        previous: 0,
        days: [
          { date: '2026-03-20', amount: 11 },
          { date: '2026-03-21', amount: 100 },
        ],
      },
    ]);
    const turned = `/providers/${application.provider_id}/page-metrics?from=2026-03-21&to=2026-03-20`;
    assert.equal((await service.call('GET', turned)).status, 422);
  });

  test('of one application, and of no other provider', async () => {
    const application = await newApplication();
    const foreign = await newApplication();
    const session = await openSession(application);
    await beat(session, { page: newPage(), sequence: 1, counts: { warnings: 1 } });
    await written(async () => (await read(application)).length > 0);
    const answer = await service.call(
      'GET',
      `/providers/${foreign.provider_id}/page-metrics?application_id=${application.id}`,
    );
    assert.deepEqual([answer.status, answer.body.code], [404, 'APPLICATION_NOT_FOUND']);
    assert.deepEqual(await read(foreign), []);
  });

  test('so many names an application, and what it has goes on', async () => {
    const application = await newApplication();
    const session = await openSession(application);
    const page = newPage();
    const named = (from: number, amount: number): Counts =>
      Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`custom.n${from + at}`, amount]));
    for (let part = 0; part < 5; part++) {
      expectOk(await beat(session, { page, sequence: part + 1, counts: named(part * 50, 1) }));
      if (part === 2) await written(async () => (await read(application)).length === 150);
    }
    await written(async () => (await read(application)).length === maxMetricNames);
    expectOk(await beat(session, { page, sequence: 6, counts: named(0, 2) }));
    await written(async () => totalsOf(await read(application))['custom.n0'] === 3);
    assert.equal((await read(application)).length, maxMetricNames);
  });

  test('refuses what is no count, and takes nothing of it', async () => {
    const application = await newApplication();
    const session = await openSession(application);
    const report = { page: newPage(), sequence: 1, counts: { warnings: 1 } };
    const many = Object.fromEntries(Array.from({ length: 51 }, (_, at) => [`n${at}`, 1]));
    const wrong = [
      { ...report, page: 'a b c d e f g' },
      { ...report, page: 'short' },
      { ...report, sequence: 0 },
      { ...report, sequence: 1.5 },
      { ...report, sequence: 2 ** 31 },
      { ...report, note: 'said' },
      ...['Warnings', 'https://shop.example/?token=1', 'a b', 'a.', 'a.b.c.d.e', 'x'.repeat(41)].map(
        (name) => ({ ...report, counts: JSON.parse(`{"${name}": 1}`) as object }),
      ),
      ...[1e10, -1e10, null, '1', true].map((amount) => ({ ...report, counts: { warnings: amount } })),
      { ...report, counts: many },
    ];
    for (const metrics of wrong) {
      const { status, body } = await beat(session, metrics);
      assert.deepEqual([status, body.code], [422, 'REQUEST_INVALID'], JSON.stringify(metrics));
    }
    expectOk(await beat(session, report));
    await written(async () => (await read(application)).length === 1);
    assert.deepEqual(totalsOf(await read(application)), { warnings: 1 });
  });

  test('which reports were taken is known for a day', async () => {
    const application = await newApplication();
    const session = await openSession(application);
    await beat(session, { page: newPage(), sequence: 1, counts: { warnings: 1 } });
    const left = () =>
      service.database.kysely
        .selectFrom('page_reports')
        .select('page')
        .where('session_id', '=', session.id)
        .execute();
    await written(async () => (await left()).length === 1);
    clock.advance(90_000);
    await until(async () => (await left()).length === 0);
    assert.equal(totalsOf(await read(application)).warnings, 1);
  });
});
