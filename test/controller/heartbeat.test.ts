import { expect } from '@open-wc/testing';
import { brokenLine, htmlPage, json, problem, settled, startsAt } from './fake-world.js';
import { checkAndCleanUp, setUp, setUpRunning, token } from './set-up.js';

afterEach(checkAndCleanUp);

describe('heartbeats', () => {
  it('come every 30 s, and tell the clock and whether the page is in front', async () => {
    const { world } = await setUpRunning();
    await world.pass(95);
    expect(world.sent('/heartbeat').map(({ body }) => body)).to.deep.equal(
      [30, 60, 90].map((seconds) => ({ timestamp: startsAt + seconds * 1000, active: true })),
    );
    world.page.isVisible = false;
    await world.pass(30);
    expect(world.sent('/heartbeat').at(-1)!.body.active).to.equal(false);
  });

  it('come as often as the page wants them, where the service wants them less often', async () => {
    const { world } = await setUpRunning({ heartbeatSeconds: 5 });
    await world.pass(31);
    expect(world.sent('/heartbeat').length).to.be.within(5, 7);
  });

  it('that a service does not answer which has gone silent tell so within 45 s', async () => {
    const { world, told } = await setUpRunning({ heartbeatSeconds: 5 });
    world.answer('/heartbeat', ...Array.from({ length: 9 }, () => 'never' as const));
    await world.pass(45);
    expect(told('connection')).to.deep.equal([{ connection: 'reconnecting' }]);
  });

  it('that are blocked in this browser are told once; the session goes on as the service says, and ends', async () => {
    const { world, controller, told } = await setUpRunning({}, ({ backend }) => backend.sell(200));
    world.answer('/heartbeat', ...Array.from({ length: 99 }, brokenLine));
    await world.pass(65);
    world.backend.extend(60);
    await world.pass(40);
    expect(controller.snapshot).to.include({ state: 'active', connection: 'online' });
    expect(controller.session!.duration_limit_seconds).to.equal(260);
    expect(told('error').map(({ code }) => code)).to.deep.equal(['REQUEST_BLOCKED']);
    await world.pass(180);
    expect(controller.state).to.equal('ended');
  });

  it('come, and changes too, where the device believes without reason that it has no network', async () => {
    const { world, controller } = await setUpRunning({}, ({ page }) => {
      page.isOnline = false;
      page.isHintWrong = true;
    });
    await world.pass(31);
    expect(world.sent('/heartbeat')).to.have.length(1);
    await controller.extend(15);
    expect(controller.session!.duration_limit_seconds).to.equal(4500);
    await world.page.tell('offline');
    expect(controller.snapshot.connection).to.equal('offline');
    await world.pass(31);
    expect(controller.snapshot.connection).to.equal('online');
    await controller.end();
    expect(controller.state).to.equal('ended');
  });

  it('are spread by a tenth, either way', async () => {
    for (const [chance, delay] of [
      [0, 27_000],
      [0.999999, 33_000],
    ] as const) {
      const { world } = await setUpRunning({}, ({ page }) => (page.chance = chance));
      expect(world.delays.some((waiting) => Math.abs(waiting - delay) <= 1)).to.equal(true);
    }
  });

  it('come as the service wants them', async () => {
    const { world } = await setUpRunning({}, ({ backend }) => (backend.nextHeartbeatSeconds = 120));
    await world.pass(31);
    expect(world.sent('/heartbeat')).to.have.length(1);
    await world.pass(118);
    expect(world.sent('/heartbeat')).to.have.length(1);
    await world.pass(3);
    expect(world.sent('/heartbeat')).to.have.length(2);
  });

  for (const way of ['quick', 'thorough']) {
    it(`come as the service wants them from the first one on, after the ${way} way in`, async () => {
      const { world, controller } = setUp({ sessionToken: token });
      world.backend.firstHeartbeatSeconds = 120;
      world.backend.nextHeartbeatSeconds = 45;
      if (way === 'thorough') world.answer('/sessions/validate', json({}, 503));
      const started = controller.start();
      await world.pass(5);
      await started;
      await world.pass(110);
      expect(world.sent('/heartbeat')).to.have.length(0);
      await world.pass(10);
      expect(world.sent('/heartbeat')).to.have.length(1);
      await world.pass(46);
      expect(world.sent('/heartbeat')).to.have.length(2);
    });
  }

  for (const seconds of [NaN, 0, -5, 1e9, Infinity, 1e-9, null, 'soon'] as number[]) {
    it(`do not hammer the service when ${seconds} seconds are set or answered`, async () => {
      const { world } = await setUpRunning({ heartbeatSeconds: seconds }, ({ backend }) => {
        backend.nextHeartbeatSeconds = seconds;
        backend.firstHeartbeatSeconds = seconds;
      });
      await world.pass(65);
      expect(world.sent('/heartbeat')).to.have.length(2);
    });
  }

  it('come at once when the page comes back, one at a time', async () => {
    const { world } = await setUpRunning();
    world.hold('/heartbeat');
    await world.page.comeBack();
    await world.page.tell('shown');
    await world.page.tell('shown');
    expect(world.sent('/heartbeat')).to.have.length(1);
  });

  it('that fail three times tell that the connection is lost, and the session goes on; one that comes through tells so', async () => {
    const { world, controller, told } = await setUpRunning();
    world.cutOff(9);
    await world.pass(29);
    expect(told('connection')).to.deep.equal([]);
    await world.pass(15);
    expect(told('connection')).to.deep.equal([{ connection: 'reconnecting' }]);
    expect(controller.snapshot).to.include({ state: 'active', connection: 'reconnecting' });
    await world.pass(240);
    expect(told('connection')).to.deep.equal([{ connection: 'reconnecting' }, { connection: 'online' }]);
  });

  it('that were under way when the network went do not say that it is back', async () => {
    const { world, controller, told } = await setUpRunning();
    const underway = world.hold('/heartbeat');
    await world.pass(33);
    await world.page.tell('offline');
    underway.release();
    await settled();
    expect(controller.snapshot.connection).to.equal('offline');
    await world.page.tell('online');
    await settled();
    expect(told('connection').map(({ connection }) => connection)).to.deep.equal([
      'offline',
      'reconnecting',
      'online',
    ]);
  });

  it('that are under way when time jumps do not answer for what comes after it: the service is asked anew', async () => {
    const { world } = await setUpRunning();
    const underway = world.hold('/heartbeat');
    await world.pass(33);
    const asked = world.sent('/heartbeat').length;
    world.deviceErrorMs += 60_000;
    await world.pass(2);
    expect(world.sent('/heartbeat')).to.have.length(asked);
    underway.release();
    await settled();
    expect(world.sent('/heartbeat')).to.have.length(asked + 1);
  });

  it('that a hotel network answers end no session', async () => {
    const { world, controller, told } = await setUpRunning({}, (world) => {
      const faults = [htmlPage(), htmlPage(403), htmlPage(404), json({}), json({ status: 'asleep' })];
      world.answer('/heartbeat', ...faults, problem('ORIGIN_REFUSED', 403));
    });
    await world.pass(190);
    expect(controller.state).to.equal('active');
    expect(told('connection')).to.deep.equal([{ connection: 'reconnecting' }]);
    await world.pass(60);
    expect(controller.snapshot.connection).to.equal('online');
  });

  it('that a backend does not offer are not missed', async () => {
    const { world, controller, told } = await setUpRunning({}, (world) => {
      world.answer('/heartbeat', ...Array.from({ length: 9 }, () => problem('ROUTE_NOT_FOUND', 404)));
    });
    await world.pass(250);
    expect(controller.state).to.equal('active');
    expect(told('connection')).to.deep.equal([]);
  });

  it('that are refused for good end it: the code says why, and the token is gone', async () => {
    for (const [code, status] of [
      ['TOKEN_EXPIRED', 401],
      ['SESSION_NOT_FOUND', 404],
      ['CREDENTIAL_INVALID', 401],
    ] as const) {
      const { world, controller } = await setUpRunning({}, (world) =>
        world.answer('/heartbeat', problem(code, status)),
      );
      await world.pass(40);
      expect(controller.snapshot).to.include({ state: 'failed', deadline: null });
      expect(controller.snapshot.error!.code).to.equal(code);
      expect(world.delays).to.deep.equal([]);
      expect(world.tabStorage!.getItem(`marketplace-session:@https://market.example/api/v1`)).to.equal(null);
    }
  });

  it('whose answer is older than the last never shorten the deadline', async () => {
    const { world, controller } = await setUpRunning();
    const old = world.hold('/heartbeat');
    await world.pass(31);
    await controller.extend(60);
    expect(controller.snapshot.deadline).to.equal(startsAt + 7_200_000);
    await world.pass(1);
    old.release();
    await settled();
    expect(controller.snapshot.deadline).to.equal(startsAt + 7_200_000);
    expect(controller.remainingSeconds).to.be.above(7160);
  });
});
