import { expect } from '@open-wc/testing';
import { goodClaims, goodHeader, makeToken } from '../protocol/tokens.js';
import { FakeWorld, json, problem, settled, startsAt, type FakeStorage } from './fake-world.js';
import { checkAndCleanUp, codeOf, setUp } from './set-up.js';

afterEach(checkAndCleanUp);

const iat = startsAt / 1000;
const tokenFor = (seconds: number, claims: object = {}, header: object = {}) =>
  makeToken({ ...goodHeader, ...header }, { ...goodClaims, iat, exp: iat + seconds, ...claims });
/** It is renewed after eight minutes. */
const first = tokenFor(600);

/** A page whose own server gives one token first, and others in turn. */
async function open(...given: string[]) {
  const world = new FakeWorld();
  const tokens = [first, ...given];
  const setup = setUp({ getSessionToken: () => Promise.resolve(tokens.shift() ?? first) }, world);
  await setup.controller.start();
  await settled();
  const bearer = (path: string) => world.sent(path).at(-1)!.headers.get('Authorization')!.slice(7);
  return { ...setup, bearer, kept: () => [...(world.tabStorage as FakeStorage).items.values()] };
}

describe('a session token of the page’s own server', () => {
  it('is renewed before it ends, once the service has accepted the next one, with what that allows', async () => {
    const next = tokenFor(3600);
    const { world, controller, bearer, kept } = await open(next);
    world.backend.allowedOperations = ['use_session'];
    await world.pass(470);
    expect(bearer('/heartbeat')).to.equal(first);
    await world.pass(40);
    expect(world.sent('/sessions/validate').map(({ body }) => body.session_jwt)).to.deep.equal([first, next]);
    expect(kept()).to.deep.equal([next]);
    await world.pass(40);
    expect(bearer('/heartbeat')).to.equal(next);
    expect(await codeOf(controller.extend(15))).to.equal('OPERATION_NOT_ALLOWED');
  });

  it('that lives long is renewed five minutes before its end, and after a sleep at once', async () => {
    const [long, next] = [tokenFor(1800), tokenFor(3400)];
    const world = new FakeWorld();
    const tokens = [long, next, tokenFor(7200)];
    let asked = 0;
    const getSessionToken = () => Promise.resolve(tokens[asked++] ?? long);
    const { controller } = setUp({ getSessionToken }, world);
    await controller.start();
    await world.pass(1495);
    expect(asked).to.equal(1);
    await world.pass(10);
    expect(asked).to.equal(2);
    // Timers stand still in a machine that sleeps, and its clock does not.
    world.serverNow += 1_600_000;
    await world.page.tell('shown');
    await world.pass(5);
    expect(asked).to.equal(3);
    expect(controller.state).to.equal('active');
  });

  for (const [name, other] of [
    ['another session', tokenFor(3600, { jti: 'session-2' })],
    ['no session', tokenFor(3600, { jti: 'customer-token-1' }, { typ: 'customer+jwt' })],
  ] as const) {
    it(`of ${name} is told, and not taken up: the session goes on, and the right one is taken up later`, async () => {
      const next = tokenFor(3600);
      const { world, controller, told, bearer, kept } = await open(other, next);
      await world.pass(485);
      expect(told('error').map(({ code }) => code)).to.deep.equal(['TOKEN_SESSION_MISMATCH']);
      expect(controller.snapshot).to.include({ state: 'active', error: null });
      expect(bearer('/heartbeat')).to.equal(first);
      expect(kept()).to.deep.equal([first]);
      await world.pass(40);
      expect(kept()).to.deep.equal([next]);
    });
  }

  it('that keeps being refused is told once for each cause, and asked for at distances that grow', async () => {
    const askedAt: number[] = [];
    const answers = [() => json({ session_token: tokenFor(7200) })];
    const world = new FakeWorld();
    const next = () => {
      askedAt.push((world.now() - startsAt) / 1000);
      return (answers.shift() ?? (() => problem('CREDENTIAL_MISSING', 401)))();
    };
    world.answer('/token', ...Array.from({ length: 60 }, () => next));
    const { controller, told } = setUp({ sessionTokenUrl: '/token' }, world);
    world.backend.sell(7200 + 600);
    await controller.start();
    await world.pass(7200 - 300 + 110);
    const codes = () => told('error').map(({ code }) => code);
    expect(codes()).to.deep.equal(['TOKEN_MISSING']);
    const [first, second, third, fourth] = askedAt.slice(1);
    expect(third! - second!).to.be.above(1.5 * (second! - first!));
    expect(fourth! - third!).to.be.above(1.5 * (third! - second!));
    // Another cause is told, and one that comes after it.
    answers.push(() => json({ session_token: tokenFor(7200, { jti: 'session-2' }) }));
    await world.pass(185);
    expect(codes()).to.deep.equal(['TOKEN_MISSING', 'TOKEN_SESSION_MISMATCH', 'TOKEN_MISSING']);
    expect(askedAt.length).to.be.within(8, 16);
    expect(controller.state).to.equal('active');
  });

  it('that the service refuses takes nothing of the present one', async () => {
    const { world, controller, told, kept } = await open(tokenFor(3600));
    world.answer('/sessions/validate', problem('TOKEN_REVOKED', 401));
    await world.pass(485);
    expect(told('error').map(({ code }) => code)).to.deep.equal(['TOKEN_REVOKED']);
    expect(kept()).to.deep.equal([first]);
    expect(controller.state).to.equal('active');
  });
});
