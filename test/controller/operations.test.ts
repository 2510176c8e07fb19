import { expect } from '@open-wc/testing';
import { json, problem, settled } from './fake-world.js';
import type { SessionController } from '../../src/controller/session-controller.js';
import { checkAndCleanUp, codeOf, setUp, setUpRunning, token } from './set-up.js';

afterEach(checkAndCleanUp);

const allowing = (operations: unknown) =>
  setUpRunning({}, ({ backend }) => (backend.allowedOperations = operations));

describe('a session token that allows some operations', () => {
  const calls = {
    extend: { needs: 'extend_session', call: (by: SessionController) => by.extend(15) },
    pause: { needs: 'pause_session', call: (by: SessionController) => by.pause() },
    complete: { needs: 'complete_session', call: (by: SessionController) => by.complete() },
  };
  for (const [name, { needs, call }] of Object.entries(calls)) {
    it(`refuses ${name}() without ${needs}, before anything is asked or told`, async () => {
      const others = ['use_session', ...Object.values(calls).map((each) => each.needs)].filter(
        (operation) => operation !== needs,
      );
      const { world, controller, events } = await allowing(others);
      const before = { snapshot: controller.snapshot, events: events.length, sent: world.requests.length };
      expect(await codeOf(call(controller))).to.equal('OPERATION_NOT_ALLOWED');
      await settled();
      expect(world.requests).to.have.length(before.sent);
      expect(events).to.have.length(before.events);
      expect(controller.snapshot).to.equal(before.snapshot);
    });

    it(`and lets ${name}() through with it`, async () => {
      const { world, controller } = await allowing(['use_session', needs]);
      await call(controller);
      expect(world.sent(`/${name}`)).to.have.length(1);
    });
  }

  it('refuses resume() of a pause that the other side has made', async () => {
    const { controller, world } = await allowing(['use_session', 'extend_session']);
    Object.assign(world.backend, { status: 'paused', remainingAtPause: 600 });
    await controller.refresh();
    await settled();
    expect(controller.state).to.equal('paused');
    expect(await codeOf(controller.resume())).to.equal('OPERATION_NOT_ALLOWED');
    expect(world.sent('/resume')).to.have.length(0);
  });

  it('names them to whoever draws the session himself', async () => {
    const { controller } = await allowing(['use_session', 'pause_session']);
    expect(controller.session!.allowed_operations).to.deep.equal(['use_session', 'pause_session']);
    await controller.pause();
    expect(controller.session!.allowed_operations).to.deep.equal(['use_session', 'pause_session']);
  });

  it('ends by the call that it allows, on demand and when the time is up', async () => {
    const { world, controller, told } = await allowing(['use_session']);
    await controller.end();
    expect(world.sent('/end')).to.have.length(1);
    expect(told('complete')).to.deep.equal([
      { sessionId: 'session-1', usedSeconds: 600, finalCost: 17, tokensRefunded: 83 },
    ]);
    const other = await allowing(['use_session']);
    // It has ended elsewhere, and the bill is still to come.
    other.world.answer('/heartbeat', json({ acknowledged: true, status: 'completed' }));
    await other.controller.refresh();
    await settled();
    expect(other.told('complete')).to.have.length(1);
    for (const each of [world, other.world])
      expect(['/end', '/complete'].map((path) => each.sent(path).length)).to.deep.equal([1, 0]);
  });

  it('says so after the thorough look at the token too', async () => {
    const { world, controller } = setUp({ sessionToken: token });
    world.backend.allowedOperations = ['use_session'];
    world.answer('/sessions/validate', problem('SERVICE_ERROR', 503));
    const started = controller.start();
    await settled();
    await world.pass(1);
    await started;
    expect(world.sent('/sessions/validate')).to.have.length(2);
    expect(await codeOf(controller.extend(15))).to.equal('OPERATION_NOT_ALLOWED');
  });

  for (const unlike of [undefined, null, 'use_session', 7, {}]) {
    it(`allows everything where the backend says ${JSON.stringify(unlike)}`, async () => {
      const { world, controller } = await allowing(unlike);
      await controller.extend(15);
      await controller.pause();
      await controller.end();
      expect(['/extend', '/pause', '/complete'].map((path) => world.sent(path).length)).to.deep.equal([
        1, 1, 1,
      ]);
    });
  }
});
