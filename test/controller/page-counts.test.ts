import { expect } from '@open-wc/testing';
import type { PageReport } from '../../src/protocol/page-metrics.js';
import { brokenLine, problem, settled, type FakeWorld } from './fake-world.js';
import { checkAndCleanUp, codeOf, setUpRunning } from './set-up.js';
import '../../src/controller/analytics/count-page.js';

afterEach(checkAndCleanUp);

const offers = ({ backend }: FakeWorld) => (backend.capabilities = ['metrics']);
const reportsOf = (world: FakeWorld) =>
  world
    .sent('/heartbeat')
    .map(({ body }) => body.metrics as PageReport | undefined)
    .filter((report) => report !== undefined);
/** What the service has, each report once. */
const totalsOf = (world: FakeWorld) => {
  const totals: Record<string, number> = {};
  const bySequence = new Map(reportsOf(world).map((report) => [report.sequence, report.counts]));
  for (const counts of bySequence.values())
    for (const [name, amount] of Object.entries(counts)) totals[name] = (totals[name] ?? 0) + amount;
  return totals;
};

/** Until a browser object of another value is put away. */
async function withNavigator(name: string, value: unknown, work: () => Promise<void>): Promise<void> {
  Object.defineProperty(navigator, name, { value, configurable: true });
  try {
    await work();
  } finally {
    delete (navigator as unknown as Record<string, unknown>)[name];
  }
}

describe('what a page counts', () => {
  it('is nothing unless the page asks for it, the service takes it, and nobody objects', async () => {
    const quiet = async (analytics: boolean, prepare: (world: FakeWorld) => unknown = offers) => {
      const { world, controller } = await setUpRunning({ analytics }, prepare);
      await controller.track('step', { number: 1 });
      await world.pass(95);
      expect(world.sent('/heartbeat')).to.have.length(3);
      expect(reportsOf(world)).to.deep.equal([]);
    };
    await quiet(false);
    await quiet(true, () => {});
    await withNavigator('globalPrivacyControl', true, () => quiet(true));
    await withNavigator('doNotTrack', '1', () => quiet(true));
  });

  it('goes with the heartbeats that go anyway, each count once', async () => {
    const { world, controller } = await setUpRunning({ analytics: true, warningSeconds: [60] }, (made) => {
      offers(made);
      made.backend.sell(200);
    });
    await world.pass(31);
    expect(totalsOf(world)).to.deep.equal({ pages: 1 });
    await world.pass(115);
    await controller.extend(15);
    await world.pass(45);
    const { answered_after_ms, ...counted } = totalsOf(world);
    expect(counted).to.deep.equal({ pages: 1, warnings: 1, extend_requests: 1, extensions: 1, answered: 1 });
    expect(answered_after_ms).to.be.within(5_000, 7_000);
    expect(reportsOf(world).map(({ sequence }) => sequence)).to.deep.equal(
      reportsOf(world).map((_, index) => index + 1),
    );
    expect(world.sent('/heartbeat').length).to.be.within(5, 7);
  });

  it('is sent again as it was until the service has it', async () => {
    const { world, controller } = await setUpRunning({ analytics: true }, offers);
    world.answer('/heartbeat', ...Array.from({ length: 4 }, brokenLine));
    await world.pass(31);
    await controller.track('step');
    await world.pass(90);
    const [first, ...rest] = reportsOf(world);
    expect(first).to.deep.include({ sequence: 1, counts: { pages: 1 } });
    expect(
      rest
        .filter(({ sequence }) => sequence === 1)
        .every((again) => JSON.stringify(again) === JSON.stringify(first)),
    ).to.equal(true);
    expect(totalsOf(world)).to.include({ pages: 1, 'custom.step': 1, reconnects: 1 });
  });

  it('never keeps a heartbeat from the service', async () => {
    const { world, controller } = await setUpRunning({ analytics: true }, offers);
    world.answer('/heartbeat', problem('REQUEST_INVALID', 422));
    await world.pass(65);
    expect(world.sent('/heartbeat').map(({ body }) => body.metrics !== undefined)).to.deep.equal([
      true,
      false,
    ]);
    expect(controller.state).to.equal('active');
  });

  it('is sent at once where the page is hidden, or the session is over', async () => {
    const { world, controller } = await setUpRunning({ analytics: true }, offers);
    await settled();
    world.page.isVisible = false;
    await world.page.tell('hidden');
    expect(totalsOf(world)).to.deep.equal({ pages: 1 });
    await world.pass(10);
    world.page.isVisible = true;
    await world.page.tell('shown');
    await controller.track('saved');
    await controller.end();
    await settled();
    expect(totalsOf(world)).to.include({ pages: 1, hidden_seconds: 10, 'custom.saved': 1 });
  });

  it('of its own is numbers, words and how often, and nothing else', async () => {
    const { world, controller } = await setUpRunning({ analytics: true }, offers);
    await controller.track('step', { price: 12.5, plan: 'gold', is_first: true });
    await controller.track('step', { price: 2, plan: 'silver', is_first: false });
    for (const [name, values] of [
      ['Step', {}],
      ['a b', {}],
      ['x'.repeat(41), {}],
      ['step', { Key: 1 }],
      ['step', { mail: 'ada@example.org' }],
      ['step', { text: 'two words' }],
      ['step', { price: NaN }],
      ['step', { price: Infinity }],
      ['step', { all: {} }],
      ['step', { none: null }],
    ] as [string, Record<string, number>][])
      expect(await codeOf(controller.track(name, values)), name).to.equal('CALL_REFUSED');
    await world.pass(31);
    expect(totalsOf(world)).to.deep.equal({
      pages: 1,
      'custom.step': 2,
      'custom.step.price': 14.5,
      'custom.step.plan.gold': 1,
      'custom.step.plan.silver': 1,
      'custom.step.is_first': 1,
    });
  });

  it('goes in parts where it has many names', async () => {
    const { world, controller } = await setUpRunning({ analytics: true }, offers);
    for (let index = 0; index < 120; index++) await controller.track(`n${index}`);
    await world.pass(95);
    expect(reportsOf(world).map(({ counts }) => Object.keys(counts).length)).to.deep.equal([50, 50, 21]);
  });
});
