// Help requests by two instances, many at once: none is offered to nobody, given to two, or paid twice.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { assertBooksBalance } from './books.js';
import { expectOk, startTestService, until, type TestService } from './fixtures.js';
import { HelpScene, type Desk, type TestHelper } from './help-desk.js';
import { heldNews, secretKey, signatureOf, webhookSecret } from './stripe-events.js';
import { StripeServer } from './stripe-server.js';
import { startRealPostgres, type RealPostgres } from './real-postgres.js';

describe('Help requests of two instances', () => {
  let postgres: RealPostgres;
  let services: TestService[];
  let stripe: StripeServer;
  let scene: HelpScene;
  const desks: Desk[] = [];
  before(async () => {
    postgres = await startRealPostgres();
    const database = await postgres.createDatabase();
    const rateLimits = { application: Infinity, person: Infinity, operator: Infinity };
    stripe = await StripeServer.start();
    const options = { database, rateLimits, stripe: { secretKey, webhookSecret, apiUrl: stripe.url } };
    services = [await startTestService(options), await startTestService(options)];
    scene = await HelpScene.open(services[0]!);
  });
  afterEach(async () => {
    for (const desk of desks.splice(0)) desk.leave();
    await assertBooksBalance(services[0]!.database);
    const { rows } = await sql`
      select id from helpers where active_count <> (select count(*) from help_requests
        where helper_id = helpers.id and status in ('claimed', 'in_progress'))`.execute(
      services[0]!.database.kysely,
    );
    assert.deepEqual(rows, []);
    // Those of one test are nobody's in the next.
    await sql`update helpers set availability = 'offline'`.execute(services[0]!.database.kysely);
  });
  after(async () => {
    for (const service of services) await service.close();
    await stripe.stop();
    await postgres.stop();
  });

  const onEach = (n: number) => scene.on(services[n % 2]!);
  const helpers = (count: number) => Promise.all(Array.from({ length: count }, () => scene.helper()));
  const openDesks = async (those: readonly TestHelper[]) => {
    const opened = await Promise.all(those.map((helper, n) => onEach(n).desk(helper)));
    desks.push(...opened);
    return opened;
  };

  test('that 200 helpers claim at once: exactly one has it', async () => {
    const many = await helpers(200);
    const { kysely } = services[0]!.database;
    // As if all of their desks were open.
    await sql`insert into helper_desks (helper_id, seen_at)
      select id, ${Date.now() + 60_000}::bigint from helpers where availability = 'available'`.execute(
      kysely,
    );
    const { id, offered_count } = expectOk(await scene.ask(await scene.customer()));
    assert.equal(offered_count, 200);
    const answers = await Promise.all(many.map((helper, n) => onEach(n).answer(helper, id, 'claim')));
    const won = answers.filter(({ status }) => status === 200);
    assert.equal(won.length, 1);
    const losers = answers.filter(({ status }) => status === 409);
    assert.deepEqual(
      losers.map(({ body }) => body.code),
      Array(199).fill('REQUEST_TAKEN'),
    );
    const { rows } = await sql`select state, count(*)::int from help_offers where request_id = ${id}
      group by state order by state`.execute(kysely);
    assert.deepEqual(rows, [
      { state: 'accepted', count: 1 },
      { state: 'withdrawn', count: 199 },
    ]);
    expectOk(await scene.cancel(id));
  });

  test('of which 20 are made at once reach every desk, on either instance', async () => {
    const opened = await openDesks(await helpers(20));
    const customers = await Promise.all(Array.from({ length: 20 }, () => scene.customer()));
    const asked = await Promise.all(customers.map((userId, n) => onEach(n).ask(userId)));
    const ids = asked.map((answer) => expectOk(answer).id);
    await until(() => opened.every((desk) => ids.every((id) => desk.isOffered(id))), 30_000);
    for (const desk of opened) {
      assert.equal(
        desk.reader.lines.some((line) => line.startsWith('id:')),
        false,
      );
      await until(() => desk.unread === 20);
    }
    await Promise.all(ids.map((id, n) => onEach(n).cancel(id).then(expectOk)));
    await until(() =>
      opened.every((desk) => ids.every((id) => desk.requests.get(id)!.status === 'cancelled')),
    );
  });

  test('that are cancelled while they are claimed: either is first, and the money knows which', async () => {
    const some = await helpers(4);
    const opened = await openDesks(some);
    for (let round = 0; round < 8; round += 1) {
      const userId = await scene.customer();
      const { id } = expectOk(await scene.ask(userId));
      await until(() => opened.every((desk) => desk.isOffered(id)));
      const [cancelled, ...claims] = await Promise.all([
        onEach(round).cancel(id),
        ...some.map((helper, n) => onEach(n).answer(helper, id, 'claim')),
      ]);
      assert.equal(cancelled!.status, 200, JSON.stringify(cancelled!.body));
      assert.ok(claims.filter(({ status }) => status === 200).length <= 1);
      for (const { status, body } of claims)
        assert.ok(status === 200 || ['REQUEST_TAKEN', 'REQUEST_CANCELLED'].includes(body.code!), body.code);
      assert.equal((await scene.read(id)).status, 'cancelled');
      assert.deepEqual(await scene.wallet(userId), { available: 1_000, held: 0 });
    }
  });

  test('that are paid by a card and cancelled while they are claimed: what is held is let go, once, and nothing is taken', async () => {
    const body = { name: 'A leak', amount: 2_500, currency: 'eur', duration_seconds: 600 };
    const as = scene.application.secretKey;
    const { id: category_id } = expectOk(
      await services[0]!.call<{ id: string }>('POST', '/help-categories', { as, body }),
    );
    const some = await helpers(4);
    const opened = await openDesks(some);
    const firsts = new Set<string>();
    for (let round = 0; round < 8 || (firsts.size < 2 && round < 60); round += 1) {
      const { id, checkout_url } = expectOk(await scene.ask(await scene.customer(0), { category_id }));
      const intent = stripe.pay(checkout_url as string);
      const told = JSON.stringify(heldNews(intent, 'amount_capturable_updated'));
      const headers = { 'Stripe-Signature': signatureOf(told, Math.floor(Date.now() / 1000)) };
      const news = { as: null, body: told, headers };
      expectOk(await services[round % 2]!.call('POST', '/api/v1/webhooks/stripe', news));
      await until(() => opened.every((desk) => desk.isOffered(id)));
      // Who is asked first is each in turn.
      const claim = () => some.map((helper, n) => onEach(n).answer(helper, id, 'claim'));
      const claimed = round % 4 < 2 ? claim() : [];
      const cancelling = onEach(round).cancel(id);
      const claims = await Promise.all(claimed.length ? claimed : claim());
      assert.equal((await cancelling).status, 200);
      assert.ok(claims.filter(({ status }) => status === 200).length <= 1);
      firsts.add(claims.some(({ status }) => status === 200) ? 'claim' : 'cancel');
      const ended = async () => (await scene.read(id)).payment_status === 'released';
      await until(ended);
      assert.equal((await scene.read(id)).status, 'cancelled');
      assert.deepEqual([stripe.intents.get(intent.id)!.status, intent.amount_received], ['canceled', 0]);
      const asked = stripe.requests.filter(({ path }) => path.includes(intent.id));
      assert.deepEqual(
        asked.map(({ path }) => path.slice(path.lastIndexOf('/'))),
        ['/cancel'],
      );
    }
    assert.deepEqual([...firsts].sort(), ['cancel', 'claim'], 'either was first at times');
  });

  test('whose helper and customer are on different instances start by themselves, and once', async () => {
    const [maria] = await helpers(1);
    const [desk] = await openDesks([maria!]);
    const userId = await scene.customer();
    const { id } = expectOk(await onEach(1).ask(userId));
    await until(() => desk!.isOffered(id));
    const { session_id } = expectOk(await onEach(0).answer(maria!, id, 'claim'));
    const talk = await Promise.all([onEach(0).attend(maria!, session_id!), onEach(1).join(session_id!)]);
    await scene.untilStatus(id, 'in_progress');
    // Both ends at the same time, and a helper who wants to give it back.
    const [, , withdrawn] = await Promise.all([
      services[0]!.call('POST', `/sessions/${session_id}/end`),
      services[1]!.call('POST', `/sessions/${session_id}/end`),
      onEach(1).answer(maria!, id, 'withdraw'),
    ]);
    assert.equal(withdrawn!.body.code, 'REQUEST_TRANSITION_REFUSED');
    for (const reader of talk) await reader.untilOver();
    assert.equal((await scene.read(id)).status, 'completed');
    const { rows } = await sql<{ type: string }>`
      select type from events where subject = ${`request:${id}`} order by id`.execute(
      services[0]!.database.kysely,
    );
    assert.deepEqual(
      rows.map(({ type }) => type),
      ['opened', 'claimed', 'started', 'completed'].map((name) => `help_request.${name}`),
    );
  });

  test('are heard again from where one left off, and not at all once they are over', async () => {
    const [maria] = await helpers(1);
    const [desk] = await openDesks([maria!]);
    const { id } = expectOk(await scene.ask(await scene.customer()));
    await until(() => desk!.isOffered(id));
    expectOk(await scene.answer(maria!, id, 'claim'));
    expectOk(await scene.answer(maria!, id, 'withdraw'));
    expectOk(await scene.cancel(id));
    const as = scene.application.secretKey;
    const first = await onEach(1).follow(id, as, 0);
    await until(() => first.isOver);
    assert.deepEqual(
      first.types,
      ['opened', 'claimed', 'reopened', 'cancelled'].map((name) => `help_request.${name}`),
    );
    const lastId = Number(first.lines.findLast((line) => line.startsWith('id: '))!.slice(4));
    await assert.rejects(onEach(0).follow(id, as, lastId), /204/);
    const late = await onEach(0).follow(id, as);
    await until(() => late.isOver);
    assert.deepEqual(late.types, ['help_request.snapshot']);
    await assert.rejects(onEach(0).follow(id, maria!.token), /HELP_REQUEST_NOT_FOUND/);
  });
});
