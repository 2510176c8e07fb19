import { expect } from '@open-wc/testing';
import { goodClaims, goodHeader, makeToken } from '../protocol/tokens.js';
import { FakeWorld, json, type SentRequest } from './fake-world.js';
import { checkAndCleanUp, setUp } from './set-up.js';

afterEach(checkAndCleanUp);

const tokenOf = (jti: string) => makeToken(goodHeader, { ...goodClaims, jti });

/** A page whose service answers for the session of the token. */
function pageOf(tabStorage: FakeWorld['tabStorage'], address: string): FakeWorld {
  const world = new FakeWorld();
  Object.assign(world, { tabStorage, address });
  const answer = ({ body }: SentRequest) => {
    const { jti: id } = JSON.parse(atob((body.session_jwt as string).split('.')[1]!)) as { jti: string };
    const { session, server_time } = world.backend.state();
    return json({ valid: true, session: { ...session, id }, remaining_seconds: 3600, server_time });
  };
  world.answer('/sessions/validate', answer, answer);
  return world;
}

describe('two sessions of one application on a page', () => {
  for (const [name, places] of [
    ['ids', [{ id: 'one' }, { id: 'other' }]],
    ['names of parameters', [{ tokenParam: 'one' }, { tokenParam: 'other' }]],
    ['an id of one of them', [{}, { id: 'other' }]],
  ] as const)
    it(`each go on after a reload, told apart by ${name}`, async () => {
      const first = pageOf(new FakeWorld().tabStorage, 'https://app.example/');
      const ids = ['session-1', 'session-2'];
      for (const [at, place] of places.entries()) {
        const { controller } = setUp({ ...place, sessionToken: tokenOf(ids[at]!) }, first);
        await controller.start();
        controller.destroy();
      }
      const again = pageOf(first.tabStorage, 'https://app.example/');
      for (const [at, place] of places.entries()) {
        const { controller } = setUp(place, again);
        await controller.start();
        expect(controller.session!.id).to.equal(ids[at]);
      }
    });
});
