import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import fc from 'fast-check';
import { sql } from 'kysely';
import { assertBooksBalance } from './books.js';
import { describeOnEachDatabase } from './databases.js';
import { expectOk, startTestService, until, type Json, type TestService } from './fixtures.js';
import { HelpScene, type Desk } from './help-desk.js';
import { fittingRequest, type FuzzedRequest } from './openapi/arbitrary-request.js';
import { readOperations, type Operation } from './openapi/operations.js';
import { send } from './openapi/send.js';
import { TestClock } from './test-clock.js';
import { WebhookReceiver } from './webhook-receiver.js';

describeOnEachDatabase('A help request', (source) => {
  const clock = new TestClock(Date.now());
  const logged: string[] = [];
  let receiver: WebhookReceiver;
  let service: TestService;
  const opened: { leave(): void }[] = [];
  const open = async <T extends { leave(): void }>(opening: Promise<T>): Promise<T> => {
    const one = await opening;
    opened.push(one);
    return one;
  };
  before(async () => {
    receiver = await WebhookReceiver.start();
    const log = (message: string, fields?: object) => void logged.push(message + JSON.stringify(fields));
    service = await startTestService({
      database: await source.create(),
      now: clock.now,
      timer: clock.timer,
      logger: { info: log, error: log },
      webhooks: { allowedHosts: [receiver.host] },
      rateLimits: { application: Infinity, person: Infinity },
    });
  });
  afterEach(async () => {
    for (const one of opened.splice(0)) one.leave();
    await assertBooksBalance(service.database);
    await assertSeats();
  });
  after(async () => {
    await service.close();
    await receiver.stop();
  });

  /** The seats that are taken are those of the requests that take them. */
  const assertSeats = async () => {
    const { rows } = await sql`
      select id from helpers where active_count <> (select count(*) from help_requests
        where helper_id = helpers.id and status in ('claimed', 'in_progress'))`.execute(
      service.database.kysely,
    );
    assert.deepEqual(rows, []);
  };
  const pass = (seconds: number) => clock.advance(seconds);
  /** What is due and locked by something else that is due is looked at again soon, for which time has to go on. */
  const inTime = (condition: () => Promise<boolean> | boolean) =>
    until(async () => {
      if (await condition()) return true;
      clock.advance(0.06);
      return false;
    });
  const untilStatus = (scene: HelpScene, id: string, status: string) =>
    inTime(async () => (await scene.read(id)).status === status);
  const offeredTo = (id: string) => (desk: Desk) => desk.isOffered(id);

  test('is offered to all who can help, taken by one, and paid for the time of the talk', async () => {
    const scene = await HelpScene.open(service);
    const events = ['opened', 'claimed', 'started', 'completed', 'outcome_recorded'].map(
      (name) => `help_request.${name}`,
    );
    const as = scene.application.secretKey;
    expectOk(await service.call('POST', '/webhook-endpoints', { as, body: { url: receiver.url, events } }));
    const [maria, igor] = [await scene.helper(), await scene.helper({ display_name: 'Igor' })];
    const desks = [await open(scene.desk(maria)), await open(scene.desk(igor))];
    const stranger = await open(scene.desk(await scene.helper({ skills: ['law'] })));
    const userId = await scene.customer();
    const customer = await scene.tokenOf('customer', userId);
    const request = expectOk(await scene.ask(userId));
    assert.deepEqual([request.status, request.offered_count, request.round], ['open', 2, 1]);
    assert.deepEqual(await scene.wallet(userId), { available: 900, held: 100 });
    await until(() => desks.every(offeredTo(request.id)));
    assert.deepEqual(
      desks.map(({ unread }) => unread),
      [1, 1],
    );
    const news = await open(scene.follow(request.id, customer));

    const claimed = expectOk(await scene.answer(maria, request.id, 'claim'));
    assert.deepEqual([claimed.status, claimed.helper_id], ['claimed', maria.id]);
    assert.deepEqual(await scene.wallet(userId), { available: 900, held: 100 });
    const again = expectOk(await scene.answer(maria, request.id, 'claim'));
    assert.equal(again.session_id, claimed.session_id);
    const late = await scene.answer(igor, request.id, 'claim');
    assert.deepEqual([late.status, late.body.code], [409, 'REQUEST_TAKEN']);
    assert.doesNotMatch(JSON.stringify(late.body), new RegExp(maria.id));
    await until(() => desks[1]!.requests.get(request.id)?.offer === 'withdrawn');
    const seenByLoser = await scene.read(request.id, igor.token);
    for (const name of ['helper_id', 'helper_name', 'session_id', 'description'])
      assert.equal(seenByLoser[name], null, name);
    assert.equal((await scene.read(request.id, customer)).helper_name, 'Maria Secretname');

    const early = await scene.answer(maria, request.id, 'start');
    assert.deepEqual([early.status, early.body.code], [409, 'CUSTOMER_ABSENT']);
    // Whoever else is there starts nothing.
    const member = { id: 'nadia', token: await scene.tokenOf('member', 'nadia') };
    await open(scene.attend(member, claimed.session_id!, 'provider'));
    await open(scene.join(claimed.session_id!));
    assert.equal((await scene.read(request.id)).status, 'claimed');
    await open(scene.attend(maria, claimed.session_id!));
    await untilStatus(scene, request.id, 'in_progress');
    pass(300);
    expectOk(await service.call('POST', `/sessions/${claimed.session_id}/end`));
    const over = await scene.read(request.id);
    assert.deepEqual([over.status, over.final_cost], ['completed', 50]);
    assert.deepEqual(await scene.wallet(userId), { available: 950, held: 0 });
    assert.deepEqual(news.types, [
      'help_request.snapshot',
      'help_request.claimed',
      'help_request.started',
      'help_request.completed',
    ]);
    await until(() => news.isOver);

    // It waits at her desk for what she says of it, also at one that is opened now; at nobody else's.
    const later = await open(scene.desk(maria));
    const awaited = ({ requests }: Desk) => {
      const shown = requests.get(request.id);
      return shown?.status === 'completed' && shown.outcome === null;
    };
    await until(() => awaited(desks[0]!) && awaited(later));
    assert.equal((await open(scene.desk(igor))).requests.size, 0);
    const outcome = { outcome: 'resolved', notes: 'A new Secretseal.' };
    assert.equal((await scene.answer(igor, request.id, 'outcome', outcome)).body.code, 'NOT_OFFERED');
    for (let time = 0; time < 2; time += 1)
      assert.equal(expectOk(await scene.answer(maria, request.id, 'outcome', outcome)).outcome, 'resolved');
    const other = await scene.answer(maria, request.id, 'outcome', { outcome: 'unresolved' });
    assert.deepEqual([other.status, other.body.code], [409, 'OUTCOME_GIVEN']);
    assert.equal((await scene.read(request.id, customer)).notes, null);
    assert.equal((await scene.read(request.id)).notes, outcome.notes);
    await until(() =>
      [desks[0]!, later].every((desk) => desk.requests.get(request.id)!.outcome === 'resolved'),
    );
    assert.equal((await open(scene.desk(maria))).requests.size, 0);
    // Sent again where the clock was set in the middle of it.
    const told = () => new Set(receiver.types);
    await until(() => told().size === events.length);
    assert.deepEqual([...told()].sort(), [...events].sort());
    assert.equal(stranger.requests.size, 0);

    const figures = expectOk(await service.call('GET', `/helpers/${maria.id}/stats`, { as: maria.token }));
    assert.deepEqual(figures, {
      ...{ offered: 1, claimed: 1, declined: 0, missed: 0, completed: 1 },
      outcomes: { resolved: 1, unresolved: 0, in_person: 0 },
      average_used_seconds: 300,
    });
    const all = expectOk(await service.call('GET', `/providers/${scene.providerId}/help-stats`, { as }));
    assert.deepEqual([all.requests, all.claimed_soon, all.wait_seconds_p95], [1, 1, 0]);
    assert.equal(expectOk(await scene.ask(userId)).typical_wait_seconds, 0);
  });

  test('that nobody is free for says so at once, is offered to who comes, and goes back where nobody does', async () => {
    const scene = await HelpScene.open(service, { search_seconds: 60 });
    const [userId, other] = [await scene.customer(), await scene.customer()];
    const request = expectOk(await scene.ask(userId));
    // Nobody has the skills: all who are there are asked at once.
    assert.deepEqual([request.status, request.offered_count, request.round], ['open', 0, 2]);
    const igor = await scene.helper({ skills: [] }, 'offline');
    const desk = await open(scene.desk(igor));
    assert.equal(desk.isOffered(request.id), false);
    await scene.setAvailability(igor, 'away');
    await until(() => desk.isOffered(request.id));
    expectOk(await scene.answer(igor, request.id, 'claim'));
    // One at a time: the next waits until he is free again.
    const second = expectOk(await scene.ask(other));
    assert.equal(second.offered_count, 0);
    expectOk(await scene.cancel(request.id));
    await until(() => desk.isOffered(second.id));
    await until(() => desk.requests.get(request.id)?.status === 'cancelled');
    assert.deepEqual(await scene.wallet(userId), { available: 1_000, held: 0 });
    pass(61);
    await untilStatus(scene, second.id, 'expired');
    const over = await scene.read(second.id);
    assert.equal(over.reason, 'nobody_free');
    assert.deepEqual(await scene.wallet(other), { available: 1_000, held: 0 });
    const tooLate = await scene.answer(igor, second.id, 'claim');
    assert.deepEqual([tooLate.status, tooLate.body.code], [409, 'REQUEST_EXPIRED']);
    await until(() => desk.requests.get(second.id)?.offer === 'missed');
  });

  test('looks further in its second round, and at once where all have declined', async () => {
    const scene = await HelpScene.open(service, { search_seconds: 60, tokens: 0 });
    const [maria, away] = [await scene.helper(), await scene.helper({ skills: [] }, 'away')];
    const [desk, awayDesk] = [await open(scene.desk(maria)), await open(scene.desk(away))];
    const userId = await scene.customer(0);
    const request = expectOk(await scene.ask(userId));
    await until(() => desk.isOffered(request.id));
    assert.equal(awayDesk.isOffered(request.id), false);
    pass(61);
    await inTime(() => awayDesk.isOffered(request.id));
    assert.equal((await scene.read(request.id)).round, 2);
    expectOk(await scene.cancel(request.id));

    const another = expectOk(await scene.ask(userId));
    await until(() => desk.isOffered(another.id));
    for (let time = 0; time < 2; time += 1) expectOk(await scene.answer(maria, another.id, 'decline'));
    await until(() => awayDesk.isOffered(another.id));
    assert.equal((await scene.answer(maria, another.id, 'claim')).body.code, 'NOT_OFFERED');
    // What costs nothing is taken and talked about like the rest.
    const { session_id } = expectOk(await scene.answer(away, another.id, 'claim'));
    await open(scene.join(session_id!));
    await until(async () => (await scene.answer(away, another.id, 'start')).status === 200);
    pass(601);
    await untilStatus(scene, another.id, 'completed');
    assert.equal((await scene.read(another.id)).final_cost, 0);
  });

  test('whose helper does not come, or gives it back, is offered to the others; the customer keeps the place and the hold', async () => {
    const scene = await HelpScene.open(service);
    const [maria, igor] = [await scene.helper(), await scene.helper()];
    const desks = [await open(scene.desk(maria)), await open(scene.desk(igor))];
    const userId = await scene.customer();
    const request = expectOk(await scene.ask(userId));
    await until(() => desks.every(offeredTo(request.id)));
    const { session_id } = expectOk(await scene.answer(maria, request.id, 'claim'));
    const page = await open(scene.join(session_id!));
    pass(121);
    await untilStatus(scene, request.id, 'open');
    await page.untilOver();
    assert.deepEqual(await scene.wallet(userId), { available: 900, held: 100 });
    await inTime(() => desks[1]!.isOffered(request.id) && !desks[0]!.isOffered(request.id));
    const list = await service.call('GET', `/helpers/${maria.id}/notifications?unread=true`, {
      as: maria.token,
    });
    const { notifications, unread_count } = expectOk(list) as {
      notifications: { id: number; type: string }[];
      unread_count: number;
    };
    assert.deepEqual(
      notifications.map(({ type }) => type),
      ['claim_missed', 'offered'],
    );
    assert.equal(unread_count, 2);
    const read = async (body: Json) =>
      expectOk(
        await service.call('POST', `/helpers/${maria.id}/notifications/read`, { as: maria.token, body }),
      ).unread_count;
    // The newest alone, and nobody else's; then all.
    const foreign = await service.call('POST', `/helpers/${igor.id}/notifications/read`, {
      as: igor.token,
      body: { ids: notifications.map(({ id }) => id) },
    });
    assert.equal(expectOk(foreign).unread_count, 2);
    assert.equal(await read({}), 2);
    assert.equal(await read({ ids: [notifications[0]!.id] }), 1);
    assert.equal(await read({ up_to: notifications[0]!.id }), 0);
    await until(() => desks[0]!.unread === 0);

    expectOk(await scene.answer(igor, request.id, 'claim'));
    assert.equal((await scene.answer(maria, request.id, 'withdraw')).body.code, 'NOT_OFFERED');
    for (let time = 0; time < 2; time += 1) expectOk(await scene.answer(igor, request.id, 'withdraw'));
    const waiting = await scene.read(request.id);
    assert.deepEqual([waiting.status, waiting.offered_count, waiting.session_id], ['open', 0, null]);
    assert.deepEqual(await scene.wallet(userId), { available: 900, held: 100 });
    for (let time = 0; time < 2; time += 1)
      assert.equal(expectOk(await scene.cancel(request.id)).reason, 'requested');
    assert.deepEqual(await scene.wallet(userId), { available: 1_000, held: 0 });
    assert.equal((await scene.answer(igor, request.id, 'claim')).body.code, 'REQUEST_CANCELLED');
  });

  test('whose customer does not come is given back, and so is one whose session somebody cancels', async () => {
    const scene = await HelpScene.open(service);
    const maria = await scene.helper({ max_concurrent: 2 });
    const desk = await open(scene.desk(maria));
    const userId = await scene.customer();
    const ask = async () => expectOk(await scene.ask(userId));
    const [absent, cancelled, third] = [await ask(), await ask(), await ask()];
    await until(() => [absent, cancelled, third].every(({ id }) => desk.isOffered(id)));
    const [one, two] = [
      expectOk(await scene.answer(maria, absent.id, 'claim')),
      expectOk(await scene.answer(maria, cancelled.id, 'claim')),
    ];
    await open(scene.attend(maria, one.session_id!));
    assert.equal((await scene.answer(maria, third.id, 'claim')).body.code, 'HELPER_BUSY');
    expectOk(await service.call('POST', `/sessions/${two.session_id}/cancel`));
    assert.equal((await scene.read(cancelled.id)).reason, 'session_cancelled');
    expectOk(await scene.answer(maria, third.id, 'claim'));
    expectOk(await scene.cancel(third.id));
    for (const seconds of [121, 100]) {
      pass(seconds);
      assert.equal((await scene.read(absent.id)).status, 'claimed');
    }
    // The customer is waited for longer than the helper was, and the desk has that moment as a newer state.
    await until(() => desk.requests.get(absent.id)!.due_at === Number(one.claimed_at) + 300);
    assert.equal(desk.requests.get(absent.id)!.version, Number(one.version) + 1);
    pass(80);
    await untilStatus(scene, absent.id, 'cancelled');
    assert.equal((await scene.read(absent.id)).reason, 'customer_absent');
    assert.deepEqual(await scene.wallet(userId), { available: 1_000, held: 0 });
  });

  test('that a helper misses three times in a row turns his switch to away', async () => {
    const scene = await HelpScene.open(service, { search_seconds: 30, tokens: 0 });
    const maria = await scene.helper();
    const desk = await open(scene.desk(maria));
    const userId = await scene.customer(0);
    const read = () => service.call('GET', `/helpers/${maria.id}`, { as: maria.token }).then(expectOk);
    // The third that is missed after one that was answered is the fourth of all.
    for (const isAnswered of [false, true, false, false, false]) {
      const { id } = expectOk(await scene.ask(userId));
      await until(() => desk.isOffered(id));
      assert.equal((await read()).availability, 'available');
      if (isAnswered) {
        expectOk(await scene.answer(maria, id, 'decline'));
        expectOk(await scene.cancel(id));
        continue;
      }
      pass(31);
      await inTime(async () => (await scene.read(id)).round === 2);
      pass(31);
      await untilStatus(scene, id, 'expired');
    }
    assert.equal((await read()).availability, 'away');
    await until(() =>
      desk.reader.frames.some((frame) => 'helper' in frame && frame.helper.availability === 'away'),
    );
    assert.deepEqual(expectOk(await service.call('DELETE', `/helpers/${maria.id}`)), {});
    await until(() => desk.reader.isOver);
  });

  test('is refused where it cannot be paid or is of others, and made once for one key', async () => {
    const scene = await HelpScene.open(service);
    const other = await HelpScene.open(service);
    const userId = await scene.customer(50);
    const poor = await scene.ask(userId);
    assert.deepEqual([poor.status, poor.body.code], [402, 'INSUFFICIENT_TOKENS']);
    const foreign = await scene.ask(userId, { category_id: other.categoryId });
    assert.deepEqual([foreign.status, foreign.body.code], [404, 'HELP_CATEGORY_NOT_FOUND']);
    const rich = await scene.customer();
    const [maria, helper] = [await scene.helper(), await other.helper()];
    const desk = await open(scene.desk(maria));
    const headers = { 'Idempotency-Key': crypto.randomUUID() };
    const body = { application_id: scene.application.id, user_id: rich, category_id: scene.categoryId };
    const as = scene.application.secretKey;
    const asked = [1, 2].map(() => service.call<Json>('POST', '/help-requests', { as, headers, body }));
    const ids = new Set(
      (await Promise.all(asked)).filter(({ status }) => status === 201).map((a) => a.body.id),
    );
    assert.equal(ids.size, 1);
    const [id] = [...ids] as [string];
    assert.deepEqual(await scene.wallet(rich), { available: 900, held: 100 });
    await until(() => desk.isOffered(id));
    assert.equal((await scene.answer(helper, id, 'claim')).body.code, 'HELP_REQUEST_NOT_FOUND');
    const named = { as, body: { helper_id: helper.id } };
    assert.equal(
      (await service.call('POST', `/help-requests/${id}/claim`, named)).body.code,
      'HELPER_NOT_FOUND',
    );
    assert.equal((await service.call('DELETE', `/customers/${rich}`)).body.code, 'CUSTOMER_IN_SESSION');
    await scene.setAvailability(maria, 'offline');
    assert.equal((await scene.answer(maria, id, 'claim')).body.code, 'HELPER_UNAVAILABLE');
    // By the provider's own server, too.
    await scene.setAvailability(maria, 'available');
    expectOk(await service.call('POST', `/help-requests/${id}/claim`, { as, body: { helper_id: maria.id } }));
    assert.equal((await service.call('DELETE', `/helpers/${maria.id}`)).body.code, 'HELPER_BUSY');
    expectOk(await scene.cancel(id));
  });

  // An embedded database does one thing after the other.
  if (source.kind === 'PostgreSQL')
    test('is offered to a helper whose switch is as he put it last, although it was put elsewhere at the same time', async () => {
      const scene = await HelpScene.open(service);
      const helper = await scene.helper();
      let letGo = () => {};
      let isAway = false;
      const away = service.database.kysely.transaction().execute(async (trx) => {
        await trx.updateTable('helpers').set({ availability: 'away' }).where('id', '=', helper.id).execute();
        isAway = true;
        await new Promise<void>((resolve) => (letGo = resolve));
      });
      await until(() => isAway);
      const turned = scene.setAvailability(helper, 'available');
      // It is answered, or waits.
      await Promise.race([turned, new Promise((resolve) => setTimeout(resolve, 500))]);
      letGo();
      await Promise.all([away, turned]);
      const { availability } = expectOk(
        await service.call<{ availability: string }>('GET', `/helpers/${helper.id}`, {
          as: scene.application.secretKey,
        }),
      );
      assert.equal(availability, 'available');
    });

  test('is completed where instances that know of no requests have both started and ended its talk', async () => {
    const scene = await HelpScene.open(service);
    const helper = await scene.helper();
    const desk = await open(scene.desk(helper));
    const { id } = expectOk(await scene.ask(await scene.customer()));
    await until(() => offeredTo(id)(desk));
    const { session_id } = expectOk(await scene.answer(helper, id, 'claim'));
    await open(scene.join(session_id!));
    await open(scene.attend(helper, session_id!));
    await scene.untilStatus(id, 'in_progress');
    // As it was before: nobody has told it of its start.
    await service.database.kysely
      .updateTable('help_requests')
      .set({ status: 'claimed', started_at: null, due_at: clock.now() + 60_000 })
      .where('id', '=', id)
      .execute();
    pass(30);
    expectOk(await service.call('POST', `/sessions/${session_id}/end`));
    pass(60);
    await scene.untilStatus(id, 'completed');
    assert.equal((await scene.read(id)).used_seconds, 30);
  });

  test('has a talk that is its helper’s alone: to the others of the provider there is no such session', async () => {
    const scene = await HelpScene.open(service);
    const [maria, igor] = [await scene.helper(), await scene.helper()];
    const desks = [await open(scene.desk(maria)), await open(scene.desk(igor))];
    const { id } = expectOk(await scene.ask(await scene.customer()));
    await until(() => desks.every(offeredTo(id)));
    const { session_id } = expectOk(await scene.answer(maria, id, 'claim'));
    await open(scene.join(session_id!));
    const ask = async ({ token }: { token: string }, operation: Operation, request: FuzzedRequest) => {
      const headers = { ...request.headers, Authorization: `Bearer ${token}` };
      return send(service, operation, { ...request, headers });
    };
    const operations = await readOperations(service);
    for (const operation of operations.filter(({ path }) => path.startsWith('/api/v1/sessions/{id}')))
      for (const request of fc.sample(fittingRequest(operation, { 'sessions/{id}': [session_id!] }), 3)) {
        const { status, text } = await ask(igor, operation, request);
        const isRefused = status === 403 || status === 404 || text.includes('"REQUEST_INVALID"');
        assert.ok(isRefused, `${operation.method} ${operation.path}: ${status} ${text}`);
      }
    // What is hers to do is refused for no other reason than whose it is.
    const json = { 'content-type': 'application/json' };
    const message = JSON.stringify({ text: 'Turn it off.', client_id: 'one' });
    const signal = JSON.stringify({ type: 'join', sender_id: 'one' });
    const ofHelper: [method: string, path: string, body?: string, headers?: Record<string, string>][] = [
      ['GET', ''],
      ['GET', '/events'],
      ['POST', '/room', '{}', json],
      ['GET', '/room'],
      ['GET', '/messages'],
      ['GET', '/files'],
      ['POST', '/messages', message, json],
      ['POST', '/signals', signal, json],
      ['POST', '/files', 'Turn it off.', { 'content-type': 'text/plain', 'x-file-name': 'how.txt' }],
    ];
    for (const [method, path, body, headers = {}] of ofHelper) {
      const request = { target: `/api/v1/sessions/${session_id}${path}`, body, headers };
      const operation = { method } as Operation;
      const others = await ask(igor, operation, request);
      assert.match(others.text, /"SESSION_NOT_FOUND"/, `${method} ${path}`);
      const hers = await ask(maria, operation, request);
      assert.ok(hers.status < 300, `${method} ${path}: ${hers.text}`);
    }
  });

  test('leaves no word that anybody wrote in events, webhooks, entries of the audit trail or the log', async () => {
    const words = /Secret(name|sink|seal)/;
    const { kysely } = service.database;
    for (const table of [
      'events',
      'webhook_deliveries',
      'audit_entries',
      'notifications',
      'help_offers',
    ] as const) {
      const { rows } = await sql<{ row: string }>`
        select to_jsonb(t)::text as row from ${sql.table(table)} t`.execute(kysely);
      assert.ok(rows.length > 0, table);
      for (const { row } of rows) assert.doesNotMatch(row, words, table);
    }
    const { rows: keys } = await sql<{ row: string }>`
      select to_jsonb(t)::text as row from idempotency_keys t`.execute(kysely);
    for (const { row } of keys) assert.doesNotMatch(row, words);
    assert.doesNotMatch(logged.join('\n'), words);
    assert.doesNotMatch(await (await fetch(`${service.url}/metrics`)).text(), words);
  });
});
