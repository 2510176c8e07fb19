import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { nextWarning, passedThreshold, thresholdsFor } from '../../src/controller/warning/thresholds.js';
import { json, settled } from './fake-world.js';
import { checkAndCleanUp, setUpRunning, type SetUp } from './set-up.js';

afterEach(checkAndCleanUp);

const warnings = ({ told }: SetUp) =>
  told('warning').map(({ thresholdSeconds, remainingSeconds, isLast }) => [
    thresholdSeconds,
    remainingSeconds,
    isLast,
  ]);

describe('a customer is warned', () => {
  it('five minutes and one minute before the end, at that very second, once each', async () => {
    const setup = await setUpRunning({}, ({ backend }) => backend.sell(310));
    expect(setup.controller.snapshot.warning).to.equal(null);
    await setup.world.pass(305);
    expect(warnings(setup)).to.deep.equal([
      [300, 300, false],
      [60, 60, true],
    ]);
    expect(setup.controller.snapshot.warning).to.equal(60);
  });

  it('and the session ends at those seconds in a tab that nobody looks at too, which does nothing each second', async () => {
    const setup = await setUpRunning({}, ({ backend }) => backend.sell(400));
    const { world, told, controller } = setup;
    await world.page.tell('hidden');
    await world.pass(1);
    const before = told('tick').length;
    await world.pass(60);
    expect(told('tick').length - before).to.be.at.most(3);
    await world.pass(335);
    expect(warnings(setup)).to.deep.equal([
      [300, 300, false],
      [60, 60, true],
    ]);
    // Looked at again it tells the right second at once, and then each.
    await world.page.tell('shown');
    const { length } = told('tick');
    expect(told('tick').at(-1)).to.deep.equal({ remainingSeconds: 4 });
    await world.pass(2.5);
    expect(told('tick')).to.have.length(length + 2);
    await world.page.tell('hidden');
    await world.pass(2);
    expect(controller.state).not.to.equal('active');
  });

  it('at thresholds of the page, in whatever order they are written', async () => {
    const setup = await setUpRunning({ warningSeconds: [25, 120, 40] }, ({ backend }) => backend.sell(125));
    await setup.world.pass(110);
    expect(warnings(setup)).to.deep.equal([
      [120, 120, false],
      [40, 40, false],
      [25, 25, true],
    ]);
  });

  it('at least 20 seconds before the end, however late the page wants it', async () => {
    const setup = await setUpRunning({ warningSeconds: [30, 15, 5] }, ({ backend }) => backend.sell(125));
    await setup.world.pass(120);
    expect(warnings(setup)).to.deep.equal([
      [30, 30, false],
      [20, 20, true],
    ]);
  });

  it('until somebody answers; an extension takes the answer back, and the warning comes again', async () => {
    const setup = await setUpRunning({}, ({ backend }) => backend.sell(310));
    const { controller, world } = setup;
    const answered = () => controller.snapshot.answeredWarning;
    await controller.answerWarning();
    expect(answered(), 'there is nothing to answer').to.equal(null);
    await world.pass(20);
    await controller.answerWarning();
    expect(answered()).to.equal(300);
    await world.pass(235);
    expect(controller.snapshot).to.include({ warning: 60, answeredWarning: null }, 'another warning');
    await controller.answerWarning();
    await world.pass(5);
    expect(answered()).to.equal(60);
    await controller.extend(15);
    await settled();
    expect(controller.snapshot).to.include({ warning: null, answeredWarning: null });
    await world.pass(900);
    expect(answered()).to.equal(null);
    expect(warnings(setup).map(([threshold]) => threshold)).to.deep.equal([300, 60, 300, 60]);
  });

  it('and can answer while the time stands, not when it is up', async () => {
    const { controller, world } = await setUpRunning({}, ({ backend }) => backend.sell(125));
    await world.pass(70);
    await controller.pause();
    await controller.answerWarning();
    expect(controller.snapshot.answeredWarning).to.equal(60);
    const over = await setUpRunning({}, ({ backend }) => backend.sell(65));
    await over.world.pass(66);
    expect(over.controller.state).to.equal('ended');
    await over.controller.answerWarning();
    expect(over.controller.snapshot.answeredWarning).to.equal(null);
    over.controller.destroy();
    await over.controller.answerWarning();
  });

  it('never, where the page wants it so', async () => {
    const setup = await setUpRunning({ warningSeconds: [] }, ({ backend }) => backend.sell(70));
    await setup.world.pass(69);
    expect(warnings(setup)).to.deep.equal([]);
  });

  it('by the nearest threshold only, after a jump', async () => {
    const setup = await setUpRunning({}, ({ backend }) => backend.sell(400));
    setup.world.serverNow += 360_000;
    await setup.world.pass(2);
    expect(warnings(setup)).to.deep.equal([[60, 40, true]]);
  });

  it('by the nearest threshold only, arriving late', async () => {
    const setup = await setUpRunning({}, ({ backend }) => {
      backend.sell(200);
      backend.durationSeconds = 3600;
    });
    expect(warnings(setup)).to.deep.equal([[300, 200, false]]);
  });

  it('again after an extension', async () => {
    const setup = await setUpRunning({}, ({ backend }) => backend.sell(310));
    await setup.world.pass(255);
    await setup.controller.extend(15);
    expect(setup.controller.snapshot.warning).to.equal(null);
    await setup.world.pass(905);
    expect(warnings(setup).map(([threshold]) => threshold)).to.deep.equal([300, 60, 300, 60]);
  });

  it('not again when the time left is merely corrected by a second or two', async () => {
    const setup = await setUpRunning({}, ({ backend }) => backend.sell(310));
    const { world, controller } = setup;
    await world.pass(251);
    expect(controller.snapshot.warning).to.equal(60);
    world.backend.deadline += 5000;
    await world.page.comeBack();
    expect(controller.remainingSeconds).to.be.above(60);
    await world.pass(10);
    expect(warnings(setup).map(([threshold]) => threshold)).to.deep.equal([300, 60]);
  });

  it('not again after a pause', async () => {
    const setup = await setUpRunning({}, ({ backend }) => backend.sell(310));
    await setup.world.pass(251);
    await setup.controller.pause();
    await setup.world.pass(100);
    await setup.controller.resume();
    await setup.world.pass(10);
    expect(warnings(setup).map(([threshold]) => threshold)).to.deep.equal([300, 60]);
  });

  it('of a short session no earlier than half way', async () => {
    const setup = await setUpRunning({}, ({ backend }) => backend.sell(80));
    await setup.world.pass(39);
    expect(warnings(setup)).to.deep.equal([]);
    await setup.world.pass(2);
    expect(warnings(setup)).to.deep.equal([[40, 40, true]]);
  });

  it('also by a backend that does not tell how long the session is', async () => {
    const setup = await setUpRunning({}, (world) => {
      world.answer(
        '/sessions/validate',
        json({
          valid: true,
          session: { id: 'session-1' },
          remaining_seconds: 305,
          server_time: world.serverNow,
        }),
      );
      world.backend.sell(305);
      world.backend.session = { duration_limit_seconds: 0 };
    });
    await setup.world.pass(250);
    expect(warnings(setup).map(([threshold]) => threshold)).to.deep.equal([300, 60]);
  });
});

describe('thresholds', () => {
  for (const [thresholds, duration, expected] of [
    [[300, 60], 3600, [300, 60]],
    [[60, 300], 3600, [300, 60]],
    [[300, 60], 300, [60]],
    [[300, 60], 301, [300, 60]],
    [[300, 60], 100, [50]],
    [[300], 300, [150]],
    [[10], 3600, [20]],
    [[300, 15, 10], 3600, [300, 20]],
    [[5], 30, [15]],
    [[], 3600, []],
    [[300, 60], 0, [300, 60]],
  ] as const) {
    it(`${JSON.stringify(thresholds)} in a session of ${duration} s are ${JSON.stringify(expected)}`, () => {
      expect(thresholdsFor(thresholds, duration)).to.deep.equal(expected);
    });
  }

  it('speak at most once each while time only falls', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 1000 }), { maxLength: 6 }),
        fc.integer({ min: 2, max: 1200 }),
        fc.array(fc.integer({ min: 0, max: 60 })),
        (seconds, duration, steps) => {
          const thresholds = thresholdsFor(seconds, duration);
          const spoken: number[] = [];
          let warning: number | null = null;
          let left = duration;
          for (const step of steps) {
            left = Math.max(0, left - step);
            const next = nextWarning(warning, thresholds, left);
            expect(next).to.equal(passedThreshold(thresholds, left));
            if (next !== null && next !== warning) spoken.push(next);
            warning = next;
          }
          expect(new Set(spoken).size).to.equal(spoken.length);
        },
      ),
    );
  });
});
