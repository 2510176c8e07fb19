import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import type { ExtendAnswer, Problem } from '../../src/protocol/api.js';
import { openDatabase, type Database } from '../../src/service/index.js';
import { announceDue, webhookDueChannel } from '../../src/service/foundation/jobs/due-channel.js';
import { announcedEvent, eventsChannel } from '../../src/service/foundation/events/announcements.js';
import { idIn } from '../../src/service/foundation/events/subject.js';
import { assertBooksBalance, sumOf } from './books.js';
import { Fleet } from './chaos/fleet.js';
import { readToTheEnd, type Heard } from './chaos/read-to-the-end.js';
import { expectOk, seeding, until, type Json, type TestApplication } from './fixtures.js';
import { watchMachine } from './machine-lateness.js';
import { startRealPostgres, type RealPostgres } from './real-postgres.js';
import { WebhookReceiver } from './webhook-receiver.js';

/** Sessions that are sold; set CHAOS_SESSIONS for more. */
const sessionCount = Number(process.env.CHAOS_SESSIONS ?? 150);
/** What is promised, however many instances die, beside what the machine itself is late. */
const lateAtMostMs = 1_000;
const customerCount = 20;
const credit = 1_000_000;
/** Customers at work side by side. */
const workers = 6;
/** One session in so many is followed by a page. */
const followEvery = 4;
const webhookTypes = ['session.started', 'session.extended', 'session.paused', 'session.ended'] as const;

const chance = (share: number) => Math.random() < share;
const between = (low: number, high: number) => low + Math.floor(Math.random() * (high - low + 1));
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

let postgres: RealPostgres;
let database: Database;
let receiver: WebhookReceiver;
let application: TestApplication;
let customers: string[];
const fleet = new Fleet();
/** When each event was heard of, by its id. */
const heardAt = new Map<number, number>();
/** What pages hear of the sessions that they follow. */
const following: Promise<Heard>[] = [];
before(async () => {
  postgres = await startRealPostgres();
  const options = await postgres.createDatabase();
  receiver = await WebhookReceiver.start();
  await fleet.start(options.databaseUrl, 3, [receiver.host]);
  database = await openDatabase(options);
  await database.listen(eventsChannel, (payload) => {
    if (payload !== null && announcedEvent(payload)) heardAt.set(Number.parseInt(payload, 10), Date.now());
  });
  const { createApplication, createCustomer } = seeding(fleet.call);
  application = await createApplication({
    extension_options: [{ additional_seconds: 2, tokens: 3 }],
    tokens_per_minute: 60,
    max_pause_seconds: 3,
  });
  const endpoint = { url: receiver.url, events: webhookTypes };
  expectOk(await fleet.call('POST', '/webhook-endpoints', { as: application.secretKey, body: endpoint }));
  customers = await Promise.all(Array.from({ length: customerCount }, () => createCustomer(credit)));
});
after(async () => {
  await fleet.stop();
  await receiver.stop();
  await database.close();
  await postgres.stop();
});

/** What one customer does in a session, and what he was told of it. */
async function spend(sold: Map<string, number>): Promise<void> {
  const { createSession } = seeding(fleet.call);
  const userId = customers[between(0, customers.length - 1)]!;
  const { session, session_token: as } = await createSession(application, userId, {
    duration_seconds: between(2, 8),
  });
  sold.set(session.id, 0);
  if (sold.size % followEvery === 0) following.push(readToTheEnd(fleet, session.id, as));
  const path = `/sessions/${session.id}`;
  const change = async (action: string, body?: object) => {
    const headers = { 'Idempotency-Key': crypto.randomUUID() };
    const answer = await fleet.call<ExtendAnswer & Problem>('POST', `${path}/${action}`, {
      as,
      body,
      headers,
    });
    assert.ok(answer.status < 500, JSON.stringify(answer.body));
    return answer.status === 200;
  };
  while (chance(0.4)) {
    if (await change('extend', { additional_seconds: 2, tokens_to_deduct: 3 }))
      sold.set(session.id, sold.get(session.id)! + 1);
  }
  if (chance(0.3)) {
    await change('pause');
    // The others never come back: their pause ends by itself.
    if (chance(0.5)) await change('resume');
  }
  if (chance(0.2)) await change('end');
}

test('Two of three instances are killed while customers come and go: every session ends once and on time, and everybody hears of it', async (t) => {
  const sold = new Map<string, number>();
  let toSell = sessionCount;
  const work = async () => {
    while (toSell-- > 0) await spend(sold);
  };
  const machine = await watchMachine();
  t.after(() => machine.stop());
  const customersAtWork = Promise.all(Array.from({ length: workers }, work));
  for (const share of [0.3, 0.6]) {
    await until(() => sold.size > sessionCount * (share + Math.random() * 0.2), 30_000 + sessionCount * 200);
    await fleet.kill();
  }
  await customersAtWork;
  assert.equal(fleet.size, 1);
  const { kysely } = database;
  await until(async () => {
    const live = await kysely.selectFrom('sessions').select('id').where('due_at', 'is not', null).execute();
    return live.length === 0;
  });
  // What was announced is on its way.
  await sleep(200);
  const standstillMs = await machine.stop();

  const sessions = await kysely.selectFrom('sessions').selectAll().execute();
  assert.deepEqual(sessions.map(({ id }) => id).sort(), [...sold.keys()].sort(), 'each sale is one session');
  const ends = await kysely.selectFrom('events').selectAll().where('type', '=', 'session.ended').execute();
  assert.deepEqual(
    ends.map(({ subject }) => idIn('session', subject)).sort(),
    [...sold.keys()].sort(),
    'each ends once',
  );
  const bought = await kysely.selectFrom('extensions').select('session_id').execute();
  for (const [id, count] of sold) {
    assert.equal(
      bought.filter(({ session_id }) => session_id === id).length,
      count,
      'what was answered was bought',
    );
  }

  const entries = await kysely
    .selectFrom('audit_entries')
    .select(['action', 'subject'])
    .where('subject', 'like', '/sessions/%')
    .execute();
  const subjectsOf = (action: string) =>
    entries.filter((entry) => entry.action === action).map(({ subject }) => subject);
  const sessionsOf = async (type: 'session.paused' | 'session.ended', status: string) =>
    (await kysely.selectFrom('events').selectAll().where('type', '=', type).execute())
      .filter(({ payload }) => status === '' || (payload as { status?: string }).status === status)
      .map(({ subject }) => idIn('session', subject)!);
  const paths = (ids: string[], action = '') => ids.map((id) => `/sessions/${id}${action}`).sort();
  // Whatever was cut off in the middle: each change has its entry, and each entry its change.
  assert.deepEqual(subjectsOf('POST /sessions').sort(), paths([...sold.keys()]));
  const extended = bought.map(({ session_id }) => session_id);
  assert.deepEqual(subjectsOf('POST /sessions/{id}/extend').sort(), paths(extended, '/extend'));
  const paused = await sessionsOf('session.paused', '');
  assert.deepEqual(subjectsOf('POST /sessions/{id}/pause').sort(), paths(paused, '/pause'));
  const completed = await sessionsOf('session.ended', 'completed');
  assert.deepEqual(subjectsOf('POST /sessions/{id}/end').sort(), paths(completed, '/end'));

  await assertBooksBalance(database);
  const { rows } = await sql<{ available: number; held: number; cost: number }>`
    select
      (select sum(balance) from accounts where id like 'wallet:%')::bigint as available,
      (select sum(balance) from accounts where id like 'hold:%')::bigint as held,
      (select sum(final_cost) from sessions)::bigint as cost`.execute(kysely);
  const { available, held, cost } = rows[0]!;
  assert.equal(held, 0);
  assert.equal(available + cost, customerCount * credit, 'no token was made, and none was lost');
  assert.ok(cost > 0);
  const all = await sql<{ id: string }>`select id from accounts`.execute(kysely);
  const sums = await Promise.all(all.rows.map(({ id }) => sumOf(database, id)));
  assert.equal(
    sums.reduce((sum, each) => sum + each, 0),
    0,
    'the ledger sums to zero',
  );

  const expired = sessions.filter(({ status }) => status === 'expired');
  assert.ok(expired.length > sessionCount / 3, `${expired.length} were left to run out`);
  const lateness = expired
    .map(({ id, ended_at }) => {
      const toldAt = heardAt.get(ends.find(({ subject }) => subject === `session:${id}`)!.id)!;
      return { ms: toldAt - ended_at!, machineMs: standstillMs(ended_at!, toldAt) };
    })
    .sort((a, b) => a.ms - b.ms);
  const part = (share: number) => lateness[Math.floor((lateness.length - 1) * share)]!;
  const [median, most, worst] = [part(0.5), part(0.99), part(1)];
  const told = await allWebhooks(database);
  const pages = await Promise.all(following);
  assert.ok(pages.length > sessionCount / followEvery / 2);
  const appended = await kysely
    .selectFrom('events')
    .select(['id', 'subject', 'type'])
    .where('type', 'not like', 'participant.%')
    .orderBy('id')
    .execute();
  for (const { sessionId, sinceId, ids } of pages) {
    const events = appended.filter(({ id, subject }) => subject === `session:${sessionId}` && id > sinceId);
    assert.deepEqual(
      ids,
      events.map(({ id }) => id),
      'a page hears each event once, and in order',
    );
  }
  const nameOf = (sessionId: unknown, type: string) => `${type} ${String(sessionId)}`;
  const wanted = appended.filter(({ type }) => (webhookTypes as readonly string[]).includes(type));
  assert.deepEqual(
    told.map(({ type, data }) => nameOf((data as Json).session_id, type)).sort(),
    wanted.map(({ type, subject }) => nameOf(idIn('session', subject), type)).sort(),
    'each event has one webhook',
  );
  const bodies = new Map(receiver.received.map(({ id, body }) => [id, body]));
  assert.deepEqual([...bodies.keys()].sort(), told.map(({ id }) => id).sort(), 'each webhook has arrived');
  for (const { id, body } of receiver.received)
    assert.equal(body, bodies.get(id), 'what comes again is the same');

  t.diagnostic(
    `${pages.length} pages; ${told.length} webhooks, ${receiver.received.length - told.length} of them twice`,
  );
  t.diagnostic(
    `${sold.size} sessions, ${bought.length} extensions; ends late by ${median.ms} ms (median), ${most.ms} ms (99 %), ${worst.ms} ms (worst; ${worst.machineMs} ms of it the machine's)`,
  );
  assert.ok(part(0).ms >= 0, 'none ends before its time');
  for (const { ms, machineMs } of lateness)
    assert.ok(
      ms <= lateAtMostMs + machineMs,
      `one was ended ${ms} ms late, ${machineMs} ms of it the machine's`,
    );
});

/** Waits until every webhook is delivered. What the dead had claimed is theirs for a minute; nobody waits for that here. */
async function allWebhooks({ kysely }: Database) {
  const deliveries = () =>
    kysely.selectFrom('webhook_deliveries').select(['id', 'type', 'data', 'status']).execute();
  await until(async () => {
    const now = Date.now();
    await kysely.transaction().execute(async (trx) => {
      await trx.updateTable('webhook_deliveries').set({ due_at: now }).where('due_at', '>', now).execute();
      await announceDue(trx, now, webhookDueChannel);
    });
    await sleep(500);
    return (await deliveries()).every(({ status }) => status === 'delivered');
  });
  return deliveries();
}
