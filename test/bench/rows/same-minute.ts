// How late sessions are ended: 100 000 whose time is over within one minute, and 5000 within one second.
import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import { openDatabase, type Database } from '../../../src/service/index.js';
import { announceDue } from '../../../src/service/foundation/jobs/due-channel.js';
import { announcedEvent, eventsChannel } from '../../../src/service/foundation/events/announcements.js';
import { idIn } from '../../../src/service/foundation/events/subject.js';
import { assertBooksBalance } from '../../service/books.js';
import { startBenchService } from '../harness/bench-service.js';
import type { Benchmark } from '../harness/measurement.js';
import { insertSoldSessions } from '../harness/sold-sessions.js';
import { percentile } from '../harness/statistics.js';

const wholeOneMinute = 100_000;
const wholeOneSecond = 5_000;
/** Each within a second of its deadline. */
const targetMs = 1_000;
/** Between the last preparation and the first deadline. */
const leadMs = 5_000;
/** Until the deadlines at which sessions are inserted: none passes while the others still are. */
const farMs = 3_600_000;
const giveUpMs = 120_000;

export const sameMinute: Benchmark = {
  name: 'same-minute',
  async measure({ note, sized }) {
    const [inOneMinute, inOneSecond] = [sized(wholeOneMinute), sized(wholeOneSecond)];
    const service = await startBenchService();
    const database = await openDatabase({ databaseUrl: service.databaseUrl });
    try {
      const applicationId = (await service.createApplication()).id;
      // The connections are there, and the statements compiled.
      await endOf(database, { applicationId, count: 500, overSeconds: 1 });
      note(`${inOneMinute} sessions, a minute`);
      const minute = await endOf(database, { applicationId, count: inOneMinute, overSeconds: 60 });
      note(`${inOneSecond} sessions, one second`);
      const second = await endOf(database, { applicationId, count: inOneSecond, overSeconds: 1 });
      await assertBooksBalance(database);
      const ms = { unit: 'ms', target: null };
      return [
        {
          name: 'same minute: worst of 100 000, late',
          value: percentile(minute, 1),
          unit: 'ms',
          target: targetMs,
        },
        { name: 'same minute: 99th percentile', value: percentile(minute, 0.99), ...ms },
        { name: 'same minute: median', value: percentile(minute, 0.5), ...ms },
        { name: `same second: worst of ${inOneSecond}, late`, value: percentile(second, 1), ...ms },
        { name: 'same second: median', value: percentile(second, 0.5), ...ms },
      ];
    } finally {
      await database.close();
      await service.stop();
    }
  },
};

/** Inserts sessions and waits until all of them were announced to have ended. @returns how late each was, ms. */
async function endOf(
  database: Database,
  { applicationId, count, overSeconds }: { applicationId: string; count: number; overSeconds: number },
): Promise<number[]> {
  const heard: { sessionId: string; at: number }[] = [];
  const unlisten = await database.listen(eventsChannel, (payload) => {
    const sessionId = idIn('session', announcedEvent(payload ?? '')?.subject ?? '');
    if (sessionId === undefined) throw new Error('the listener lost its connection');
    heard.push({ sessionId, at: Date.now() });
  });
  const farDeadlineAt = wholeSecond(Date.now() + farMs);
  await insertSoldSessions(database, { applicationId, count, firstDeadlineAt: farDeadlineAt, overSeconds });
  const deadlines = await bringNearer(database, farDeadlineAt - wholeSecond(Date.now() + leadMs));
  const giveUpAt = Date.now() + leadMs + overSeconds * 1000 + giveUpMs;
  while (heard.length < count) {
    if (Date.now() > giveUpAt) throw new Error(`${heard.length} of ${count} sessions have ended`);
    await wait(50);
  }
  await unlisten();
  const ends = new Map(heard.map(({ sessionId, at }) => [sessionId, at]));
  if (heard.length !== count || ends.size !== count) throw new Error('a session has ended twice, or none');
  return deadlines.map(({ id, deadline_at }) => ends.get(id)! - deadline_at);
}

/** Brings all deadlines nearer and tells the service. @returns what they are now. */
async function bringNearer({ kysely }: Database, byMs: number) {
  const { rows } = await sql<{ id: string; deadline_at: number }>`
    update sessions set deadline_at = deadline_at - ${byMs}::bigint, due_at = due_at - ${byMs}::bigint,
      created_at = created_at - ${byMs}::bigint, started_at = started_at - ${byMs}::bigint
    where due_at is not null returning id, deadline_at`.execute(kysely);
  await sql`vacuum analyze sessions`.execute(kysely);
  await kysely.transaction().execute((trx) => announceDue(trx, rows[0]!.deadline_at));
  return rows;
}

const wholeSecond = (at: number) => Math.ceil(at / 1000) * 1000;
