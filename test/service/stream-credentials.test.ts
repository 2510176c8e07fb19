// What ends a credential ends the streams that it opened, within a second, on every instance.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { describeOnOneDatabase } from './databases.js';
import { EventReader } from './event-reader.js';
import {
  expectOk,
  operatorKey,
  startTestService,
  type TestApplication,
  type TestService,
} from './fixtures.js';
import { TestBrowser } from './test-browser.js';
import { TestClock } from './test-clock.js';

const origin = 'https://app.example';

describeOnOneDatabase('A stream', (source) => {
  const clock = new TestClock();
  let instances: TestService[];
  let service: TestService;
  before(async () => {
    const { now, timer } = clock;
    const database = await source.create();
    const limits = { sessionTokenSeconds: 600 };
    const start = () => startTestService({ database, now, timer, limits });
    // An embedded database belongs to one process.
    instances = source.kind === 'PGlite' ? [await start()] : await Promise.all([start(), start()]);
    service = instances[0]!;
  });
  after(() => Promise.all(instances.map((each) => each.close())));

  /** A session, and how to listen to it on each instance. */
  async function sell(application: TestApplication) {
    const userId = await service.createCustomer(10_000);
    const { session, session_token } = await service.createSession(application, userId, {
      duration_seconds: 3600,
    });
    const path = `/sessions/${session.id}`;
    const listen = async (headers: Record<string, string>) => {
      const readers = await Promise.all(
        instances.map(({ url }) => EventReader.open(`${url}${path}/events`, headers)),
      );
      await Promise.all(readers.map((reader) => reader.atLeast(1)));
      return readers;
    };
    return { path, token: session_token, listen };
  }
  const bearer = (credential: string) => ({ Authorization: `Bearer ${credential}` });
  const areOver = (readers: EventReader[]) => Promise.all(readers.map((reader) => reader.untilOver()));
  const stay = (readers: EventReader[]) => {
    for (const reader of readers) {
      assert.equal(reader.isOver, false);
      reader.leave();
    }
  };
  const rotate = async ({ id }: TestApplication, overlap_seconds: number) =>
    expectOk(
      await service.call<{ secret_key: string }>('POST', `/applications/${id}/secret-key`, {
        body: { overlap_seconds },
      }),
    ).secret_key;

  test('of a secret key that was made worthless ends at once, and no other one', async () => {
    const application = await service.createApplication();
    const other = await service.createApplication();
    const sold = await sell(application);
    const ofKey = await sold.listen(bearer(application.secretKey));
    const others = [
      ...(await sold.listen(bearer(operatorKey))),
      ...(await sold.listen({ ...bearer(sold.token), Origin: origin })),
      ...(await (await sell(other)).listen(bearer(other.secretKey))),
    ];
    const newKey = await rotate(application, 0);
    await areOver(ofKey);
    stay(others);
    stay(await sold.listen(bearer(newKey)));
  });

  test('of a secret key that was replaced ends with its overlap, also where that is cut short', async () => {
    const application = await service.createApplication();
    const sold = await sell(application);
    const first = await sold.listen(bearer(application.secretKey));
    const secondKey = await rotate(application, 100);
    const second = await sold.listen(bearer(secondKey));
    clock.advance(99);
    await rotate(application, 3600);
    assert.ok([...first, ...second].every(({ isOver }) => !isOver));
    clock.advance(1);
    await areOver(first);
    await rotate(application, 10);
    clock.advance(9);
    assert.ok(second.every(({ isOver }) => !isOver));
    clock.advance(1);
    await areOver(second);
  });

  test('of a secret key that ended while nobody could tell it ends when the listener is back', async () => {
    if (source.kind === 'PGlite') return;
    const application = await service.createApplication();
    const sold = await sell(application);
    const readers = await sold.listen(bearer(application.secretKey));
    await sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name like '%listener'`.execute(
      service.database.kysely,
    );
    await rotate(application, 0);
    await areOver(readers);
  });

  test('of a session token goes on when that expires: its page has another by then', async () => {
    const sold = await sell(await service.createApplication());
    const readers = await sold.listen(bearer(sold.token));
    clock.advance(601);
    stay(await sold.listen(bearer(operatorKey)));
    assert.ok(readers.every(({ isOver }) => !isOver));
    stay(readers);
  });

  test('of a session token ends when the session is launched again', async () => {
    const application = await service.createApplication();
    const sold = await sell(application);
    const readers = await sold.listen(bearer(sold.token));
    expectOk(await service.call('POST', `${sold.path}/launch`, { as: application.secretKey }));
    await areOver(readers);
  });

  test('that was opened without a proof ends when the session is bound to a key', async () => {
    const sold = await sell(await service.createApplication());
    const readers = await sold.listen(bearer(sold.token));
    const jti = sold.path.split('/').at(-1);
    const browser = new TestBrowser(service, clock.now);
    expectOk(await browser.call('POST', '/api/v1/sessions/validate', sold.token, { body: { jti } }));
    await areOver(readers);
  });

  test('of a page ends when its origin is taken from the application, and of one without a proof when proofs are required', async () => {
    const application = await service.createApplication();
    const sold = await sell(application);
    const ofPage = await sold.listen({ ...bearer(sold.token), Origin: origin });
    const plain = await sold.listen(bearer(sold.token));
    const change = async (body: object) =>
      expectOk(await service.call('PATCH', `/applications/${application.id}`, { body }));
    await change({ allowed_origins: ['https://other.example'] });
    await areOver(ofPage);
    assert.ok(plain.every(({ isOver }) => !isOver));
    await change({ proof_of_possession: 'required' });
    await areOver(plain);
  });
});
