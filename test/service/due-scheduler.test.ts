import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServiceContext } from '../../src/service/foundation/context.js';
import type { Database } from '../../src/service/foundation/database/database.js';
import { DueScheduler } from '../../src/service/foundation/jobs/due-scheduler.js';
import { until } from './fixtures.js';

test('what is due already is done at once, also after the clock was set forward past an earlier plan', async (t) => {
  let now = 0;
  let announce: (dueAt: string) => void = () => {};
  const waiting = [5_000];
  const done: number[] = [];
  const looks: number[] = [];
  const work = {
    name: 'work of the test',
    channel: 'work',
    workers: 1,
    async doNext() {
      const index = waiting.findIndex((dueAt) => dueAt <= now);
      if (index < 0) return false;
      done.push(...waiting.splice(index, 1));
      return true;
    },
    async earliest() {
      looks.push(now);
      return waiting.length ? Math.min(...waiting) : null;
    },
  };
  const database: Pick<Database, 'listen'> = {
    async listen(_channel, callback) {
      announce = callback;
      return async () => {};
    },
  };
  const parts: Partial<ServiceContext> = {
    now: () => now,
    // Timers go by their own time, which nothing moves here: the plan for 5 s never comes true.
    timer: () => () => {},
    database: database as Database,
    logger: { info() {}, error: assert.fail },
  };
  const scheduler = new DueScheduler(work, parts as ServiceContext);
  await scheduler.start();
  t.after(() => scheduler.stop());
  await until(() => looks.length > 0);

  now = 3_600_000;
  waiting.push(now);
  announce(String(now));
  await until(() => waiting.length === 0);
  assert.deepEqual(done, [5_000, 3_600_000]);
});
