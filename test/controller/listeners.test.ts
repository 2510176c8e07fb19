import { expect } from '@open-wc/testing';
import type { SessionController } from '../../src/controller/session-controller.js';
import type { FakeWorld } from './fake-world.js';
import { settled } from './fake-world.js';
import { checkAndCleanUp, eventTypes, setUp, type SetUp, token } from './set-up.js';

afterEach(checkAndCleanUp);

type Deed = 'start' | 'end' | 'destroy' | 'destroy and start';
const deeds: Record<Deed, (controller: SessionController) => void> = {
  start: (controller) => void controller.start().catch(() => {}),
  end: (controller) => void controller.end().catch(() => {}),
  destroy: (controller) => controller.destroy(),
  'destroy and start': (controller) => {
    controller.destroy();
    void controller.start().catch(() => {});
  },
};

/** A whole session: loaded, warned of, extended, paused, resumed, offline and back, ended; and one that fails. */
async function live({ world, controller }: SetUp): Promise<void> {
  const quietly = (promise: Promise<void>) => promise.catch(() => {});
  const start = quietly(controller.start());
  await settled();
  await start;
  // The last warning.
  await world.pass(20);
  await quietly(controller.pause());
  await quietly(controller.resume());
  await quietly(controller.extend(15));
  await world.page.tell('offline');
  await world.page.tell('online');
  await quietly(controller.end());
  await world.pass(5);
  world.backend.status = 'completed';
  await quietly(controller.start());
  await world.pass(1);
}

const waits = (world: FakeWorld) => [world.delays.length, world.page.listenerCount, world.openRequests];

describe('a listener of', () => {
  for (const type of eventTypes)
    for (const deed of Object.keys(deeds) as Deed[])
      it(`${type} that calls ${deed}() leaves one session, or none, and nothing behind`, async () => {
        const setup = setUp({ sessionToken: token, warningSeconds: [20] });
        const { world, controller } = setup;
        world.backend.sell(39);
        world.backend.session = { return_url: 'https://app.example/back' };
        let calls = 0;
        controller.addEventListener(type, () => {
          if (calls++) return;
          deeds[deed](controller);
        });
        await live(setup);
        if (!/checkout|empty/.test(type)) expect(calls).to.be.above(0);
        const isRunning = controller.state === 'active';
        const heartbeats = world.sent('/heartbeat').length;
        await world.pass(40);
        const perRun = world.sent('/heartbeat').length - heartbeats;
        expect(perRun).to.be.at.most(isRunning ? 2 : 0);
        controller.destroy();
        await settled();
        expect(waits(world)).to.deep.equal([0, 0, 0]);
        expect(controller.snapshot.state).to.equal('idle');
      });

  it('the first statechange that calls destroy() leaves nothing behind: no request, no timer, no session', async () => {
    const { world, controller, events } = setUp({ sessionToken: token });
    controller.addEventListener('statechange', () => controller.destroy(), { once: true });
    const outcome = await controller.start().then(
      () => 'started',
      (error: Error) => error.name,
    );
    await world.pass(60);
    expect(outcome).to.equal('AbortError');
    expect(world.requests).to.deep.equal([]);
    expect(waits(world)).to.deep.equal([0, 0, 0]);
    expect(controller.snapshot.state).to.equal('idle');
    expect(events.map(({ fields }) => fields.state)).to.deep.equal(['loading', 'idle']);
  });

  it('statechange that starts anew once it is destroyed has the new session, and no other', async () => {
    const { world, controller } = setUp({ sessionToken: token });
    await controller.start();
    await settled();
    controller.addEventListener('statechange', () => void controller.start(), { once: true });
    controller.destroy();
    await settled();
    expect(controller.state).to.equal('active');
    await controller.extend(15);
    expect(world.sent('/extend')).to.have.length(1);
  });

  for (const type of ['complete', 'end', 'redirect'] as const)
    it(`${type} that calls destroy() hears of nothing that follows, and the page stays`, async () => {
      const setup = setUp({ sessionToken: token });
      const { world, controller, events } = setup;
      world.backend.session = { return_url: 'https://app.example/back' };
      await controller.start();
      await settled();
      controller.addEventListener(type, () => controller.destroy());
      await controller.end().catch(() => {});
      await settled();
      expect(world.page.leftFor).to.deep.equal([]);
      const after = events.slice(events.findIndex((event) => event.type === type) + 1);
      expect(after.map((event) => event.type)).to.deep.equal(['statechange']);
    });
});
