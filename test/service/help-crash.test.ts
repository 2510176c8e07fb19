// An instance is killed at each step of help that is paid by a card, with all that it had at hand: another one brings the request to its
// end. Nobody is left in limbo, a talk is paid once, and nothing is held for ever.
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { after, before, beforeEach, test } from 'node:test';
import { sql } from 'kysely';
import { openDatabase, type Database } from '../../src/service/index.js';
import { isFinalHelpRequest } from '../../src/protocol/help-request.js';
import { nodeFlags, programOf } from '../programs.js';
import { assertBooksBalance } from './books.js';
import { callerOf, expectOk, operatorKey, seeding, until, type TestService } from './fixtures.js';
import { HelpScene, type HelpRequestAnswer, type TestHelper } from './help-desk.js';
import { heldNews, signatureOf } from './stripe-events.js';
import { StripeServer } from './stripe-server.js';
import { startRealPostgres, type RealPostgres } from './real-postgres.js';

type Paid = HelpRequestAnswer & {
  checkout_url: string | null;
  payment_status: string;
  captured_amount: number | null;
  used_seconds: number | null;
};
type Instance = Pick<TestService, 'url' | 'call' | 'database'> & { child: ChildProcess };

const price = 2_500;
const durationSeconds = 600;

let postgres: RealPostgres;
let database: Database;
let environment: Record<string, string>;
let stripe: StripeServer;
/** The one that is killed, and the one that lives. */
let doomed: Instance;
let other: Instance;
let helper: TestHelper;
/** As the two instances are asked. */
let scene: HelpScene;
let sceneOfOther: HelpScene;

before(async () => {
  postgres = await startRealPostgres();
  const { databaseUrl } = await postgres.createDatabase();
  database = await openDatabase({ databaseUrl });
  stripe = await StripeServer.start();
  environment = { DATABASE_URL: databaseUrl, OPERATOR_KEY: operatorKey, STRIPE_URL: stripe.url };
  other = await start();
  const category = { tokens: null, amount: price, currency: 'eur', duration_seconds: durationSeconds };
  sceneOfOther = await HelpScene.open(asService(other), { ...category, search_seconds: 60 });
  helper = await sceneOfOther.helper();
});
after(async () => {
  for (const one of [doomed, other]) one?.child.kill('SIGKILL');
  await database?.close();
  await stripe?.stop();
  await postgres?.stop();
});
beforeEach(async () => {
  stripe.failures = [];
  stripe.onIntent = () => {};
  await startAnother();
});

/** One more, which is killed next; the helper comes to it. */
async function startAnother(): Promise<void> {
  doomed = await start();
  scene = sceneOfOther.on(asService(doomed));
  helper.token = await scene.tokenOf('helper', helper.id);
  await scene.setAvailability(helper, 'available');
}

async function start(): Promise<Instance> {
  const child = spawn(process.execPath, [...nodeFlags, programOf('test/service/helping-instance.ts')], {
    env: { ...process.env, ...environment },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  await until(() => {
    if (child.exitCode !== null) throw new Error(`an instance ended: ${output}`);
    return output.includes('runs at');
  });
  const url = /runs at (\S+)/.exec(output)![1]!;
  return { child, url, call: callerOf(url), database };
}
const asService = (instance: Instance) =>
  ({ ...instance, ...seeding(instance.call) }) as unknown as TestService;

/** As a power cut: nothing is finished, nothing is said. */
async function kill(): Promise<void> {
  doomed.child.kill('SIGKILL');
  if (doomed.child.signalCode === null) await once(doomed.child, 'exit');
}
/** What is asked is on its way when the instance dies. */
const dies = (asking: Promise<unknown>) => asking.catch(() => {});

/** Kills it in the middle of the transaction that changes a request. */
async function killWithin(id: string, ask: () => Promise<unknown>): Promise<void> {
  await database.kysely.transaction().execute(async (trx) => {
    await sql`select from help_requests where id = ${id} for update`.execute(trx);
    let answered: unknown;
    const reached = ask().then(
      (answer) => (answered = answer),
      () => {},
    );
    await until(async () => {
      assert.equal(answered, undefined, 'it has to wait');
      const { rows } = await sql`select from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`.execute(database.kysely);
      return rows.length > 0;
    });
    await kill();
    await reached;
  });
}

/** Whoever of the two is about to hear from Stripe is dead by then; another one comes. @returns how often Stripe did something. */
async function killBeforeStripeAnswers(asking: () => Promise<unknown>): Promise<() => number> {
  let done = 0;
  stripe.onIntent = () => {
    done += 1;
    for (const { child } of [doomed, other]) child.kill('SIGKILL');
  };
  await dies(asking());
  await until(() => done > 0);
  other = await start();
  sceneOfOther = sceneOfOther.on(asService(other));
  return () => done;
}

const read = (id: string) => sceneOfOther.read(id) as Promise<Paid>;
let aheadSeconds = 0;
async function pass(advance_seconds: number): Promise<void> {
  aheadSeconds += advance_seconds;
  expectOk(await other.call('POST', '/test/clock', { body: { advance_seconds } }));
}
const intentOf = (id: string) =>
  [...stripe.intents.values()].find(({ metadata }) => metadata.help_request_id === id);

/** Stripe tells that a payment is held. */
async function tell(at: Instance, url: string): Promise<unknown> {
  const held = [...stripe.intents.values()].find(({ id }) => url.endsWith(id.slice(3)));
  const body = JSON.stringify(heldNews(held ?? stripe.pay(url), 'amount_capturable_updated'));
  const headers = { 'Stripe-Signature': signatureOf(body, Math.floor(Date.now() / 1000) + aheadSeconds) };
  return at.call('POST', '/api/v1/webhooks/stripe', { as: null, body, headers });
}

async function ask(): Promise<Paid> {
  return expectOk(await scene.ask(await scene.customer(0))) as Paid;
}
/** A request that is paid, and offered at a desk of the instance that dies. */
async function askAndPay(): Promise<Paid> {
  const desk = await scene.desk(helper);
  const asked = await ask();
  await tell(doomed, asked.checkout_url!);
  await until(() => desk.isOffered(asked.id));
  return asked;
}
async function claim(): Promise<Paid> {
  const { id } = await askAndPay();
  return expectOk(await scene.answer(helper, id, 'claim')) as Paid;
}
/** Both are there, by streams of the instance that dies. */
async function talk(): Promise<Paid> {
  const claimed = await claim();
  await Promise.all([scene.join(claimed.session_id!), scene.attend(helper, claimed.session_id!)]);
  await sceneOfOther.untilStatus(claimed.id, 'in_progress');
  return claimed;
}

/** Left alone, it comes to its end, and so does its money. @returns how it has ended. */
async function comesToItsEnd(id: string): Promise<Paid> {
  const isOver = ({ status, payment_status }: Paid) =>
    isFinalHelpRequest(status as 'open') &&
    !/^(pending|authorized|capturing|releasing)$/.test(payment_status);
  let last = await read(id);
  for (let rounds = 0; !isOver(last); rounds += 1) {
    assert.ok(rounds < 30, `in limbo: ${JSON.stringify(last)}`);
    await pass(185);
    await new Promise((resolve) => setTimeout(resolve, 50));
    last = await read(id);
  }
  const intent = intentOf(id);
  assert.notEqual(intent?.status, 'requires_capture', 'nothing is held for ever');
  assert.equal(intent?.amount_received ?? 0, last.captured_amount ?? 0);
  const { rows: helpers } = await sql`select active_count from helpers`.execute(database.kysely);
  assert.deepEqual(helpers, [{ active_count: 0 }], 'seats are free again');
  const { rows: sales } = await sql<{ amount: number }>`
    select coalesce(sum(money_entries.amount), 0)::int as amount from payment_authorizations
      join money_transactions on money_transactions.checkout_id = payment_authorizations.checkout_id
      join money_entries on transaction_id = money_transactions.id and account like 'sales:%'
    where request_id = ${id}`.execute(database.kysely);
  assert.equal(sales[0]!.amount, last.captured_amount ?? 0);
  assert.deepEqual((await sql`select * from failed_work`.execute(database.kysely)).rows, []);
  await assertBooksBalance(database);
  return last;
}
const end = ({ status, reason, payment_status }: Paid) => [status, reason, payment_status];

test('killed while its payment is opened: asked again, it is the same request; nobody pays, and it is over', async () => {
  const [customer, key] = [await scene.customer(0), crypto.randomUUID()];
  stripe.failures = ['hang'];
  const asking = dies(scene.ask(customer, {}, key));
  await until(() => stripe.failures.length === 0);
  await kill();
  await asking;
  const first = await sceneOfOther.ask(customer, {}, key);
  // Whoever took it may still be at work, for all that is known.
  if (first.status === 409) assert.equal(first.body.code, 'IDEMPOTENCY_KEY_IN_USE');
  await pass(120);
  const again = expectOk(await sceneOfOther.ask(customer, {}, key)) as Paid;
  assert.ok(again.checkout_url);
  const { rows } = await sql`select id from help_requests where user_id = ${customer}`.execute(
    database.kysely,
  );
  assert.deepEqual(rows, [{ id: again.id }]);
  assert.deepEqual(end(await comesToItsEnd(again.id)), ['expired', 'payment_failed', 'released']);
  assert.equal(stripe.checkouts.find(({ url }) => url === again.checkout_url)!.status, 'expired');
});

test('killed while it is told that the money is held: whether or not it is told again, nothing stays held', async () => {
  for (const isToldAgain of [true, false]) {
    if (!isToldAgain) await startAnother();
    const { id, checkout_url } = await ask();
    await killWithin(id, () => tell(doomed, checkout_url!));
    assert.equal((await read(id)).status, 'awaiting_payment');
    if (isToldAgain) {
      await tell(other, checkout_url!);
      assert.equal((await read(id)).status, 'open');
    }
    const over = await comesToItsEnd(id);
    assert.equal(over.status, 'expired');
    assert.equal(over.payment_status, 'released');
    assert.equal(intentOf(id)!.status, 'canceled');
  }
});

test('killed in the middle of a claim, and after it: others are asked, and where nobody is free the money is let go', async () => {
  const { id } = await askAndPay();
  await killWithin(id, () => scene.answer(helper, id, 'claim'));
  assert.deepEqual([(await read(id)).status, (await read(id)).helper_id], ['open', null]);
  assert.deepEqual(end(await comesToItsEnd(id)), ['expired', 'nobody_free', 'released']);

  await startAnother();
  const claimed = await claim();
  await kill();
  assert.equal((await read(claimed.id)).status, 'claimed');
  assert.deepEqual(end(await comesToItsEnd(claimed.id)), ['expired', 'nobody_free', 'released']);
});

test('killed while both talk: the talk ends in its time, and is taken once', async () => {
  const { id } = await talk();
  await kill();
  const over = await comesToItsEnd(id);
  assert.deepEqual(end(over), ['completed', null, 'captured']);
  assert.equal(over.used_seconds, durationSeconds);
  assert.equal(over.captured_amount, price);
});

test('killed once the money of a talk is taken, before that is known: it is taken once', async () => {
  const { id, session_id } = await talk();
  await pass(60);
  const captures = await killBeforeStripeAnswers(() =>
    scene.service.call('POST', `/sessions/${session_id}/end`),
  );
  const over = await comesToItsEnd(id);
  assert.deepEqual(end(over), ['completed', null, 'captured']);
  assert.equal(over.captured_amount, Math.ceil((price * over.used_seconds!) / durationSeconds));
  assert.equal(captures(), 1);
});

test('killed while it is cancelled, and once its money is let go: it is let go', async () => {
  const { id } = await askAndPay();
  await killWithin(id, () => scene.cancel(id));
  assert.equal((await read(id)).status, 'open');
  await startAnother();
  const releases = await killBeforeStripeAnswers(() => scene.cancel(id));
  assert.deepEqual(end(await comesToItsEnd(id)), ['cancelled', 'requested', 'released']);
  assert.equal(releases(), 1);
});
