// A database server that goes away under load and comes back: nothing that was acknowledged is lost, nothing is done twice.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { CreateSessionAnswer } from '../../src/protocol/api.js';
import { idIn } from '../../src/service/foundation/events/subject.js';
import { assertBooksBalance } from './books.js';
import { EventReader } from './event-reader.js';
import {
  startTestService,
  until,
  type Call,
  type Json,
  type TestApplication,
  type TestService,
} from './fixtures.js';
import { startOwnPostgres, type OwnPostgres } from './real-postgres.js';

const workers = 6;
const extension = { additional_seconds: 2, tokens: 3 };

describe('A database that is restarted under load', () => {
  let postgres: OwnPostgres;
  let service: TestService;
  let application: TestApplication;
  let userId: string;
  before(async () => {
    postgres = await startOwnPostgres();
    service = await startTestService({
      database: await postgres.createDatabase(),
      limits: { minDurationSeconds: 1 },
      rateLimits: { session: Infinity, application: Infinity },
    });
    application = await service.createApplication({
      tokens_per_minute: 60,
      extension_options: [extension],
    });
    userId = await service.createCustomer(1_000_000);
  });
  after(async () => {
    await service.close();
    await postgres.stop();
  });

  /** How often a change was told to come again. */
  let refusals = 0;
  /** Makes a change as every client does: again, under the same key, until it is answered. @returns nothing: it came too late. */
  async function change<T = Json>(path: string, call: Call = {}): Promise<T | undefined> {
    const headers = { 'Idempotency-Key': crypto.randomUUID() };
    for (;;) {
      const { status, body } = await service.call<T>('POST', path, { ...call, headers });
      if (status < 300) return body;
      const { code } = body as { code?: string };
      if (status === 503) {
        refusals += 1;
        await new Promise((resolve) => setTimeout(resolve, 50));
      } else if (code !== 'IDEMPOTENCY_KEY_IN_USE') {
        // The session ended meanwhile: it is ending, or its token is no longer taken.
        assert.ok(status === 409 || code === 'SESSION_ENDED', JSON.stringify(body));
        return undefined;
      }
    }
  }
  const sell = async (duration_seconds: number) => {
    const sold = await change<CreateSessionAnswer>('/sessions', {
      as: application.secretKey,
      body: {
        application_id: application.id,
        user_id: userId,
        duration_seconds,
        return_url: 'https://market.example/done',
      },
    });
    assert.ok(sold);
    return sold;
  };
  const health = async (path: string) => (await service.call('GET', path)).status;

  test('loses no acknowledged change, and everything goes on by itself', { timeout: 120_000 }, async (t) => {
    const followed = await sell(600);
    const path = `/sessions/${followed.session.id}`;
    const stream = await EventReader.open(`${service.url}/api/v1${path}/events`, {
      Authorization: `Bearer ${followed.session_token}`,
    });
    t.after(() => stream.leave());
    await stream.atLeast(1);

    const extended = new Map<string, number>();
    const ended = new Set<string>();
    let isOver = false;
    let sold = 0;
    const work = async () => {
      while (!isOver) {
        const { session, session_token: as } = await sell(2 + (sold++ % 4));
        extended.set(session.id, 0);
        const own = `/sessions/${session.id}`;
        if (sold % 2 === 0) {
          const body = { additional_seconds: 2, tokens_to_deduct: 3 };
          if (await change(`${own}/extend`, { as, body })) extended.set(session.id, 1);
        }
        if (sold % 3 === 0) {
          await change(`${own}/end`, { as });
          ended.add(session.id);
        }
      }
    };
    const customersAtWork = Promise.all(Array.from({ length: workers }, work)).finally(() => (isOver = true));
    const meanwhile = (condition: () => boolean | Promise<boolean>) =>
      until(async () => isOver || condition());
    for (let round = 1; round <= 2; round += 1) {
      const before = extended.size;
      await meanwhile(() => extended.size > before + 20);
      await postgres.crash();
      await meanwhile(async () => (await health('/readyz')) === 503);
      assert.equal(await health('/healthz'), 200);
      const refused = refusals;
      await meanwhile(() => refusals > refused + workers);
      await postgres.start();
      await meanwhile(async () => (await health('/readyz')) === 200);
    }
    const before = extended.size;
    await meanwhile(() => extended.size > before + 20);
    isOver = true;
    await customersAtWork;

    const { kysely } = service.database;
    const isSold = ({ session_id }: { session_id: string }) => session_id !== followed.session.id;
    await until(async () => {
      const live = await kysely.selectFrom('sessions').select('id').where('due_at', 'is not', null).execute();
      return live.length === 1;
    });
    const ends = await kysely.selectFrom('events').selectAll().where('type', '=', 'session.ended').execute();
    assert.deepEqual(
      ends.map(({ subject }) => idIn('session', subject)).sort(),
      [...extended.keys()].sort(),
      'each sale that was answered is one session, and each has ended once',
    );
    const bought = (await kysely.selectFrom('extensions').select('session_id').execute()).filter(isSold);
    for (const [id, count] of extended)
      assert.equal(
        bought.filter(({ session_id }) => session_id === id).length,
        count,
        'what was answered was bought, once',
      );
    const sessions = await kysely.selectFrom('sessions').select(['id', 'status']).execute();
    for (const id of ended)
      assert.ok(['completed', 'expired'].includes(sessions.find((one) => one.id === id)!.status));
    await assertBooksBalance(service.database);

    await change(`${path}/extend`, {
      as: followed.session_token,
      body: { additional_seconds: 2, tokens_to_deduct: 3 },
    });
    await until(() => stream.types.includes('session.extended'));
    assert.equal(stream.isOver, false, 'the stream is the one that was open before');
  });
});
