import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { errorMsOf, goByBestSample } from '../../src/controller/clock/best-sample.js';
import { ServerClock } from '../../src/controller/clock/server-clock.js';
import { SessionController } from '../../src/controller/session-controller.js';
import { Ticker } from '../../src/controller/clock/ticker.js';
import { FakeWorld, json, settled, endpoint, startsAt } from './fake-world.js';
import { checkAndCleanUp, setUp, setUpRunning, token } from './set-up.js';

afterEach(checkAndCleanUp);

const hour = 3_600_000;

/** The clock of a session whose late parts have come. */
function clockOf(device: ConstructorParameters<typeof ServerClock>[0]): ServerClock {
  const clock = new ServerClock(device);
  goByBestSample(clock);
  return clock;
}

describe('the time left', () => {
  for (const [clock, deviceErrorMs] of [
    ['right', 0],
    ['an hour ahead', hour],
    ['an hour behind', -hour],
    ['half a second ahead', 500],
  ] as const) {
    it(`is the service's, on a device whose clock is ${clock}`, async () => {
      const { world, controller } = await setUpRunning({}, (world) => {
        world.deviceErrorMs = deviceErrorMs;
        world.backend.sell(90);
      });
      expect(controller.remainingSeconds).to.equal(90);
      expect(controller.remainingText).to.equal('1:30');
      await world.pass(30.5);
      expect(controller.remainingSeconds).to.equal(60);
      expect(controller.snapshot.deadline).to.equal(startsAt + 90_000);
    });
  }

  it('follows a service whose clock was set, or another instance, at once: what the old clock said counts no more', () => {
    const clock = clockOf({ now: () => 0, monotonicNow: () => 0 });
    clock.observe(0, 2, 1);
    clock.observe(0, 200, 10_100);
    expect(clock.now()).to.equal(10_000);
    expect(errorMsOf(clock)).to.equal(100);
  });

  it('reads H:MM:SS from one hour on, and M:SS below', async () => {
    const { world, controller } = await setUpRunning({}, ({ backend }) => backend.sell(3601));
    expect(controller.remainingText).to.equal('1:00:01');
    await world.pass(1.5);
    expect(controller.remainingText).to.equal('1:00:00');
    await world.pass(1);
    expect(controller.remainingText).to.equal('59:59');
  });

  it('is empty before the service has spoken, and null as a number', () => {
    const { controller } = setUp();
    expect(controller.remainingText).to.equal('');
    expect(controller.remainingSeconds).to.equal(null);
  });

  it('comes from remaining_seconds where a backend tells no deadline', async () => {
    const { controller } = await setUpRunning({}, (world) => {
      world.deviceErrorMs = hour;
      world.answer(
        '/sessions/validate',
        json({ valid: true, session: { id: 'session-1' }, remaining_seconds: 125, server_time: startsAt }),
      );
    });
    expect(controller.remainingText).to.equal('2:05');
  });

  it('is right again at once when the device slept, or its clock was changed', async () => {
    const { world, controller } = await setUpRunning();
    world.serverNow += 600_000;
    await world.page.tell('shown');
    expect(controller.remainingSeconds).to.equal(3000);
    expect(world.sent('/heartbeat')).to.have.length(1);
    world.deviceErrorMs = -2 * hour;
    await world.page.tell('shown');
    expect(controller.remainingSeconds).to.equal(3000);
    world.deviceErrorMs = 2 * hour;
    await world.page.tell('shown');
    expect(controller.remainingSeconds).to.equal(3000);
    expect(controller.state).to.equal('active');
  });

  it('is told on each second boundary, each second once, down to zero', async () => {
    const { world, controller, told } = await setUpRunning({ warningSeconds: [] }, (world) => {
      world.backend.sell(8);
      world.serverNow += 300;
    });
    const late: number[] = [];
    controller.addEventListener('tick', () => late.push((world.serverNow - startsAt) % 1000));
    await world.pass(20);
    expect(told('tick').map(({ remainingSeconds }) => remainingSeconds)).to.deep.equal([
      7, 6, 5, 4, 3, 2, 1, 0,
    ]);
    expect(Math.max(...late), 'ms after the boundary').to.be.at.most(5);
  });

  it('skips no second and shows none twice, however late the timers are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 990 }), { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 5000 }),
        (delays, firstMs) => {
          const world = new FakeWorld();
          let turn = 0;
          world.lateMs = () => delays[turn++ % delays.length]!;
          const seconds = countdown(world, startsAt + 60_000 + firstMs, 61 + firstMs / 1000);
          const first = Math.ceil((60_000 + firstMs) / 1000);
          const expected = Array.from({ length: first }, (_, index) => first - 1 - index);
          // At zero it is told again until somebody acts on it.
          expect(seconds.slice(0, seconds.indexOf(0) + 1)).to.deep.equal(expected);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('only ever falls, and is never negative, also when timers come seconds late', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30_000 }), { minLength: 1 }), (delays) => {
        const world = new FakeWorld();
        let turn = 0;
        world.lateMs = () => delays[turn++ % delays.length]!;
        const seconds = countdown(world, startsAt + 60_000, 120);
        for (const [index, second] of seconds.entries()) {
          expect(second).to.be.at.least(0);
          if (index) expect(second).to.satisfy((now: number) => now < seconds[index - 1]! || now === 0);
        }
        expect(seconds.at(-1)).to.equal(0);
      }),
    );
  });

  it('ticks of two sessions with one timer come at the boundaries of each', async () => {
    const world = new FakeWorld();
    const one = setUp({ sessionToken: token, warningSeconds: [] }, world);
    await one.controller.start();
    const other = setUp({ sessionToken: token, warningSeconds: [] }, world);
    world.answer('/sessions/validate', () =>
      json({
        valid: true,
        session: { id: 'session-1' },
        remaining_seconds: 100,
        server_time: world.serverNow,
      }),
    );
    world.serverNow += 400;
    await other.controller.start();
    await settled();
    const ticking = world.delays.filter((delay) => delay <= 1002);
    expect(ticking, 'one timer for both').to.have.length(1);
    await world.pass(5.1);
    for (const { told } of [one, other]) {
      const seconds = told('tick').map(({ remainingSeconds }) => remainingSeconds as number);
      expect(seconds).to.have.length(5);
      expect(new Set(seconds).size).to.equal(5);
    }
    one.controller.destroy();
    await world.pass(2);
    expect(one.told('tick')).to.have.length(5);
    expect(other.told('tick')).to.have.length(7);
    other.controller.destroy();
    expect(world.delays).to.deep.equal([]);
  });

  it('stands still while paused, and nothing ticks', async () => {
    const { world, controller, told } = await setUpRunning();
    await world.pass(10.5);
    await controller.pause();
    const ticks = told('tick').length;
    await world.pass(20);
    expect(controller.remainingSeconds).to.equal(3590);
    expect(told('tick')).to.have.length(ticks);
  });
});

/** Counts down to a deadline by timers alone. @returns the seconds that were told. */
function countdown(world: FakeWorld, deadline: number, seconds: number): number[] {
  const told: number[] = [];
  // As a controller does it, without a service: a session of the ticker's own.
  const remaining = () => Math.max(0, Math.ceil((deadline - world.serverNow) / 1000));
  let last = remaining();
  const stop = new Ticker(world).add({
    nextTickMs: () => (deadline - world.serverNow > 0 ? (deadline - world.serverNow) % 1000 : 1000),
    tick: () => {
      if (remaining() && remaining() === last) return;
      told.push((last = remaining()));
    },
  });
  world.passAtOnce(seconds + 2);
  stop();
  return told;
}

describe('the ticker', () => {
  it('fires a hair after the moment, never before, and rests without targets', () => {
    const world = new FakeWorld();
    const ticker = new Ticker(world);
    const fired: number[] = [];
    const stop = ticker.add({ nextTickMs: () => 500, tick: () => fired.push(world.serverNow - startsAt) });
    world.passAtOnce(1.1);
    expect(fired).to.deep.equal([502, 1004]);
    stop();
    expect(world.delays).to.deep.equal([]);
  });

  it('lets a target leave from within its own tick', () => {
    const world = new FakeWorld();
    const ticker = new Ticker(world);
    let count = 0;
    const stop = ticker.add({
      nextTickMs: () => 10,
      tick: () => {
        count += 1;
        stop();
      },
    });
    world.passAtOnce(1);
    expect(count).to.equal(1);
    expect(world.delays).to.deep.equal([]);
  });
});

describe("the service's clock", () => {
  it('is estimated from the round trip with the least delay', () => {
    let now = 1000;
    const clock = clockOf({ now: () => now, monotonicNow: () => now });
    clock.observe(0, 400, 10_200); // 200 ms off, at most
    clock.observe(1000, 1020, 11_110); // 10 ms off, at most
    clock.observe(2000, 2800, 12_700);
    expect(clock.now()).to.equal(now + 10_100);
    now = 5000;
    expect(clock.now()).to.equal(15_100);
  });

  it('counts the first answer too, which came before there was a choice', () => {
    const clock = new ServerClock({ now: () => 0, monotonicNow: () => 0 });
    clock.observe(0, 20, 10_010);
    expect(clock.now()).to.equal(10_000);
    goByBestSample(clock);
    clock.observe(0, 800, 10_500);
    expect(clock.now()).to.equal(10_000);
  });

  it('is within half of the least delay of the truth, whatever the network does', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -hour, max: hour }),
        fc.array(fc.tuple(fc.nat(3000), fc.nat(3000)), { minLength: 1, maxLength: 20 }),
        (offset, trips) => {
          const clock = clockOf({ now: () => 0, monotonicNow: () => 0 });
          let at = 0;
          for (const [there, back] of trips) {
            clock.observe(at, at + there + back, at + there + offset);
            at += 10_000;
          }
          const best = Math.min(...trips.slice(-8).map(([there, back]) => there + back));
          expect(Math.abs(clock.now() - offset)).to.be.at.most(best / 2);
        },
      ),
    );
  });

  it('follows a device clock that was changed, at the next answer', () => {
    let now = 0;
    const clock = clockOf({ now: () => now, monotonicNow: () => 0 });
    clock.observe(0, 10, 5);
    now = hour;
    clock.observe(now, now + 400, 1200);
    expect(Math.abs(clock.now() - 1200)).to.be.at.most(400);
  });
});

describe('a controller', () => {
  it('does nothing before start()', () => {
    const world = new FakeWorld();
    world.address = `https://a.example/?session=${token}`;
    const controller = new SessionController({ apiEndpoint: endpoint }, world);
    expect(controller.state).to.equal('idle');
    expect([world.deeds, world.requests, world.delays]).to.deep.equal([[], [], []]);
  });
});
