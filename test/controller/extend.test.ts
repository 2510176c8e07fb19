import { expect } from '@open-wc/testing';
import {
  brokenLine,
  type FakeWorld,
  json,
  problem,
  type SentRequest,
  settled,
  startsAt,
} from './fake-world.js';
import { checkAndCleanUp, codeOf, setUpRunning } from './set-up.js';

afterEach(checkAndCleanUp);

const keyOf = ({ headers }: { headers: Headers }) => headers.get('Idempotency-Key');

describe('a customer buys more time', () => {
  const performedAndLost =
    (world: FakeWorld) =>
    async (request: SentRequest): Promise<Response> => {
      await world.backend.respond(request);
      throw brokenLine();
    };

  it('and has it, as soon as the service says so', async () => {
    const { world, controller, told } = await setUpRunning();
    await controller.extend(15);
    expect(controller.snapshot.deadline).to.equal(startsAt + 4_500_000);
    expect(controller.remainingText).to.equal('1:15:00');
    expect(told('extend-request')).to.deep.equal([{ minutes: 15, tokens: 15 }]);
    expect(told('extend')).to.deep.equal([{ additionalSeconds: 900, tokens: 15, remainingSeconds: 4500 }]);
    const [request] = world.sent('/extend');
    expect(request!.path).to.equal('/sessions/session-1/extend');
    expect(request!.body).to.deep.equal({ additional_seconds: 900, tokens_to_deduct: 15 });
    expect(keyOf(request!)).to.be.a('string');
  });

  it('and nothing moves before the service says so', async () => {
    const { world, controller, snapshots } = await setUpRunning();
    const { release } = world.hold('/extend');
    const done = controller.extend(15);
    await settled();
    expect(controller.snapshot.pending).to.equal('extend');
    expect(controller.snapshot.deadline).to.equal(startsAt + 3_600_000);
    release();
    await done;
    expect(controller.snapshot.pending).to.equal(null);
    expect(
      snapshots.filter(({ pending }) => pending).every(({ deadline }) => deadline! >= startsAt + 3_600_000),
    ).to.equal(true);
  });

  it('and stays as it is where the time is to be paid by money elsewhere', async () => {
    const { world, controller, told } = await setUpRunning();
    const { session } = controller.snapshot;
    const checkout_url = 'https://checkout.example/pay';
    const said = { expires_at: session!.expires_at, additional_seconds: 0, additional_cost: 0 };
    world.answer('/extend', json({ ...said, checkout_url, session, server_time: startsAt }));
    await controller.extend(15);
    expect(told('checkout')).to.deep.equal([{ address: checkout_url }]);
    expect(controller.snapshot.deadline).to.equal(startsAt + 3_600_000);
    expect(controller.snapshot.pending).to.equal(null);
    expect(controller.snapshot.error).to.equal(null);
    expect(told('extend')).to.deep.equal([]);
  });

  it('from a backend that answers the price and the end alone', async () => {
    const { world, controller, told } = await setUpRunning();
    world.answer('/extend', json({ expires_at: startsAt / 1000 + 4500, additional_cost: 15 }));
    await controller.extend(15);
    expect(controller.remainingText).to.equal('1:15:00');
    expect(told('extend')).to.deep.equal([{ additionalSeconds: 900, tokens: 15, remainingSeconds: 4500 }]);
  });

  for (const minutes of [0, -15, 15.5, 0.5, 20, 1e9, 1e400, NaN, 900, '15' as unknown as number]) {
    it(`of ${minutes} minutes: EXTENSION_REFUSED, and nothing is asked`, async () => {
      const { world, controller, told } = await setUpRunning();
      const before = controller.snapshot;
      const code = await codeOf(controller.extend(minutes));
      // A text that reads 15 is as good as 15.
      if (minutes === ('15' as unknown)) return;
      expect(code).to.equal('EXTENSION_REFUSED');
      expect(world.sent('/extend')).to.have.length(0);
      expect(told('extend-request')).to.have.length(0);
      expect(controller.snapshot).to.equal(before);
    });
  }

  it('only of what the page wants to offer', async () => {
    const { controller } = await setUpRunning({ extendMinutes: [30, 45] });
    expect(controller.extensionOptions.map((option) => option.additional_seconds)).to.deep.equal([1800]);
    expect(await codeOf(controller.extend(15))).to.equal('EXTENSION_REFUSED');
    expect(await codeOf(controller.extend(30))).to.equal(undefined);
  });

  it('is offered nothing by a backend that sells nothing', async () => {
    for (const options of [[], null as unknown as []]) {
      const { controller } = await setUpRunning(
        {},
        ({ backend }) => (backend.session = { extension_options: options }),
      );
      expect(controller.extensionOptions).to.deep.equal([]);
      expect(await codeOf(controller.extend(15))).to.equal('EXTENSION_REFUSED');
    }
  });

  it('with a double click: once', async () => {
    const { world, controller, told } = await setUpRunning();
    await Promise.all([controller.extend(15), controller.extend(15)]);
    expect(world.sent('/extend')).to.have.length(1);
    expect(told('extend')).to.have.length(1);
  });

  it('and, while that is under way, another length: that is refused and told', async () => {
    const { world, controller } = await setUpRunning();
    const first = controller.extend(15);
    expect(await codeOf(controller.extend(30))).to.equal('CALL_REFUSED');
    await first;
    expect(world.sent('/extend')).to.have.length(1);
  });

  it('and the answer is lost: the retry carries the same key, and one purchase is made', async () => {
    const { world, controller, told } = await setUpRunning();
    world.answer('/extend', async (request) => {
      await world.backend.respond(request);
      throw brokenLine();
    });
    const done = controller.extend(15);
    await world.pass(5);
    await done;
    const keys = world.sent('/extend').map(keyOf);
    expect(keys).to.have.length(2);
    expect(new Set(keys).size).to.equal(1);
    expect(controller.snapshot.deadline).to.equal(startsAt + 4_500_000);
    expect(told('extend')).to.have.length(1);
  });

  it('and all answers are lost: asked again by hand it carries the same key still', async () => {
    const { world, controller } = await setUpRunning();
    world.answer('/extend', ...Array.from({ length: 4 }, brokenLine));
    const lost = codeOf(controller.extend(15));
    await world.pass(20);
    // The service answers elsewhere.
    expect(await lost).to.equal('REQUEST_BLOCKED');
    expect(controller.snapshot.error!.code).to.equal('REQUEST_BLOCKED');
    await controller.extend(15);
    const keys = world.sent('/extend').map(keyOf);
    expect(keys).to.have.length(5);
    expect(new Set(keys).size).to.equal(1);
  });

  it('again later: a new purchase has a new key', async () => {
    const { world, controller } = await setUpRunning();
    await controller.extend(15);
    await controller.extend(15);
    const [one, other] = world.sent('/extend').map(keyOf);
    expect(one).not.to.equal(other);
    expect(controller.snapshot.deadline).to.equal(startsAt + 5_400_000);
  });

  it('again later, of a backend that does not tell how long the session is: a new purchase has a new key', async () => {
    const { world, controller } = await setUpRunning({}, ({ backend }) => {
      backend.session = { duration_limit_seconds: 0 };
    });
    await controller.extend(15);
    await controller.extend(15);
    expect(new Set(world.sent('/extend').map(keyOf)).size).to.equal(2);
  });

  it('again, after a lost purchase has turned out to be made: a new purchase has a new key', async () => {
    const { world, controller } = await setUpRunning();
    world.answer('/extend', performedAndLost(world), brokenLine(), brokenLine(), brokenLine());
    const lost = codeOf(controller.extend(15));
    await world.pass(60);
    expect(await lost).to.equal('REQUEST_BLOCKED');
    expect(controller.session!.duration_limit_seconds).to.equal(4500);
    await controller.extend(15);
    expect(controller.session!.duration_limit_seconds).to.equal(5400);
    expect(keyOf(world.sent('/extend').at(-1)!)).not.to.equal(keyOf(world.sent('/extend')[0]!));
  });

  it('again, after a refusal: a new purchase has a new key', async () => {
    const { world, controller } = await setUpRunning();
    world.answer('/extend', problem('INSUFFICIENT_TOKENS', 402));
    await codeOf(controller.extend(15));
    await controller.extend(15);
    const [one, other] = world.sent('/extend').map(keyOf);
    expect(one).not.to.equal(other);
  });

  it('and asks again while the first request is still running: the same key, until it is answered', async () => {
    const { world, controller } = await setUpRunning();
    world.answer('/extend', problem('IDEMPOTENCY_KEY_IN_USE', 409));
    const done = controller.extend(15);
    await world.pass(5);
    await done;
    expect(new Set(world.sent('/extend').map(keyOf)).size).to.equal(1);
  });

  it('whose price was changed after the answer was lost: what was bought at the old price is not bought again', async () => {
    const { world, controller } = await setUpRunning();
    world.answer('/extend', performedAndLost(world), ...Array.from({ length: 3 }, brokenLine));
    const lost = codeOf(controller.extend(15));
    await world.pass(20);
    expect(await lost).to.equal('REQUEST_BLOCKED');
    world.answer('/extend', problem('IDEMPOTENCY_KEY_REUSED', 422));
    await controller.extend(15);
    expect(new Set(world.sent('/extend').map(keyOf)).size).to.equal(1);
    expect(controller.session!.duration_limit_seconds).to.equal(4500);
  });

  for (const [code, status, members] of [
    ['INSUFFICIENT_TOKENS', 402, { top_up_url: 'https://market.example/top-up' }],
    ['EXTENSION_PRICE_CHANGED', 409, {}],
    ['EXTENSION_LIMIT_REACHED', 409, {}],
    ['EXTENSION_REFUSED', 422, {}],
  ] as const) {
    it(`and is refused with ${code}: it is told, and the deadline stays`, async () => {
      const { world, controller, told } = await setUpRunning();
      world.answer('/extend', problem(code, status, {}, members));
      expect(await codeOf(controller.extend(15))).to.equal(code);
      const { error, pending, state, deadline } = controller.snapshot;
      expect([error!.code, error!.status, pending, state]).to.deep.equal([code, status, null, 'active']);
      expect(deadline).to.equal(startsAt + 3_600_000);
      expect(error!.topUpUrl).to.equal((members as { top_up_url?: string }).top_up_url);
      expect(told('error').map((fields) => fields.code)).to.deep.equal([code]);
      await controller.extend(30);
      expect(controller.snapshot.error).to.equal(null);
    });
  }

  it('but the page says no: nothing is asked', async () => {
    const { world, controller, told } = await setUpRunning();
    controller.addEventListener('extend-request', (event) => event.preventDefault());
    await controller.extend(15);
    expect(world.requests.filter(({ path }) => path !== '/sessions/validate')).to.have.length(0);
    expect(controller.snapshot.pending).to.equal(null);
    expect(told('extend')).to.have.length(0);
  });

  it('by way of the page itself: the service is asked afterwards, and has the deadline', async () => {
    const { world, controller, told } = await setUpRunning();
    let paid: () => void = () => {};
    controller.addEventListener('extend-request', (event) => {
      event.respondWith(new Promise<void>((resolve) => (paid = resolve)));
    });
    const done = controller.extend(15);
    await settled();
    expect(controller.snapshot.pending).to.equal('extend');
    expect(world.sent('/heartbeat')).to.have.length(0);
    world.backend.extend(900);
    paid();
    await done;
    expect(world.sent('/extend')).to.have.length(0);
    expect(world.sent('/heartbeat')).to.have.length(1);
    expect(controller.snapshot.deadline).to.equal(startsAt + 4_500_000);
    expect(told('extend')).to.have.length(1);
    expect(controller.snapshot.pending).to.equal(null);
  });

  it('by way of the page itself, which fails: that is told, and the session goes on', async () => {
    const { controller } = await setUpRunning();
    controller.addEventListener('extend-request', (event) =>
      event.respondWith(Promise.reject(new Error('no card'))),
    );
    expect(await codeOf(controller.extend(15))).to.equal('SERVICE_ERROR');
    expect(controller.snapshot.pending).to.equal(null);
    expect(controller.state).to.equal('active');
  });

  it('while the deadline passes: nobody is thrown out', async () => {
    const { world, controller, told } = await setUpRunning({}, ({ backend }) => backend.sell(110));
    const { release } = world.hold('/extend', 'when released');
    await world.pass(105);
    const done = controller.extend(15);
    await world.pass(9);
    expect(controller.state).to.equal('ending');
    expect(controller.remainingSeconds).to.equal(0);
    expect(world.sent('/complete')).to.have.length(0);
    release();
    await done;
    expect(controller.state).to.equal('active');
    expect(told('end')).to.have.length(0);
    expect(controller.remainingSeconds).to.be.within(885, 900);
    await world.pass(60);
    expect(controller.state).to.equal('active');
    expect(world.sent('/heartbeat').length, 'heartbeats go on').to.be.above(1);
  });

  it('while the deadline passes, and the payment fails: the session ends', async () => {
    const { world, controller, told } = await setUpRunning({}, ({ backend }) => backend.sell(110));
    const { release } = world.hold('/extend', 'when released');
    await world.pass(105);
    const refused = codeOf(controller.extend(15));
    await world.pass(9);
    release(problem('INSUFFICIENT_TOKENS', 402));
    expect(await refused).to.equal('INSUFFICIENT_TOKENS');
    await settled();
    expect(controller.state).to.equal('ended');
    expect(told('end')).to.have.length(1);
  });

  it('in another tab or on the phone: a heartbeat brings it', async () => {
    const { world, controller, told } = await setUpRunning();
    world.backend.extend(900);
    await world.pass(40);
    expect(controller.snapshot.deadline).to.equal(startsAt + 4_500_000);
    expect(told('extend')).to.have.length(1);
  });

  it('while paused', async () => {
    const { world, controller } = await setUpRunning();
    await controller.pause();
    world.answer('/extend', () => {
      world.backend.remainingAtPause += 900;
      world.backend.durationSeconds += 900;
      return json(world.backend.state());
    });
    await controller.extend(15);
    expect(controller.state).to.equal('paused');
    expect(controller.remainingSeconds).to.equal(4500);
  });
});

describe('a backend that promises nothing of Idempotency-Keys', () => {
  const setUpPlain = () =>
    setUpRunning({}, ({ backend }) => {
      backend.capabilities = undefined;
    });

  it('is asked once; after a lost answer it is asked how long the session is, and the time counts as bought', async () => {
    const { world, controller, told } = await setUpPlain();
    world.answer('/extend', async (request) => {
      await world.backend.respond(request);
      throw brokenLine();
    });
    await controller.extend(15);
    expect(world.sent('/extend')).to.have.length(1);
    expect(controller.snapshot.deadline).to.equal(startsAt + 4_500_000);
    expect(controller.snapshot.error).to.equal(null);
    expect(told('extend')).to.have.length(1);
  });

  it('is asked once; a request that was lost is told, and tried again by hand alone', async () => {
    const { world, controller } = await setUpPlain();
    world.answer('/extend', brokenLine());
    expect(await codeOf(controller.extend(15))).to.equal('NETWORK_FAILED');
    await world.pass(20);
    expect(world.sent('/extend')).to.have.length(1);
    await controller.extend(15);
    expect(controller.snapshot.deadline).to.equal(startsAt + 4_500_000);
  });

  it('is not asked again after a refusal', async () => {
    const { world, controller } = await setUpPlain();
    world.answer('/extend', problem('INSUFFICIENT_TOKENS', 402));
    const heartbeats = world.sent('/heartbeat').length;
    expect(await codeOf(controller.extend(15))).to.equal('INSUFFICIENT_TOKENS');
    expect(world.sent('/heartbeat')).to.have.length(heartbeats);
  });

  for (const status of [404, 405]) {
    it(`that answers ${status} is asked in the older spelling`, async () => {
      const { world, controller, told } = await setUpPlain();
      world.answer('/extend', json({ error: 'no such route' }, status));
      world.answer('/renew', json({ new_expires_at: startsAt / 1000 + 4500, additional_cost: 15 }));
      await controller.extend(15);
      const [renewal] = world.sent('/renew');
      expect(renewal!.method).to.equal('PUT');
      expect(renewal!.body).to.deep.equal({ additional_minutes: 15 });
      expect(controller.snapshot.deadline).to.equal(startsAt + 4_500_000);
      expect(told('extend')).to.deep.equal([{ additionalSeconds: 900, tokens: 15, remainingSeconds: 4500 }]);
    });
  }

  it('that knows neither spelling: the refusal is told', async () => {
    const { world, controller } = await setUpPlain();
    world.answer('/extend', json({}, 404));
    world.answer('/renew', json({}, 404));
    expect(await codeOf(controller.extend(15))).to.equal('SESSION_NOT_FOUND');
    expect(controller.state).to.equal('active');
  });
});
