import { expect } from '@open-wc/testing';
import { browserWorld } from '../../src/controller/browser-world.js';
import { goodClaims, goodHeader, makeToken, malformedTokens } from '../protocol/tokens.js';
import type { FakeStorage } from './fake-world.js';
import {
  brokenLine,
  endpoint,
  FakeWorld,
  forbiddenStorage,
  htmlPage,
  json,
  problem,
  settled,
  startsAt,
  type Answer,
} from './fake-world.js';
import { checkAndCleanUp, codeOf, setUp, setUpRunning, token } from './set-up.js';

afterEach(checkAndCleanUp);

const storageOf = (world: FakeWorld) => (world.tabStorage as FakeStorage).items;
const tokensSent = (world: FakeWorld) =>
  world.sent('/sessions/validate').map(({ headers, body }) => {
    expect(headers.get('Authorization')).to.equal(`Bearer ${String(body.session_jwt)}`);
    return body.session_jwt;
  });

describe('a customer arrives with a session token', () => {
  it('in the address: the session runs, and the address holds the token no more', async () => {
    const world = new FakeWorld();
    world.address = `https://app.example/work?session=${token}`;
    const { controller } = setUp({}, world);
    await controller.start();
    expect(controller.state).to.equal('active');
    expect(tokensSent(world)).to.deep.equal([token]);
    expect(world.deeds.slice(0, 2)).to.deep.equal([
      'address https://app.example/work',
      'POST /sessions/validate',
    ]);
  });

  for (const [before, after] of [
    [`https://a.example/?session=${token}`, 'https://a.example/'],
    [`https://a.example/?session=${token}#top`, 'https://a.example/#top'],
    [
      `https://a.example/p%61th?a=%7E&b&=c&&session=${token}&d=x+y&e=%zz#frag?session=kept`,
      'https://a.example/p%61th?a=%7E&b&=c&&d=x+y&e=%zz#frag?session=kept',
    ],
    [`https://a.example/?sessions=1&session=${token}&Session=2`, 'https://a.example/?sessions=1&Session=2'],
    [`https://a.example/?sess%69on=${token}&x=ä`, 'https://a.example/?x=ä'],
  ] as const) {
    it(`the rest of the address stays byte for byte: ${after}`, async () => {
      const world = new FakeWorld();
      world.address = before;
      const { controller } = setUp({}, world);
      await controller.start();
      expect(world.address).to.equal(after);
      expect(tokensSent(world)).to.deep.equal([token]);
    });
  }

  it('in a parameter of another name, and the usual one is left alone', async () => {
    const world = new FakeWorld();
    world.address = `https://a.example/?session=mine&ticket=${token}`;
    const { controller } = setUp({ tokenParam: 'ticket' }, world);
    await controller.start();
    expect(world.address).to.equal('https://a.example/?session=mine');
    expect(tokensSent(world)).to.deep.equal([token]);
  });

  it('and the address is clean before anybody hears of the start', async () => {
    const world = new FakeWorld();
    world.address = `https://a.example/?session=${token}`;
    const { controller } = setUp({}, world);
    const seen: string[] = [];
    controller.addEventListener('statechange', () => seen.push(world.address));
    await controller.start();
    expect(seen).to.deep.equal(['https://a.example/', 'https://a.example/']);
  });

  it('and the session runs where the page lets nobody write its address', async () => {
    const world = new FakeWorld();
    world.address = `https://a.example/?session=${token}`;
    world.replaceAddress = () => {
      throw new DOMException('', 'SecurityError');
    };
    const { controller } = setUp({}, world);
    await controller.start();
    expect(controller.state).to.equal('active');
    expect(tokensSent(world)).to.deep.equal([token]);
  });

  it('and starts later: the token is taken at once, and used then', async () => {
    const world = new FakeWorld();
    world.address = `https://a.example/?session=${token}`;
    const { controller } = setUp({}, world);
    controller.takeToken();
    expect(world.address).to.equal('https://a.example/');
    expect(world.requests).to.have.length(0);
    await controller.start();
    expect(tokensSent(world)).to.deep.equal([token]);
  });

  it('a newer one in the address takes the place of one that was refused', async () => {
    const world = new FakeWorld();
    world.address = 'https://a.example/?session=a.b.c';
    const { controller } = setUp({}, world);
    expect(await codeOf(controller.start())).to.match(/^TOKEN_/);
    world.address = `https://a.example/?session=${token}`;
    await controller.start();
    expect(tokensSent(world)).to.deep.equal([token]);
  });

  it("history.state stays, in the browser's own world", async () => {
    const { href } = location;
    const { length } = history;
    const state = { page: 7 };
    history.replaceState(state, '', `${location.pathname}?wtr=1&session=x&y=%7E#part`);
    browserWorld().replaceAddress(location.href.replace('session=x&', ''));
    expect(history.state).to.deep.equal(state);
    expect(location.search + location.hash).to.equal('?wtr=1&y=%7E#part');
    expect(history.length).to.equal(length);
    history.replaceState(null, '', href);
  });

  it('from the program: as an option', async () => {
    const { world } = await setUpRunning();
    expect(tokensSent(world)).to.deep.equal([token]);
  });

  it('from the program: a function that is asked', async () => {
    const { world, controller } = setUp({ getSessionToken: () => Promise.resolve(token) });
    await controller.start();
    expect(tokensSent(world)).to.deep.equal([token]);
  });

  it("from the page's own server, with its cookies and without the token of anybody else", async () => {
    const world = new FakeWorld();
    world.answer('/api/session-token', json({ session_token: token }));
    const { controller } = setUp({ sessionTokenUrl: '/api/session-token' }, world);
    await controller.start();
    const [asked] = world.requests;
    expect(asked!.method).to.equal('POST');
    expect(asked!.init.credentials).to.equal('include');
    expect(asked!.headers.has('Authorization')).to.equal(false);
    expect(tokensSent(world)).to.deep.equal([token]);
  });

  it('without a live session: a token that is not kept, and asked for anew once one was bought', async () => {
    const world = new FakeWorld();
    const ofCustomer = makeToken({ ...goodHeader, typ: 'customer+jwt' });
    world.answer('/api/session-token', json({ sessionToken: ofCustomer }), json({ sessionToken: token }));
    world.answer('/sessions/validate', problem('NO_LIVE_SESSION', 404));
    const { controller, events } = setUp({ sessionTokenUrl: '/api/session-token' }, world);
    expect(await codeOf(controller.start())).to.equal('NO_LIVE_SESSION');
    expect(controller.snapshot).to.include({ state: 'empty', error: null, session: null });
    expect(events.map(({ type }) => type)).to.deep.equal(['statechange', 'statechange', 'empty']);
    expect(await codeOf(controller.extend(15))).to.equal('CALL_REFUSED');
    expect([...storageOf(world).values()]).to.deep.equal([]);
    await controller.start();
    expect(controller.state).to.equal('active');
    expect(tokensSent(world)).to.deep.equal([ofCustomer, token]);
  });

  it('and reloads the page: it is still there, for this application and this marketplace alone', async () => {
    const { world } = await setUpRunning({ applicationId: 'app-1' });
    const reload = new FakeWorld();
    reload.tabStorage = world.tabStorage;
    const again = setUp({ applicationId: 'app-1' }, reload);
    await again.controller.start();
    expect(tokensSent(reload)).to.deep.equal([token]);
    for (const other of [
      { applicationId: 'app-2' },
      { applicationId: 'app-1', apiEndpoint: 'https://b.example' },
    ]) {
      const elsewhere = new FakeWorld();
      elsewhere.tabStorage = world.tabStorage;
      expect(await codeOf(setUp(other, elsewhere).controller.start())).to.equal('TOKEN_MISSING');
      expect(elsewhere.requests).to.have.length(0);
    }
  });

  it('and reloads while the first answer is on its way: it is still there', async () => {
    const world = new FakeWorld();
    world.answer('/sessions/validate', 'never');
    void setUp({ sessionToken: token }, world)
      .controller.start()
      .catch(() => {});
    expect([...storageOf(world).values()]).to.deep.equal([token]);
  });

  it('and reloads after the service has sent a fresh one: that one is there', async () => {
    const fresh = makeToken(goodHeader, { ...goodClaims, exp: goodClaims.exp + 60 });
    const { world } = await setUpRunning({}, (world) => {
      world.answer('/heartbeat', () => json(world.backend.heartbeat({ session_token: fresh })));
    });
    await world.pass(40);
    expect([...storageOf(world).values()]).to.deep.equal([fresh]);
    await world.pass(30);
    expect(world.sent('/heartbeat').at(-1)!.headers.get('Authorization')).to.equal(`Bearer ${fresh}`);
  });

  for (const [kind, storage] of [
    ['forbids storage', forbiddenStorage],
    ['has no storage', null],
  ] as const) {
    it(`in a browser that ${kind}: the session runs and ends`, async () => {
      const { controller } = await setUpRunning({}, (world) => (world.tabStorage = storage));
      expect(controller.state).to.equal('active');
      await controller.end();
      expect(controller.state).to.equal('ended');
    });

    it(`in a browser that ${kind}, without a token: that is said`, async () => {
      const world = new FakeWorld();
      world.tabStorage = storage;
      expect(await codeOf(setUp({}, world).controller.start())).to.equal('TOKEN_MISSING');
    });
  }

  it('at the end nothing of it is left but that it has ended', async () => {
    const { world, controller } = await setUpRunning();
    expect(storageOf(world).size).to.equal(1);
    await controller.end();
    expect([...storageOf(world).values()]).to.deep.equal(['ended']);
  });

  it('and reloads after the end: it has ended, as often as it is reloaded, until there is another session', async () => {
    const { world, controller } = await setUpRunning({ id: 'one' });
    await controller.end();
    for (let reloads = 0; reloads < 2; reloads++) {
      const reload = new FakeWorld();
      reload.tabStorage = world.tabStorage;
      expect(await codeOf(setUp({ id: 'one' }, reload).controller.start())).to.equal('SESSION_ENDED');
      expect(reload.requests).to.have.length(0);
      // Another place of the page has had none.
      expect(await codeOf(setUp({ id: 'other' }, reload).controller.start())).to.equal('TOKEN_MISSING');
    }
    const next = new FakeWorld();
    next.tabStorage = world.tabStorage;
    const getSessionToken = () => Promise.resolve(token);
    await setUp({ id: 'one', getSessionToken }, next).controller.start();
    expect([...storageOf(next).values()]).to.deep.equal([token]);
  });

  it('at the end nothing of it is left, also when a heartbeat is answered after that', async () => {
    const { world, controller } = await setUpRunning();
    const heartbeat = world.hold('/heartbeat');
    await world.pass(35);
    expect(world.sent('/heartbeat')).to.have.length(1);
    await controller.end();
    heartbeat.release(
      json(world.backend.heartbeat({ session_token: token, server_time: world.serverNow + 5000 })),
    );
    await settled();
    expect([...storageOf(world).values()]).to.deep.equal(['ended']);
    expect(controller.state).to.equal('ended');
  });

  it('refused for good, it is not kept', async () => {
    const world = new FakeWorld();
    world.answer('/sessions/validate', problem('SESSION_ENDED', 410));
    const { controller } = setUp({ sessionToken: token }, world);
    expect(await codeOf(controller.start())).to.equal('SESSION_ENDED');
    expect([...storageOf(world).values()]).to.deep.equal(['ended']);
  });

  it('refused for now, it is kept: the session has not started yet', async () => {
    const world = new FakeWorld();
    world.answer('/sessions/validate', problem('SESSION_NOT_STARTED', 409));
    const { controller } = setUp({ sessionToken: token }, world);
    expect(await codeOf(controller.start())).to.equal('SESSION_NOT_STARTED');
    expect(storageOf(world).size).to.equal(1);
  });

  it('and the network is gone: it is kept, and starting again works', async () => {
    const world = new FakeWorld();
    world.address = `https://a.example/?session=${token}`;
    world.answer('/sessions/validate', ...Array.from({ length: 4 }, brokenLine));
    const { controller } = setUp({}, world);
    const failed = codeOf(controller.start());
    await world.pass(20);
    expect(await failed).to.equal('NETWORK_FAILED');
    expect(controller.state).to.equal('failed');
    expect([...storageOf(world).values()]).to.deep.equal([token]);
    await controller.start();
    expect(controller.state).to.equal('active');
  });

  it('ready and start are told once, after each other, with what is left', async () => {
    const { events } = await setUpRunning();
    expect(events).to.deep.equal([
      { type: 'statechange', fields: { state: 'loading', previousState: 'idle' } },
      { type: 'statechange', fields: { state: 'active', previousState: 'loading' } },
      { type: 'ready', fields: { sessionId: 'session-1', applicationId: 'app-1', remainingSeconds: 3600 } },
      { type: 'start', fields: { sessionId: 'session-1', remainingSeconds: 3600 } },
    ]);
  });

  it('of a session that waits: it is ready, and starts when the service says so', async () => {
    const { world, controller, told } = await setUpRunning({}, ({ backend }) => {
      backend.status = 'waiting';
      backend.session = { remaining_seconds: 3600 };
    });
    expect(controller.state).to.equal('waiting');
    expect(controller.remainingText).to.equal('1:00:00');
    expect(told('ready')).to.have.length(1);
    expect(told('start')).to.have.length(0);
    await world.pass(5);
    expect(controller.remainingText).to.equal('1:00:00');
    world.backend.status = 'active';
    world.backend.session = {};
    world.backend.sell(3600);
    await world.pass(60);
    expect(told('start')).to.have.length(1);
    expect(controller.state).to.equal('active');
  });
});

describe('a session cannot start: the code says why', () => {
  interface Row {
    options?: Parameters<typeof setUp>[0];
    address?: string;
    answers?: Answer[];
    /** Requests to the service that are made. */
    requests: number;
    /** Seconds that pass until it is known. */
    seconds?: number;
    code: string;
    status?: number;
    retryAfterSeconds?: number;
  }
  const withToken = { sessionToken: token };
  const fourTimes = (answer: () => Answer) => Array.from({ length: 4 }, answer);
  const rows: Record<string, Row> = {
    'no token': { requests: 0, code: 'TOKEN_MISSING' },
    'two tokens': {
      address: `https://a.example/?session=${token}&session=${token}`,
      requests: 0,
      code: 'TOKEN_AMBIGUOUS',
    },
    'an empty token': { address: 'https://a.example/?session=', requests: 0, code: 'TOKEN_MALFORMED' },
    ...Object.fromEntries(
      Object.entries(malformedTokens)
        .filter(([shape]) => shape !== 'empty')
        .map(([shape, [sessionToken, code]]) => [
          `a token with ${shape}`,
          { options: { sessionToken }, requests: 0, code },
        ]),
    ),
    'a token for another application': {
      options: { sessionToken: token, applicationId: 'app-2' },
      requests: 0,
      code: 'TOKEN_AUDIENCE_MISMATCH',
    },
    "another session's token": {
      options: withToken,
      answers: [json({ valid: true, session: { id: 'session-2', status: 'active' }, remaining_seconds: 60 })],
      requests: 1,
      code: 'TOKEN_SESSION_MISMATCH',
    },
    'a session that has ended (410)': {
      options: withToken,
      answers: [problem('SESSION_ENDED', 410)],
      requests: 1,
      code: 'SESSION_ENDED',
      status: 410,
    },
    'a session that has ended (410, without a code)': {
      options: withToken,
      answers: [json({ error: 'gone' }, 410)],
      requests: 1,
      code: 'SESSION_ENDED',
      status: 410,
    },
    'a session that has ended (the older answer)': {
      options: withToken,
      answers: [json({ valid: false, error: 'Session has ended' })],
      requests: 1,
      code: 'SESSION_ENDED',
    },
    'a session that has ended (a valid token all the same)': {
      options: withToken,
      answers: [
        json({ valid: true, session: { id: 'session-1', status: 'completed' }, remaining_seconds: 60 }),
      ],
      requests: 1,
      code: 'SESSION_ENDED',
    },
    'a status that does not exist': {
      options: withToken,
      answers: [json({ valid: true, session: { id: 'session-1', status: 'asleep' }, remaining_seconds: 60 })],
      requests: 1,
      code: 'ANSWER_INVALID',
    },
    'a deadline that is no time': {
      options: withToken,
      answers: [
        json({
          valid: true,
          session: { id: 'session-1', status: 'active', expires_at: 'soon' },
          remaining_seconds: 60,
        }),
      ],
      requests: 1,
      code: 'ANSWER_INVALID',
    },
    'no session in the answer': {
      options: withToken,
      answers: [json({ valid: true, remaining_seconds: 60 })],
      requests: 1,
      code: 'ANSWER_INVALID',
    },
    'valid is a text': {
      options: withToken,
      answers: [json({ valid: 'false', session: { id: 'session-1' }, remaining_seconds: 60 })],
      requests: 1,
      code: 'SESSION_ENDED',
    },
    'a service that says why': {
      options: withToken,
      answers: [problem('ORIGIN_REFUSED', 403)],
      requests: 1,
      code: 'ORIGIN_REFUSED',
      status: 403,
    },
    'a service that is down': {
      options: withToken,
      answers: fourTimes(brokenLine),
      requests: 4,
      seconds: 20,
      code: 'NETWORK_FAILED',
    },
    'a service that fails four times': {
      options: withToken,
      answers: fourTimes(() => json({}, 500)),
      requests: 4,
      seconds: 20,
      code: 'SERVICE_ERROR',
      status: 500,
    },
    'a service that never answers': {
      options: withToken,
      answers: fourTimes(() => 'never'),
      requests: 4,
      seconds: 60,
      code: 'TIMED_OUT',
    },
    'a service that wants a long rest': {
      options: withToken,
      answers: [problem('RATE_LIMITED', 429, { 'Retry-After': '120' })],
      requests: 1,
      code: 'RATE_LIMITED',
      status: 429,
      retryAfterSeconds: 120,
    },
    'a web page instead of the service': {
      options: withToken,
      answers: [htmlPage()],
      requests: 1,
      code: 'ANSWER_INVALID',
    },
    'a web page instead of the service (404)': {
      options: withToken,
      answers: [htmlPage(404)],
      requests: 1,
      code: 'ANSWER_INVALID',
    },
    'an answer that is no object': {
      options: withToken,
      answers: [json('yes')],
      requests: 1,
      code: 'ANSWER_INVALID',
    },
    ...Object.fromEntries(
      [
        'http://market.example/api/v1',
        'http://localhost.evil.example/api',
        'http://127.0.0.1.evil.example/api',
        'ftp://market.example',
        'market.example/api',
        '//market.example/api',
        '/api/v1',
        'https://',
        'javascript:alert(1)',
        '',
      ].map((apiEndpoint) => [
        `the endpoint "${apiEndpoint}"`,
        { options: { ...withToken, apiEndpoint }, requests: 0, code: 'CONFIGURATION_INVALID' },
      ]),
    ),
    'no endpoint': {
      options: { ...withToken, apiEndpoint: undefined as unknown as string },
      requests: 0,
      code: 'CONFIGURATION_INVALID',
    },
    'keys over http': {
      options: { ...withToken, jwksUri: 'http://market.example/jwks.json' },
      requests: 0,
      code: 'CONFIGURATION_INVALID',
    },
    "the page's own server fails": {
      options: { sessionTokenUrl: '/broken' },
      seconds: 15,
      requests: 0,
      code: 'PAGE_SERVER_UNAVAILABLE',
      status: 500,
    },
    "the page's own server asks for patience": {
      options: { sessionTokenUrl: '/busy' },
      requests: 0,
      code: 'PAGE_SERVER_UNAVAILABLE',
      status: 429,
      retryAfterSeconds: 60,
    },
    "the page's own server has no token": {
      options: { sessionTokenUrl: '/token' },
      requests: 0,
      code: 'TOKEN_MISSING',
    },
    'the program has no token': {
      options: { getSessionToken: () => Promise.resolve(undefined as unknown as string) },
      requests: 0,
      code: 'TOKEN_MISSING',
    },
  };

  for (const [name, row] of Object.entries(rows)) {
    it(`${name}: ${row.code}`, async () => {
      const world = new FakeWorld();
      world.address = row.address ?? world.address;
      world.answer('/sessions/validate', ...(row.answers ?? []));
      world.answer('/token', json({ error: 'no session' }, 401));
      world.answer('/broken', ...Array.from({ length: 4 }, () => htmlPage(500)));
      world.answer('/busy', json({}, 429, { 'Retry-After': '60' }));
      const { controller, told } = setUp(row.options, world);
      const failed = codeOf(controller.start());
      await world.pass(row.seconds ?? 0);
      expect(await failed).to.equal(row.code);
      const { state, error, session, pending } = controller.snapshot;
      expect(state).to.equal('failed');
      expect(error!.code).to.equal(row.code);
      expect(error!.status).to.equal(row.status ?? error!.status);
      expect(error!.retryAfterSeconds).to.equal(row.retryAfterSeconds);
      expect([session, pending]).to.deep.equal([null, null]);
      expect(told('error')).to.deep.equal([{ code: row.code, error }]);
      expect(world.requests.filter(({ url }) => url.startsWith(endpoint))).to.have.length(row.requests);
      expect(world.delays, 'timers left').to.deep.equal([]);
    });
  }

  it("the page's own server cannot be reached, or never answers: NETWORK_FAILED", async () => {
    for (const answer of [brokenLine(), 'never'] as Answer[]) {
      const world = new FakeWorld();
      world.answer('/token', answer, answer, answer, answer);
      const failed = codeOf(setUp({ sessionTokenUrl: '/token' }, world).controller.start());
      await world.pass(60);
      expect(await failed).to.equal('NETWORK_FAILED');
    }
  });

  it("the page's own server is back after a moment: nobody hears of it", async () => {
    const world = new FakeWorld();
    world.answer('/token', problem('SERVICE_UNAVAILABLE', 502), brokenLine(), json({ session_token: token }));
    const { controller, told } = setUp({ sessionTokenUrl: '/token' }, world);
    const started = controller.start();
    await world.pass(10);
    await started;
    expect(controller.state).to.equal('active');
    expect(told('error')).to.deep.equal([]);
  });

  for (const apiEndpoint of [
    'http://localhost:8787/api',
    'http://127.0.0.1/api',
    'http://[::1]:3000',
    `${endpoint}//`,
  ]) {
    it(`but the endpoint ${apiEndpoint} is fine`, async () => {
      const world = new FakeWorld();
      const own = apiEndpoint.replace(/\/+$/, '');
      world.answer(own === endpoint ? '/none' : `${own}/sessions/validate`, () =>
        json({ valid: true, ...world.backend.state(), remaining_seconds: 3600 }),
      );
      const { controller } = setUp({ sessionToken: token, apiEndpoint }, world);
      await controller.start();
      expect(world.requests.map(({ url }) => url)).to.deep.equal([`${own}/sessions/validate`]);
    });
  }

  it('a service that asks for a short rest is given it, and the session runs', async () => {
    for (const value of ['7', new Date(startsAt + 7000).toUTCString()]) {
      const world = new FakeWorld();
      world.page.chance = 0;
      world.answer('/sessions/validate', problem('RATE_LIMITED', 429, { 'Retry-After': value }));
      const { controller } = setUp({ sessionToken: token }, world);
      const started = controller.start();
      await world.pass(6.9);
      expect(world.requests).to.have.length(1);
      await world.pass(0.2);
      await started;
      expect(world.requests).to.have.length(2);
      expect(controller.state).to.equal('active');
    }
  });

  it('a service that fails three times and then answers is forgiven', async () => {
    const world = new FakeWorld();
    world.answer('/sessions/validate', json({}, 502), brokenLine(), json({}, 503));
    const { controller, told } = setUp({ sessionToken: token }, world);
    const started = controller.start();
    await world.pass(20);
    await started;
    expect(controller.state).to.equal('active');
    expect(told('error')).to.deep.equal([]);
  });
});
