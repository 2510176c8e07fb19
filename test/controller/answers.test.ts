import { expect } from '@open-wc/testing';
import { goodClaims, goodHeader, makeToken } from '../protocol/tokens.js';
import { type FakeWorld, json, type SentRequest, settled } from './fake-world.js';
import { checkAndCleanUp, setUpRunning, token } from './set-up.js';

afterEach(checkAndCleanUp);

const tokenUntil = (exp: number) => makeToken(goodHeader, { ...goodClaims, exp });
const renewed = tokenUntil(goodClaims.exp + 900);
const kept = (world: FakeWorld) => [
  ...(world.tabStorage as unknown as { items: Map<string, string> }).items.values(),
];

/** An instance of the service whose clock is off by so much, in place of the one that is asked next. */
function answerFrom(world: FakeWorld, path: string, offMs: number, members: object = {}): void {
  world.answer(path, async (request: SentRequest) => {
    const answer = (await (await world.backend.respond(request)).json()) as { server_time: number };
    return json({ ...answer, ...members, server_time: answer.server_time + offMs });
  });
}

describe('answers of instances whose clocks are 400 ms apart', () => {
  it('an extension counts behind a heartbeat from the one ahead, with its new time and its session token', async () => {
    const { world, controller, told } = await setUpRunning(
      {},
      ({ backend }) => (backend.session = { revision: 1 }),
    );
    answerFrom(world, '/heartbeat', 400);
    await world.pass(30);
    expect(world.sent('/heartbeat')).to.have.length(1);
    world.backend.session = { revision: 2 };
    answerFrom(world, '/extend', 0, { session_token: renewed });
    await controller.extend(15);
    expect(told('extend')).to.have.length(1);
    expect(told('extend')[0]).to.include({ additionalSeconds: 900, tokens: 15 });
    expect(controller.session!.duration_limit_seconds).to.equal(4500);
    expect(kept(world)).to.deep.equal([renewed]);
    await world.pass(30);
    expect(world.sent('/heartbeat').at(-1)!.headers.get('Authorization')).to.equal(`Bearer ${renewed}`);
  });

  it('an answer that was on its way while another one changed more changes nothing back, whatever its clock says', async () => {
    const { world, controller } = await setUpRunning(
      {},
      ({ backend }) => (backend.session = { revision: 1 }),
    );
    const held = world.hold('/heartbeat');
    const stale = world.backend.heartbeat({ server_time: world.serverNow + 60_000 });
    void controller.refresh();
    await settled();
    world.backend.session = { revision: 2 };
    await controller.extend(15);
    held.release(json(stale));
    await settled();
    expect(controller.session).to.include({ duration_limit_seconds: 4500, revision: 2 });
  });

  for (const [name, revision] of [
    ['older', 1],
    ['that counts nothing', undefined],
  ] as const)
    it(`no renewed session token is lost with an answer that is ${name}`, async () => {
      const { world, controller } = await setUpRunning({}, ({ backend }) => (backend.session = { revision }));
      const held = world.hold('/extend');
      const members = { session_token: renewed, server_time: world.serverNow };
      const late = { ...world.backend.heartbeat(members), additional_seconds: 900, additional_cost: 15 };
      const extended = controller.extend(15);
      await settled();
      world.serverNow += 400;
      world.backend.session = { revision: revision && revision + 1 };
      await controller.refresh();
      await settled();
      expect(world.sent('/heartbeat')).to.have.length(1);
      held.release(json(late));
      await extended;
      expect(controller.session!.duration_limit_seconds).to.equal(4500);
      expect(kept(world)).to.deep.equal([renewed]);
    });

  it('of two session tokens the one that ends later is kept, in whichever order they come', async () => {
    const { world, controller } = await setUpRunning(
      {},
      ({ backend }) => (backend.session = { revision: 5 }),
    );
    const early = { ...world.backend.heartbeat({ session_token: tokenUntil(goodClaims.exp + 300) }) };
    early.session = { ...early.session, revision: 4 };
    const held = world.hold('/heartbeat');
    void controller.refresh();
    await settled();
    answerFrom(world, '/extend', 0, { session_token: renewed });
    await controller.extend(15);
    held.release(json(early));
    await settled();
    expect(kept(world)).to.deep.equal([renewed]);
  });

  it('a service that was put back to an older state is believed when it is asked the next time', async () => {
    const { world, controller } = await setUpRunning(
      {},
      ({ backend }) => (backend.session = { revision: 90 }),
    );
    world.backend.session = { revision: 3 };
    world.backend.extend(900);
    await world.pass(30);
    expect(controller.session).to.include({ duration_limit_seconds: 4500, revision: 3 });
  });

  for (const revision of ['7', 0, -1, 1.5, null] as number[])
    it(`a revision that is ${JSON.stringify(revision)} is none: the clock orders`, async () => {
      const { world, controller } = await setUpRunning(
        {},
        ({ backend }) => (backend.session = { revision: 9 }),
      );
      answerFrom(world, '/extend', 1, {
        session: { ...world.backend.view(), duration_limit_seconds: 4500, revision },
      });
      await controller.extend(15);
      expect(controller.session!.duration_limit_seconds).to.equal(4500);
    });

  it('the session token is the first one while none is renewed', async () => {
    const { world } = await setUpRunning();
    await world.pass(60);
    expect(kept(world)).to.deep.equal([token]);
  });
});

describe('what another tab says', () => {
  /** A running session, and what a tab of the same session would say of it now. */
  async function setUpTab(revision?: number) {
    let hear: (message: unknown) => void = () => {};
    const posted: object[] = [];
    const setup = await setUpRunning({}, ({ page, backend }) => {
      backend.session = { revision };
      const channel = { isUnwritten: true, post: (message: object) => void posted.push(message), close() {} };
      Object.assign(page, {
        openTabChannel: (_name: string, onMessage: typeof hear) => {
          hear = onMessage;
          return channel;
        },
      });
    });
    const { world } = setup;
    const state = (session: object = {}) => ({
      type: 'state',
      sessionId: goodClaims.jti,
      session: { ...world.backend.view(), ...session },
      saidAt: world.serverNow,
      clock: { deviceAt: world.now(), serverAt: world.serverNow, errorMs: 1 },
      connection: 'online',
      retryAt: null,
      answeredWarning: 0,
      capabilities: ['idempotency'],
      beatAt: 0,
      intervalSeconds: 30,
      isPausedByHiding: false,
    });
    return { ...setup, posted, say: (message: object) => hear(message), state };
  }
  const far = 1e9;

  const fromNoTab: Record<
    string,
    (state: ReturnType<Awaited<ReturnType<typeof setUpTab>>['state']>) => object
  > = {
    'a moment': ({ saidAt, ...state }) => ({ ...state, saidAt: saidAt + far }),
    'a clock': ({ clock, ...state }) => ({ ...state, clock: { ...clock, serverAt: clock.serverAt + far } }),
    both: ({ clock, saidAt, ...state }) => ({
      ...state,
      saidAt: saidAt + far,
      clock: { ...clock, serverAt: clock.serverAt + far },
    }),
    'a device': ({ clock, saidAt, ...state }) => ({
      ...state,
      saidAt: saidAt + far,
      clock: { ...clock, deviceAt: clock.deviceAt + far, serverAt: clock.serverAt + far },
    }),
  };
  for (const revision of [undefined, 1])
    for (const [what, change] of Object.entries(fromNoTab))
      it(`with ${what} far in the future changes nothing, and keeps no answer out (revision: ${revision})`, async () => {
        const { world, controller, say, state, told } = await setUpTab(revision);
        const before = controller.snapshot;
        say(change(state({ duration_limit_seconds: 60, revision: revision && 1e15 })));
        expect(controller.snapshot).to.equal(before);
        expect(controller.remainingSeconds).to.equal(3600);
        world.backend.session = { revision: revision && 2 };
        await controller.extend(15);
        expect(told('extend')).to.have.length(1);
        expect(controller.session!.duration_limit_seconds).to.equal(4500);
      });

  it('with a revision that never was is corrected by the next heartbeat, in each tab', async () => {
    const { world, controller, posted, say, state } = await setUpTab(1);
    const other = await setUpTab(1);
    for (const tab of [{ say, state }, other])
      tab.say(tab.state({ duration_limit_seconds: 60, revision: 1e15 }));
    expect(controller.session!.duration_limit_seconds).to.equal(60);
    await world.pass(30);
    expect(controller.session).to.include({ duration_limit_seconds: 3600, revision: 1 });
    // The other tab hears it from this one.
    other.world.serverNow += 30_000;
    other.say(posted.filter((message) => 'session' in message).at(-1)!);
    expect(other.controller.session).to.include({ duration_limit_seconds: 3600, revision: 1 });
  });

  it('counts by its revision, not by when the service said so', async () => {
    const { world, controller, say, state } = await setUpTab(4);
    await world.pass(1);
    say({ ...state({ duration_limit_seconds: 60, revision: 3 }), saidAt: world.serverNow + 400 });
    expect(controller.session!.duration_limit_seconds).to.equal(3600);
    say({ ...state({ duration_limit_seconds: 4500, revision: 5 }), saidAt: world.serverNow - 400 });
    expect(controller.session!.duration_limit_seconds).to.equal(4500);
  });

  it('is nothing where it speaks of another session than it is addressed to', async () => {
    const { controller, say, state } = await setUpTab();
    const before = controller.snapshot;
    say(state({ id: 'another', duration_limit_seconds: 60 }));
    expect(controller.snapshot).to.equal(before);
  });

  it('brings a session token of this session alone, and none that ends sooner', async () => {
    const { world, say, state } = await setUpTab();
    const of = (claims: object) => makeToken(goodHeader, { ...goodClaims, ...claims });
    for (const none of [
      of({ jti: 'another', exp: goodClaims.exp + 900 }),
      of({ exp: goodClaims.exp - 900 }),
      'a.b.c',
    ])
      say({ ...state(), token: none });
    expect(kept(world)).to.deep.equal([token]);
    say({ ...state(), token: renewed });
    expect(kept(world)).to.deep.equal([renewed]);
  });
});
