// What has happened to a session, in order, for whoever may see the session.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { describeOnOneDatabase } from './databases.js';
import { expectOk, operatorKey, startTestService, until, type TestService } from './fixtures.js';
import { HelpScene } from './help-desk.js';
import { TestClock } from './test-clock.js';

interface Entry {
  id: number;
  type: string;
  created_at: number;
  data: Record<string, unknown>;
}
interface Timeline {
  timeline: Entry[];
  is_complete: boolean;
  next_cursor: string | null;
}

const hourSeconds = 3_600;

describeOnOneDatabase('The timeline of a session', (source) => {
  const clock = new TestClock(Date.now());
  let service: TestService;
  const opened: { leave(): void }[] = [];
  before(async () => {
    const { now, timer } = clock;
    const rateLimits = { person: Infinity };
    service = await startTestService({
      database: await source.create(),
      now,
      timer,
      rateLimits,
      retention: { events: 1 },
    });
  });
  afterEach(() => {
    for (const reader of opened.splice(0)) reader.leave();
  });
  after(() => service.close());

  const read = async (id: string, as = operatorKey, query = '') =>
    expectOk(await service.call<Timeline>('GET', `/sessions/${id}/timeline?${query}`, { as }));
  const typesOf = ({ timeline }: Timeline) => timeline.map(({ type }) => type);

  test('has all of it by pages, oldest first, and nothing of another', async () => {
    const application = await service.createApplication({
      extension_options: [{ additional_seconds: 60, tokens: 2 }],
    });
    const sell = async () => {
      const { session, session_token: as } = await service.createSession(
        application,
        await service.createCustomer(9e5),
      );
      return { path: `/sessions/${session.id}`, id: session.id, as };
    };
    const [one, other] = [await sell(), await sell()];
    const change = async (what: string, body?: object) => {
      clock.advance(2);
      const headers = { 'Idempotency-Key': crypto.randomUUID() };
      expectOk(
        await service.call('POST', `${one.path}/${what}`, { as: one.as, headers, ...(body && { body }) }),
      );
    };
    await change('extend', { additional_seconds: 60, tokens_to_deduct: 2 });
    await change('messages', { text: 'My Secretword', client_id: 'm1' });
    await change('pause');
    await change('resume');
    await change('complete');

    const types = ['started', 'extended', 'paused', 'resumed', 'ended'].map((name) => `session.${name}`);
    types.splice(2, 0, 'message.created');
    const whole = await read(one.id);
    assert.deepEqual(typesOf(whole), types);
    assert.deepEqual([whole.is_complete, whole.next_cursor], [true, null]);
    const ids = whole.timeline.map(({ id }) => id);
    assert.deepEqual(
      ids,
      [...ids].sort((a, b) => a - b),
    );
    const [started, extended] = whole.timeline;
    assert.equal(extended!.created_at - started!.created_at, 2);
    assert.deepEqual([extended!.data.session_id, extended!.data.additional_cost], [one.id, 2]);
    assert.doesNotMatch(JSON.stringify(whole), /Secret/);
    assert.ok(!JSON.stringify(whole).includes(other.id));

    const paged: Entry[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Timeline = await read(one.id, one.as, `limit=2${cursor && `&cursor=${cursor}`}`);
      assert.ok(page.timeline.length <= 2);
      paged.push(...page.timeline);
      cursor = page.next_cursor;
    }
    assert.deepEqual(paged, whole.timeline);
    for (const [as, status] of [
      [other.as, 403],
      [(await service.createApplication()).secretKey, 404],
      [null, 401],
    ] as const)
      assert.equal((await service.call('GET', `${one.path}/timeline`, { as })).status, status);
    const foreign = await service.call('GET', `${one.path}/timeline?cursor=${btoa('1 s77')}`);
    assert.equal(foreign.status, 422);

    // All but the end is put away a day after it; the end stays.
    clock.advance(25 * hourSeconds);
    await until(async () => (await read(one.id)).timeline.length < types.length);
    const left = await read(one.id);
    assert.deepEqual([typesOf(left), left.is_complete], [['session.ended'], false]);
  });

  test('begins with the help request that it came from, for who may read that', async () => {
    const scene = await HelpScene.open(service);
    const [maria, igor] = [await scene.helper(), await scene.helper()];
    const customerId = await scene.customer();
    opened.push((await scene.desk(maria)).reader, (await scene.desk(igor)).reader);
    const { id } = expectOk(await scene.ask(customerId));
    const before = expectOk(await scene.answer(igor, id, 'claim')).session_id!;
    expectOk(await scene.answer(igor, id, 'withdraw'));
    const { session_id } = expectOk(await scene.answer(maria, id, 'claim'));
    opened.push(await scene.join(session_id!), await scene.attend(maria, session_id!));
    await until(async () => {
      clock.advance(1);
      return (await scene.read(id)).status === 'in_progress';
    });
    expectOk(await service.call('POST', `/sessions/${session_id}/end`));

    const member = await read(session_id!, await scene.tokenOf('member', 'nadia'));
    const requests = ['opened', 'claimed', 'reopened', 'claimed', 'started', 'completed'].map(
      (name) => `help_request.${name}`,
    );
    const types = typesOf(member);
    assert.equal(member.is_complete, true);
    assert.deepEqual(
      types.filter((type) => type.startsWith('help_request.')),
      requests,
    );
    assert.equal(types[0], 'help_request.opened');
    assert.ok(types.indexOf('session.waiting') < types.indexOf('session.started'), types.join());
    assert.doesNotMatch(JSON.stringify(member), /Secret/);
    for (const as of [maria.token, await scene.tokenOf('customer', customerId)])
      assert.deepEqual(typesOf(await read(session_id!, as)), types);
    // What became of it once he had given it back is not his.
    assert.deepEqual(typesOf(await read(before, igor.token)), [
      'session.waiting',
      'session.cancelled',
      'session.ended',
    ]);
    const ofMaria = await service.call('GET', `/sessions/${session_id}/timeline`, { as: igor.token });
    assert.equal(ofMaria.status, 404);
  });
});
