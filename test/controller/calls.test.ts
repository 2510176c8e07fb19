import { expect } from '@open-wc/testing';
import { connecting, said, warningOf } from '../../src/controller/run/transitions.js';
import {
  initialSnapshot,
  reduce,
  starting,
  timeUp,
  type SessionSnapshot,
} from '../../src/controller/snapshot.js';
import type { Session } from '../../src/protocol/session.js';
import { brokenLine, FakeWorld, json, problem, settled, startsAt } from './fake-world.js';
import { checkAndCleanUp, codeOf, setUp, setUpRunning, token, type SetUp } from './set-up.js';

afterEach(checkAndCleanUp);

type Call = 'start' | 'pause' | 'resume' | 'extend' | 'end' | 'complete';
const call = ({ controller }: SetUp, name: Call) =>
  name === 'extend' ? controller.extend(15) : controller[name]();

describe('a call that the state does not allow', () => {
  const states: Record<string, [() => Promise<SetUp>, possible: Call[]]> = {
    idle: [() => Promise.resolve(setUp()), []],
    loading: [
      () => {
        const world = new FakeWorld();
        world.hold('/sessions/validate');
        const setup = setUp({ sessionToken: token }, world);
        setup.controller.start().catch(() => {});
        return Promise.resolve(setup);
      },
      [],
    ],
    waiting: [() => setUpRunning({}, ({ backend }) => (backend.status = 'waiting')), ['end']],
    active: [() => setUpRunning(), ['pause', 'extend', 'end', 'complete']],
    paused: [
      () =>
        setUpRunning({}, ({ backend }) => {
          backend.remainingAtPause = 60;
          backend.status = 'paused';
        }),
      ['resume', 'extend', 'end', 'complete'],
    ],
    ending: [
      async () => {
        const setup = await setUpRunning({}, (world) => {
          world.backend.sell(2);
          world.answer('/heartbeat', 'never');
        });
        await setup.world.pass(3);
        return setup;
      },
      [],
    ],
    ended: [
      async () => {
        const setup = await setUpRunning();
        await setup.controller.end();
        // A new session has been bought.
        setup.world.backend.status = 'active';
        return setup;
      },
      ['start'],
    ],
    failed: [
      async () => {
        const world = new FakeWorld();
        world.answer('/sessions/validate', problem('ORIGIN_REFUSED', 403));
        const setup = setUp({ sessionToken: token }, world);
        await setup.controller.start().catch(() => {});
        return setup;
      },
      ['start'],
    ],
  };
  const calls: Call[] = ['start', 'pause', 'resume', 'extend', 'end', 'complete'];

  for (const [state, [reach, possible]] of Object.entries(states)) {
    for (const name of calls.filter(
      (name) => !possible.includes(name) && !(state === 'idle' && name === 'start'),
    )) {
      it(`${name}() while ${state} is CALL_REFUSED, and changes and asks nothing`, async () => {
        const setup = await reach();
        expect(setup.controller.state).to.equal(state);
        const before = [setup.controller.snapshot, setup.world.requests.length, setup.events.length];
        expect(await codeOf(call(setup, name))).to.equal('CALL_REFUSED');
        expect([setup.controller.snapshot, setup.world.requests.length, setup.events.length]).to.deep.equal(
          before,
        );
      });
    }
    for (const name of possible) {
      it(`${name}() while ${state} is possible`, async () => {
        expect(await codeOf(call(await reach(), name))).to.equal(undefined);
      });
    }
  }

  it('another call while one is under way is CALL_REFUSED, which says so', async () => {
    const setup = await setUpRunning();
    setup.world.hold('/pause');
    void setup.controller.pause().catch(() => {});
    await settled();
    for (const name of ['end', 'extend', 'complete'] as const) {
      const error = await call(setup, name).then(
        () => null,
        (error: Error) => error,
      );
      expect(error!.message).to.contain('pause() is under way');
    }
  });
});

describe('destroy()', () => {
  const everythingOver = ({ world }: SetUp) => ({
    timers: world.delays.length,
    requests: world.openRequests,
    listeners: world.page.listenerCount,
  });
  const nothing = { timers: 0, requests: 0, listeners: 0 };

  it('while the session runs ends every timer, listener and request', async () => {
    const setup = await setUpRunning();
    await setup.world.pass(31);
    setup.world.hold('/extend');
    setup.controller.extend(15).catch(() => {});
    setup.world.hold('/heartbeat');
    await setup.world.page.comeBack();
    expect(everythingOver(setup)).to.deep.equal({ timers: 5, requests: 2, listeners: 1 });
    setup.controller.destroy();
    await settled();
    expect(everythingOver(setup)).to.deep.equal(nothing);
    expect(setup.controller.snapshot).to.equal(initialSnapshot);
  });

  it('while it starts does the same, and start() is rejected', async () => {
    const world = new FakeWorld();
    world.hold('/sessions/validate');
    const setup = setUp({ sessionToken: token }, world);
    const started = setup.controller.start().then(
      () => 'started',
      () => 'rejected',
    );
    await settled();
    setup.controller.destroy();
    expect(await started).to.equal('rejected');
    expect(everythingOver(setup)).to.deep.equal(nothing);
    expect(setup.controller.state).to.equal('idle');
    expect(setup.told('error')).to.deep.equal([]);
  });

  it('while it waits to try again does the same, and asks no more', async () => {
    const world = new FakeWorld();
    world.answer('/sessions/validate', brokenLine());
    const setup = setUp({ sessionToken: token }, world);
    setup.controller.start().catch(() => {});
    await settled();
    expect(world.delays).to.have.length(1);
    setup.controller.destroy();
    await world.pass(60);
    expect(world.requests).to.have.length(1);
    expect(everythingOver(setup)).to.deep.equal(nothing);
  });

  it('before the late parts have come keeps them from asking', async () => {
    const world = new FakeWorld();
    const setup = setUp({ getSessionToken: () => Promise.resolve(token) }, world);
    setup.controller.start().catch(() => {});
    setup.controller.destroy();
    await world.pass(60);
    expect(world.requests).to.have.length(0);
    expect(world.tabStorage!.getItem('marketplace-session:@https://market.example/api/v1')).to.equal(null);
  });

  it('after the end and before the start is harmless, and twice too', async () => {
    const setup = await setUpRunning();
    await setup.controller.end();
    setup.controller.destroy();
    setup.controller.destroy();
    expect(everythingOver(setup)).to.deep.equal(nothing);
    setUp().controller.destroy();
  });

  it('at the deadline keeps it from asking for ever', async () => {
    const setup = await setUpRunning({}, (world) => {
      world.backend.sell(2);
      world.answer('/heartbeat', ...Array.from({ length: 99 }, brokenLine));
    });
    await setup.world.pass(10);
    setup.controller.destroy();
    const asked = setup.world.requests.length;
    await setup.world.pass(100);
    expect(setup.world.requests).to.have.length(asked);
    expect(everythingOver(setup)).to.deep.equal(nothing);
  });

  it('from within a listener: nothing of the session is told after it', async () => {
    const setup = setUp({ sessionToken: token });
    setup.controller.addEventListener(
      'statechange',
      ({ state }) => state === 'active' && setup.controller.destroy(),
    );
    await setup.controller.start().catch(() => {});
    await settled();
    expect(setup.told('ready')).to.deep.equal([]);
    expect(setup.events.map(({ fields }) => fields.state)).to.deep.equal(['loading', 'active', 'idle']);
    expect(setup.controller.state).to.equal('idle');
    expect(everythingOver(setup)).to.deep.equal(nothing);
  });

  it('lets the session be started again, from where it stands', async () => {
    const { world, controller } = await setUpRunning();
    await world.pass(60);
    controller.destroy();
    await controller.start();
    expect(controller.remainingSeconds).to.equal(3540);
  });
});

describe('late answers of an older run', () => {
  it('change nothing in the next: a heartbeat, an extension', async () => {
    const { world, controller, events } = await setUpRunning();
    world.ignoresAborts = true;
    const heartbeat = world.hold('/heartbeat');
    await world.page.comeBack();
    const extension = world.hold('/extend', 'when released');
    const lost = controller.extend(15).then(
      () => 'fulfilled',
      () => 'rejected',
    );
    await settled();
    controller.destroy();
    await controller.start();
    await settled();
    const before = controller.snapshot;
    const told = events.length;
    heartbeat.release(json(world.backend.heartbeat({ status: 'completed', session: undefined })));
    extension.release();
    expect(await lost).to.equal('rejected');
    await settled();
    expect(controller.snapshot).to.equal(before);
    expect(events).to.have.length(told);
    expect(world.sent('/complete')).to.have.length(0);
  });

  it('change nothing in the next: the first yes', async () => {
    const world = new FakeWorld();
    world.ignoresAborts = true;
    const first = world.hold('/sessions/validate');
    const { controller } = setUp({ sessionToken: token }, world);
    const started = controller.start().then(
      () => 'started',
      () => 'rejected',
    );
    controller.destroy();
    const second = world.hold('/sessions/validate');
    const again = controller.start();
    first.release();
    expect(await started).to.equal('rejected');
    expect(controller.state).to.equal('loading');
    second.release();
    await again;
    expect(controller.state).to.equal('active');
  });
});

describe('the snapshot', () => {
  const session = { id: 's', status: 'active', expires_at: 100, remaining_seconds: 60 } as Session;
  const loading = reduce(initialSnapshot, starting);
  const running = reduce(loading, said(session, 40_000));

  it('keeps the same object where its content is equal', () => {
    const equal = { ...session };
    expect(reduce(running, said(equal, 50_000))).to.equal(running);
    expect(reduce(running, connecting('online', null))).to.equal(running);
    expect(reduce(running, warningOf(running, null))).to.equal(running);
  });

  it('is replaced, never mutated', () => {
    const frozen = Object.freeze({ ...running, session: Object.freeze({ ...session }) }) as SessionSnapshot;
    const next = reduce(frozen, said({ ...session, expires_at: 200 }, 50_000));
    expect(next).not.to.equal(frozen);
    expect(frozen.deadline).to.equal(100_000);
    expect(next.deadline).to.equal(200_000);
  });

  it('is never mutated in a whole life of a session either', async () => {
    const { world, controller, snapshots } = await setUpRunning();
    // Each was frozen when it was told: mutating one would have thrown.
    await controller.pause();
    await controller.resume();
    await controller.extend(15);
    await world.pass(65);
    await controller.end();
    expect(snapshots.length).to.be.above(8);
    expect(new Set(snapshots).size).to.equal(snapshots.length);
    expect(snapshots.every(Object.isFrozen)).to.equal(true);
  });

  it('refuses what its table does not hold', () => {
    const refused = () => reduce(initialSnapshot, timeUp);
    expect(refused).to.throw().with.property('code', 'CALL_REFUSED');
  });

  it('refuses a deadline that is no time, and a status that does not exist', () => {
    for (const members of [
      { expires_at: NaN, remaining_seconds: NaN },
      { expires_at: 'soon' },
      { status: 'asleep' },
    ]) {
      const wrong = { ...session, ...members } as Session;
      const refused = () => reduce(loading, said(wrong, 40_000));
      expect(refused).to.throw().with.property('code', 'ANSWER_INVALID');
    }
  });
});

describe('those who listen', () => {
  it('hear of a whole life in a stated order', async () => {
    const { world, controller, events } = await setUpRunning({}, ({ backend }) => {
      backend.sell(62);
      backend.session = { return_url: 'https://app.example/back' };
    });
    await world.pass(3);
    await controller.pause();
    await controller.resume();
    await controller.extend(15);
    await controller.end();
    expect(
      events
        .filter(({ type }) => type !== 'tick')
        .map(({ type, fields }) => (type === 'statechange' ? `-> ${String(fields.state)}` : type)),
    ).to.deep.equal([
      '-> loading',
      '-> active',
      'ready',
      'start',
      '-> paused',
      'pause',
      '-> active',
      'resume',
      'extend-request',
      'extend',
      'end-request',
      '-> ended',
      'complete',
      'end',
      'redirect',
    ]);
  });

  it('and fail are no reason to lose a session', async () => {
    const world = new FakeWorld();
    const setup = setUp({ sessionToken: token }, world);
    const errors: string[] = [];
    const onError = (event: ErrorEvent) => {
      errors.push(event.message);
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    window.addEventListener('error', onError, { capture: true });
    const before = window.onerror;
    window.onerror = () => true;
    const leave = setup.controller.subscribe(() => {
      throw new Error('a view that fails');
    });
    const heard: string[] = [];
    setup.controller.subscribe(({ state }) => heard.push(state));
    await setup.controller.start();
    await settled();
    leave();
    window.removeEventListener('error', onError, { capture: true });
    window.onerror = before;
    expect(setup.controller.state).to.equal('active');
    expect(heard).to.deep.equal(['loading', 'active']);
    expect(errors.length).to.equal(2);
  });

  it('no longer hear anything once they have left', async () => {
    const { world, controller } = await setUpRunning();
    let count = 0;
    const leave = controller.subscribe(() => (count += 1));
    await world.pass(40);
    expect(count).to.be.above(0);
    const before = count;
    leave();
    await controller.extend(15);
    expect(count).to.equal(before);
  });

  it('see the session as the service last said it', async () => {
    const { controller } = await setUpRunning();
    expect(controller.session).to.equal(controller.snapshot.session);
    expect(controller.session).to.include({ id: 'session-1', user_id: 'customer-1', tokens_allocated: 100 });
    expect(controller.snapshot.deadline).to.equal(startsAt + 3_600_000);
  });
});
