import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import type { Problem } from '../../src/protocol/api.js';
import { openServerDatabase } from '../../src/service/foundation/database/server-database.js';
import { toSessionError } from '../../src/service/foundation/http/problem.js';
import { within } from '../../src/service/foundation/within.js';
import { startTestService, until, type TestService } from './fixtures.js';
import { startRealPostgres, type RealPostgres } from './real-postgres.js';
import { SilentProxy } from './silent-proxy.js';

describe('A connection to PostgreSQL that is lost', () => {
  let postgres: RealPostgres;
  let databaseUrl: string;
  let proxy: SilentProxy;
  before(async () => {
    postgres = await startRealPostgres();
    ({ databaseUrl } = await postgres.createDatabase());
    proxy = await SilentProxy.start(databaseUrl);
  });
  after(async () => {
    await proxy.stop();
    await postgres.stop();
  });

  describe('without a word', () => {
    const answerMs = 1_000;
    const patience = { answerMs, tryListenersEveryMs: 200, listenerAnswerMs: answerMs };

    test('is given up by who asks on it, who may ask again, and the next one works', async () => {
      const database = openServerDatabase(proxy.databaseUrl, 2, patience);
      const ask = () => sql<{ one: number }>`select 1 as one`.execute(database.kysely);
      try {
        await Promise.all([ask(), ask()]);
        proxy.silence();
        const failures = await Promise.allSettled([ask(), ask()]);
        for (const { status, ...rest } of failures) {
          assert.equal(status, 'rejected');
          assert.equal(toSessionError((rest as { reason: unknown }).reason).code, 'SERVICE_UNAVAILABLE');
        }
        assert.deepEqual((await ask()).rows, [{ one: 1 }]);
      } finally {
        await database.close();
      }
    });

    test('in the middle of a transaction holds up neither it nor the pool', async () => {
      const database = openServerDatabase(proxy.databaseUrl, 1, patience);
      const { kysely } = database;
      try {
        const failing = kysely.transaction().execute(async (trx) => {
          await sql`select 1`.execute(trx);
          proxy.silence();
          await sql`select 2`.execute(trx);
        });
        await assert.rejects(failing, (error) => toSessionError(error).code === 'SERVICE_UNAVAILABLE');
        await sql`select 3`.execute(kysely);
      } finally {
        await database.close();
      }
    });

    test('that listens is replaced, and who listens is told that something may be missed', async () => {
      const database = openServerDatabase(proxy.databaseUrl, 1, patience);
      const direct = openServerDatabase(databaseUrl, 1);
      const heard: (string | null)[] = [];
      try {
        await database.listen('news', (payload) => heard.push(payload));
        const tell = (news: string) => sql`select pg_notify('news', ${news})`.execute(direct.kysely);
        await tell('first');
        await until(() => heard.length === 1);
        proxy.silence();
        await until(() => heard.includes(null));
        await tell('second');
        await until(() => heard.includes('second'));
        assert.deepEqual(heard, ['first', null, 'second']);
      } finally {
        await direct.close();
        await database.close();
      }
    });

    test('does not keep a process that wants to stop', async () => {
      const database = openServerDatabase(proxy.databaseUrl, 1, patience);
      await database.listen('news', () => {});
      await sql`select 1`.execute(database.kysely);
      proxy.silence();
      await within(10_000, database.close());
    });

    test('is no word for what takes its time: a migration may', async () => {
      const database = openServerDatabase(proxy.databaseUrl, 1, patience);
      try {
        await assert.rejects(sql`select pg_sleep(${(2 * answerMs) / 1000})`.execute(database.kysely));
        await database.unhurried(async (kysely) => {
          await sql`select pg_sleep(${(2 * answerMs) / 1000})`.execute(kysely);
          const { rows } = await sql<{ statement_timeout: string }>`show statement_timeout`.execute(kysely);
          assert.deepEqual(rows, [{ statement_timeout: '0' }]);
        });
      } finally {
        await database.close();
      }
    });
  });

  describe('while it is used', () => {
    let service: TestService;
    before(async () => {
      service = await startTestService({ database: { databaseUrl: proxy.databaseUrl } });
    });
    after(() => service.close());

    test('is a 503 for a read and for a change, which succeed later', async () => {
      const direct = openServerDatabase(databaseUrl, 2);
      try {
        await direct.kysely.transaction().execute(async (trx) => {
          await sql`lock table applications, customers`.execute(trx);
          const waiting = [
            service.call<Problem>('GET', '/applications'),
            service.call<Problem>('POST', '/customers', { body: { id: 'waits' } }),
          ];
          await until(async () => {
            const { rows } = await sql`select from pg_stat_activity
              where wait_event_type = 'Lock' and datname = current_database()`.execute(direct.kysely);
            return rows.length >= waiting.length;
          });
          proxy.cut();
          for (const { status, body, headers } of await Promise.all(waiting)) {
            assert.deepEqual([status, body.code], [503, 'SERVICE_UNAVAILABLE'], body.detail);
            assert.equal(headers.get('retry-after'), '1');
          }
        });
        // Connections that nobody used are found broken one after the other.
        const make = () => service.call('POST', '/customers', { body: { id: 'waits' } });
        await until(async () => (await make()).status === 201);
      } finally {
        await direct.close();
      }
    });
  });
});
