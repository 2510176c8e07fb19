import { expect } from '@open-wc/testing';
import type { FakeStorage } from './fake-world.js';
import { brokenLine, FakeWorld, problem, settled } from './fake-world.js';
import { checkAndCleanUp, codeOf, setUp, setUpRunning, token } from './set-up.js';

afterEach(checkAndCleanUp);

const keyOf = ({ headers }: { headers: Headers }) => headers.get('Idempotency-Key');

/** A page that was asked for a pause without a network, and another one that is loaded in its place. */
async function reloadWith(call: 'pause' | 'end') {
  const first = await setUpRunning();
  await first.world.page.tell('offline');
  void first.controller[call]().catch(() => {});
  await settled();
  first.controller.destroy();
  const world = new FakeWorld();
  world.tabStorage = first.world.tabStorage;
  return setUp({ sessionToken: token, redirect: false }, world);
}

describe('what was asked for without a network', () => {
  it('waits for it, and is sent once, in order', async () => {
    const { world, controller } = await setUpRunning();
    await world.page.tell('offline');
    const done = controller.pause().then(() => controller.resume());
    await world.pass(120);
    expect(world.sent('/pause')).to.have.length(0);
    await world.page.tell('online');
    await world.pass(1);
    await done;
    const calls = world.requests.map(({ path }) => path.split('/').at(-1));
    expect(calls.filter((call) => call === 'pause' || call === 'resume')).to.deep.equal(['pause', 'resume']);
  });

  it('outlives a reload, with the same key', async () => {
    const { world, controller } = await reloadWith('pause');
    await controller.start();
    await world.pass(1);
    expect(world.sent('/pause')).to.have.length(1);
    expect(keyOf(world.sent('/pause')[0]!)).to.be.a('string');
    expect(controller.state).to.equal('paused');
    expect(
      [...(world.tabStorage as FakeStorage).items.keys()].some((key) => key.includes('outbox')),
    ).to.equal(false);
  });

  it('outlives a reload, an end too', async () => {
    const { world, controller, told } = await reloadWith('end');
    await controller.start();
    await world.pass(1);
    expect(world.sent('/complete')).to.have.length(1);
    expect(controller.state).to.equal('ended');
    expect(told('complete')).to.have.length(1);
  });

  it('is forgotten where the service refuses it', async () => {
    const { world, controller } = await reloadWith('pause');
    world.answer('/pause', problem('PAUSE_NOT_ALLOWED', 409));
    await controller.start();
    await world.pass(60);
    expect(world.sent('/pause')).to.have.length(1);
    expect(controller.state).to.equal('active');
  });

  it('is sent again later where the service cannot be reached', async () => {
    const { world, controller } = await setUpRunning();
    world.answer('/pause', ...Array.from({ length: 5 }, brokenLine));
    const done = controller.pause();
    await world.pass(60);
    await done;
    expect(new Set(world.sent('/pause').map(keyOf)).size).to.equal(1);
    expect(controller.state).to.equal('paused');
  });

  it('is never a charge', async () => {
    const { world, controller } = await setUpRunning();
    await world.page.tell('offline');
    expect(await codeOf(controller.extend(15))).to.equal('NETWORK_FAILED');
    await world.page.tell('online');
    await world.pass(60);
    expect(world.sent('/extend')).to.have.length(0);
  });

  it('is kept in the page alone where storage is forbidden or holds something else', async () => {
    const { world, controller } = await setUpRunning();
    world.tabStorage!.setItem = () => {
      throw new DOMException('', 'QuotaExceededError');
    };
    world.tabStorage!.getItem = () => '{broken';
    await world.page.tell('offline');
    const done = controller.pause();
    await world.page.tell('online');
    await done;
    expect(controller.state).to.equal('paused');
  });
});
