import { expect } from '@open-wc/testing';
import type { TabChannel } from '../../src/controller/tabs/tab-channel.js';
import { goodClaims } from '../protocol/tokens.js';
import { FakePage, FakeWorld } from './fake-world.js';
import { checkAndCleanUp, setUp, token } from './set-up.js';

afterEach(checkAndCleanUp);

/** A page whose lock another tab holds, and a line on which the test speaks for that tab. */
class SecondTab extends FakePage {
  steals = 0;
  hear: (message: object) => void = () => {};
  override readonly locks = {
    request: (...args: unknown[]): Promise<unknown> => {
      const options = typeof args[1] === 'object' ? (args[1] as LockOptions) : undefined;
      // Of a name of its own, to see whether locks work.
      if (!options) return Promise.resolve((args[1] as () => unknown)());
      if (options.steal) this.steals += 1;
      return new Promise(() => {});
    },
  } as FakePage['locks'];
  override openTabChannel = ((_name: string, onMessage: (message: unknown) => void): TabChannel => {
    this.hear = onMessage;
    return { isUnwritten: true, post() {}, close() {} };
  }) as unknown as FakePage['openTabChannel'];
}

class SecondTabWorld extends FakeWorld {
  override readonly page: SecondTab = new SecondTab(this);
}

/** Lets so many seconds pass in which pulses of these epochs are heard, one after the other, each three seconds. */
async function hearPulses(world: SecondTabWorld, seconds: number, epochs: number[]): Promise<void> {
  for (let passed = 0; passed < seconds; passed += 3) {
    const epoch = epochs[(passed / 3) % epochs.length]!;
    world.page.hear({ type: 'pulse', sessionId: goodClaims.jti, epoch, beatAt: 0 });
    await world.pass(3);
  }
}

describe('the tab that leads', () => {
  async function openSecond(): Promise<SecondTabWorld> {
    const world = new SecondTabWorld();
    await setUp({ sessionToken: token }, world).controller.start();
    await world.pass(1);
    return world;
  }

  it('is left alone while its pulse is heard', async () => {
    const world = await openSecond();
    await hearPulses(world, 30, [5]);
    expect(world.page.steals).to.equal(0);
  });

  it('is replaced where only the pulse of one before it is heard, which leads no more', async () => {
    const world = await openSecond();
    await hearPulses(world, 3, [5]);
    await hearPulses(world, 15, [4]);
    expect(world.page.steals).to.equal(1);
  });
});
