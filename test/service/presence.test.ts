import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { absenceMs } from '../../src/service/features/presence/absence.js';
import { Fleet } from './chaos/fleet.js';
import { describeOnOneDatabase } from './databases.js';
import { EventReader } from './event-reader.js';
import {
  expectOk,
  operatorKey,
  startTestService,
  until,
  type TestApplication,
  type TestService,
} from './fixtures.js';
import { TestClock } from './test-clock.js';
import { WebhookReceiver } from './webhook-receiver.js';

const absenceSeconds = absenceMs / 1000;

describeOnOneDatabase('Who is there', (source) => {
  const clock = new TestClock(Date.now());
  const readers: EventReader[] = [];
  let receiver: WebhookReceiver;
  let service: TestService;
  let application: TestApplication;
  let userId: string;
  before(async () => {
    receiver = await WebhookReceiver.start();
    service = await startTestService({
      database: await source.create(),
      now: clock.now,
      timer: clock.timer,
      webhooks: { allowedHosts: [receiver.host] },
    });
    application = await service.createApplication({ max_duration_seconds: 86_400 });
    userId = await service.createCustomer(1_000_000);
  });
  afterEach(() => readers.splice(0).forEach((reader) => reader.leave()));
  after(async () => {
    await service.close();
    await receiver.stop();
  });

  async function buy() {
    const fields = { duration_seconds: 36_000 };
    const { session, session_token: token } = await service.createSession(application, userId, fields);
    return { token, id: session.id, path: `/api/v1/sessions/${session.id}` };
  }
  type Sold = Awaited<ReturnType<typeof buy>>;

  async function listen({ path }: Sold, as: string, { url = service.url, lastId }: Place = {}) {
    const headers = { Authorization: `Bearer ${as}`, ...(lastId && { 'Last-Event-ID': String(lastId) }) };
    const reader = await EventReader.open(`${url}${path}/events`, headers);
    readers.push(reader);
    return reader;
  }
  interface Place {
    url?: string;
    lastId?: number;
  }
  /** Waits until that many sides' streams are written down. */
  const attended = ({ id }: Sold, count: number) =>
    until(async () => {
      const rows = await service.database.kysely
        .selectFrom('attendances')
        .select('instance_id')
        .where('session_id', '=', id)
        .execute();
      return rows.length === count;
    });
  const told = ({ presence }: EventReader) =>
    presence.map(({ event, data }) => `${event} ${(data as unknown as { participant: string }).participant}`);
  const hears = (reader: EventReader, ...events: string[]) =>
    until(() => told(reader).length >= events.length).then(() => assert.deepEqual(told(reader), events));
  /** Lets so much time pass, and then little by little more: a look may have been under way. */
  const pass = async (isOver: () => boolean | Promise<boolean>, seconds = absenceSeconds) => {
    clock.advance(seconds);
    await until(async () => {
      clock.advance(0.1);
      return isOver();
    });
  };
  const beat = ({ path, token }: Sold) =>
    service
      .call('POST', `${path}/heartbeat`, { as: token, body: { timestamp: 0, active: true } })
      .then(expectOk);

  test('each side is told that the other has joined, is lost, and is back, and nothing of itself', async () => {
    const sold = await buy();
    const provider = await listen(sold, application.secretKey);
    await attended(sold, 1);
    const first = await listen(sold, sold.token);
    await hears(provider, 'participant.joined customer');
    const [snapshot] = await first.atLeast(1);
    assert.deepEqual(snapshot!.data, {
      ...snapshot!.data,
      presence: [
        {
          ...{ participant: 'provider', role: 'provider', participant_id: 'provider-1' },
          ...{ state: 'present', since: Math.floor(clock.now() / 1000) },
        },
      ],
    });

    first.leave();
    await attended(sold, 1);
    await pass(() => told(provider).length === 2);
    await hears(provider, 'participant.joined customer', 'participant.lost customer');
    const second = await listen(sold, sold.token, { lastId: snapshot!.id });
    const whole = ['participant.joined customer', 'participant.lost customer', 'participant.back customer'];
    await hears(provider, ...whole);

    provider.leave();
    await attended(sold, 1);
    await pass(() => told(second).length === 1);
    await hears(second, 'participant.lost provider');
    const again = await listen(sold, application.secretKey);
    await hears(second, 'participant.lost provider', 'participant.back provider');
    assert.deepEqual((await again.atLeast(1))[0]!.event, 'session.snapshot');
    const later = await listen(sold, application.secretKey, { lastId: provider.presence[0]!.id });
    await hears(later, ...whole.slice(1));
    assert.deepEqual(told(first), []);
  });

  test('a page that is loaded again is not lost, nor is one of two tabs that are closed', async () => {
    const sold = await buy();
    const provider = await listen(sold, application.secretKey);
    const tabs = [await listen(sold, sold.token), await listen(sold, sold.token)];
    await hears(provider, 'participant.joined customer');
    tabs[0]!.leave();
    await until(() => service.service.openStreams === 2);
    clock.advance(absenceSeconds);
    tabs[1]!.leave();
    await attended(sold, 1);
    clock.advance(absenceSeconds - 1);
    await listen(sold, sold.token);
    await attended(sold, 2);
    clock.advance(absenceSeconds);
    // What would be told by now stands before this.
    await service.call('POST', `${sold.path}/pause`, { as: sold.token });
    await until(() => provider.types.includes('session.paused'));
    await hears(provider, 'participant.joined customer');
  });

  /** As an access token of one person. */
  const personToken = async (kind: string, id: string, ...scope: string[]) => {
    const body = { subject: { kind, id }, scope: ['sessions.read', ...scope] };
    const as = application.secretKey;
    return expectOk(await service.call<{ access_token: string }>('POST', '/access-tokens', { as, body }))
      .access_token;
  };
  const people = ({ presence }: EventReader) =>
    presence.map(({ event, data }) => {
      const { participant = 'nobody’s', role, participant_id } = data as unknown as Record<string, string>;
      return `${event} ${participant} ${role} ${participant_id}`;
    });
  const knows = async (reader: EventReader) => {
    const [snapshot] = await reader.atLeast(1);
    const { presence } = snapshot!.data as unknown as {
      presence: { role: string; participant_id: string; state: string }[];
    };
    return presence.map(({ role, participant_id, state }) => `${role} ${participant_id} ${state}`);
  };

  test('each person is one: two helpers and a member are three, who hear of each other too; each is lost alone', async () => {
    const sold = await buy();
    const customer = await listen(sold, sold.token);
    const [ada, bob] = [
      await personToken('helper', 'ada', 'sessions.attend'),
      await personToken('helper', 'bob', 'sessions.attend'),
    ];
    const first = await listen(sold, ada);
    await attended(sold, 2);
    const second = await listen(sold, bob);
    // Another browser of the same person is no other person.
    const again = await listen(sold, ada);
    await attended(sold, 3);
    const member = await listen(sold, await personToken('member', 'eve', 'sessions.attend'));
    const joined = [
      'participant.joined provider helper ada',
      'participant.joined provider helper bob',
      'participant.joined provider provider eve',
    ];
    await until(() => people(customer).length === 3);
    assert.deepEqual(people(customer), joined);
    await until(() => people(first).length === 2);
    assert.deepEqual(people(first), joined.slice(1));
    assert.deepEqual(await knows(member), [
      `customer ${userId} present`,
      'helper ada present',
      'helper bob present',
    ]);

    second.leave();
    await attended(sold, 3);
    await pass(() => people(customer).length === 4);
    assert.deepEqual(people(customer).at(-1), 'participant.lost provider helper bob');
    assert.deepEqual(await knows(await listen(sold, ada)), [
      `customer ${userId} present`,
      'helper bob lost',
      'provider eve present',
    ]);
    assert.equal(
      people(again).some((told) => told.includes('ada')),
      false,
    );
  });

  test('the customer in two browsers is one', async () => {
    const sold = await buy();
    const provider = await listen(sold, application.secretKey);
    await attended(sold, 1);
    await listen(sold, sold.token);
    const other = await listen(sold, sold.token);
    await attended(sold, 2);
    assert.deepEqual(await knows(other), ['provider provider-1 present']);
    await until(() => people(provider).length > 0);
    assert.deepEqual(people(provider), [`participant.joined customer customer ${userId}`]);
  });

  test('who may only look on is an observer, of no side', async () => {
    const sold = await buy();
    const customer = await listen(sold, sold.token);
    await listen(sold, await personToken('member', 'mallory'));
    await listen(sold, await personToken('helper', 'trudy'));
    await until(() => people(customer).length === 2);
    assert.deepEqual(people(customer).sort(), [
      'participant.joined nobody’s observer mallory',
      'participant.joined nobody’s observer trudy',
    ]);
    assert.ok(customer.presence.every(({ data }) => !('participant' in data)));
  });

  test('a customer who looks at the own account is not in the session by that', async () => {
    const sold = await buy();
    const provider = await listen(sold, application.secretKey);
    const account = await listen(sold, await personToken('customer', userId));
    await listen(sold, sold.token);
    await hears(provider, 'participant.joined customer');
    await hears(account, 'participant.joined customer');
    await attended(sold, 2);
  });

  test('who looks on as operator, or asks for the head only, is no side', async () => {
    const sold = await buy();
    const operator = await listen(sold, operatorKey);
    await fetch(`${service.url}${sold.path}/events`, {
      method: 'HEAD',
      headers: { Authorization: `Bearer ${application.secretKey}` },
    });
    const customer = await listen(sold, sold.token);
    await hears(operator, 'participant.joined customer');
    await attended(sold, 1);
    const [snapshot] = await customer.atLeast(1);
    assert.deepEqual((snapshot!.data as { presence?: unknown }).presence, []);
  });

  test('a page whose heartbeats stay away is lost, though its connection looks well, and back with the next one', async () => {
    const sold = await buy();
    const provider = await listen(sold, application.secretKey);
    await listen(sold, sold.token);
    await hears(provider, 'participant.joined customer');
    await beat(sold);
    clock.advance(1);
    const whole = ['participant.joined customer', 'participant.lost customer', 'participant.back customer'];
    const passUntil = async (count: number, each: () => Promise<unknown> = async () => {}) => {
      await until(async () => {
        await each();
        clock.advance(10);
        return told(provider).length >= count;
      });
    };
    await passUntil(2);
    await hears(provider, ...whole.slice(0, 2));
    await passUntil(3, () => beat(sold));
    await hears(provider, ...whole);
  });

  test('after the end nobody is lost', async () => {
    const sold = await buy();
    const provider = await listen(sold, application.secretKey);
    const customer = await listen(sold, sold.token);
    await hears(provider, 'participant.joined customer');
    customer.leave();
    await attended(sold, 1);
    expectOk(await service.call('POST', `${sold.path}/end`, { as: sold.token }));
    await provider.untilOver();
    await attended(sold, 0);
    const { kysely } = service.database;
    const left = () => kysely.selectFrom('presences').selectAll().where('session_id', '=', sold.id).execute();
    await pass(async () => (await left()).every(({ due_at }) => due_at === null));
    assert.deepEqual(
      await kysely
        .selectFrom('events')
        .select('type')
        .where('subject', '=', `session:${sold.id}`)
        .where('type', '=', 'participant.lost')
        .execute(),
      [],
    );
  });

  test('is told by webhooks too, to who asked for it', async () => {
    const events = ['participant.joined', 'participant.lost', 'participant.back'];
    const as = application.secretKey;
    expectOk(await service.call('POST', '/webhook-endpoints', { as, body: { url: receiver.url, events } }));
    const sold = await buy();
    const customer = await listen(sold, sold.token);
    await receiver.atLeast(1);
    customer.leave();
    await attended(sold, 0);
    await pass(() => receiver.received.length === 2);
    assert.deepEqual(receiver.types, ['participant.joined', 'participant.lost']);
    const { data } = JSON.parse(receiver.received[1]!.body) as { data: Record<string, unknown> };
    assert.deepEqual(
      [data.session_id, data.participant, data.role, data.participant_id],
      [sold.id, 'customer', 'customer', userId],
    );
  });

  // An embedded database belongs to one process.
  if (source.kind === 'PGlite') return;

  test('is known on every instance; one that is killed loses those who do not come back elsewhere', async () => {
    const database = await source.create();
    // The one that stays has a clock of its own: nobody waits for it.
    const here = new TestClock(Date.now());
    const stays = await startTestService({ database, now: here.now, timer: here.timer });
    const fleet = new Fleet();
    const former = { service, application, userId };
    try {
      service = stays;
      application = await stays.createApplication({ max_duration_seconds: 86_400 });
      userId = await stays.createCustomer(100_000);
      if (!('databaseUrl' in database)) throw new Error('this test wants a server');
      await fleet.start(database.databaseUrl, 1);
      const elsewhere = { url: fleet.urls[0]! };
      const [loyal, moving, leaving] = [await buy(), await buy(), await buy()];
      const providers = new Map<Sold, EventReader>();
      for (const sold of [loyal, moving, leaving]) {
        providers.set(sold, await listen(sold, application.secretKey));
        await listen(sold, sold.token, elsewhere);
        await hears(providers.get(sold)!, 'participant.joined customer');
      }
      await listen(loyal, loyal.token);
      await attended(loyal, 3);
      await fleet.kill();
      await listen(moving, moving.token);
      await attended(moving, 3);
      // The dead one is believed to live for a while.
      await until(async () => {
        here.advance(1);
        return told(providers.get(leaving)!).length === 2;
      });
      await hears(providers.get(leaving)!, 'participant.joined customer', 'participant.lost customer');
      await attended(moving, 2);
      await attended(loyal, 2);
      await listen(leaving, leaving.token);
      await hears(
        providers.get(leaving)!,
        'participant.joined customer',
        'participant.lost customer',
        'participant.back customer',
      );
      for (const sold of [loyal, moving])
        assert.deepEqual(told(providers.get(sold)!), ['participant.joined customer']);
    } finally {
      ({ service, application, userId } = former);
      await fleet.stop();
      await stays.close();
    }
  });

  test('an instance that was taken for dead while it stood still brings its readers back', async () => {
    const database = await source.create();
    const [here, there] = [new TestClock(), new TestClock()];
    const lives = await startTestService({ database, now: here.now, timer: here.timer });
    const stands = await startTestService({ database, now: there.now, timer: there.timer });
    const former = { service, application, userId };
    try {
      service = lives;
      application = await lives.createApplication({ max_duration_seconds: 86_400 });
      userId = await lives.createCustomer(100_000);
      const sold = await buy();
      const provider = await listen(sold, application.secretKey);
      await listen(sold, sold.token, { url: stands.url });
      await hears(provider, 'participant.joined customer');
      await until(() => {
        here.advance(1);
        return told(provider).length === 2;
      });
      await hears(provider, 'participant.joined customer', 'participant.lost customer');
      there.advance((here.now() - there.now()) / 1000);
      await until(() => told(provider).length === 3);
      assert.equal(told(provider)[2], 'participant.back customer');
    } finally {
      ({ service, application, userId } = former);
      await stands.close();
      await lives.close();
    }
  });
});
