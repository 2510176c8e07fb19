import { expect } from '@open-wc/testing';
import { goodReturnUrls, refusedReturnUrls } from '../protocol/return-urls.js';
import { brokenLine, htmlPage, json, problem, settled, startsAt, type SentRequest } from './fake-world.js';
import { checkAndCleanUp, codeOf, setUpRunning, type SetUp } from './set-up.js';

afterEach(checkAndCleanUp);

const ending = ['complete', 'end', 'redirect', 'error'];
const endingOf = ({ events }: SetUp) =>
  events.filter(({ type }) => ending.includes(type)).map(({ type }) => type);
const bill = { sessionId: 'session-1', usedSeconds: 600, finalCost: 17, tokensRefunded: 83 };

describe('a customer pauses', () => {
  it('and resumes: the service grants both, and the time goes on where it stood', async () => {
    const { world, controller, told } = await setUpRunning();
    await world.pass(10.5);
    await controller.pause();
    expect(controller.snapshot).to.include({ state: 'paused', deadline: null, pending: null });
    expect(controller.remainingText).to.equal('59:50');
    expect(told('pause')).to.deep.equal([{ pauseSecondsLeft: 600, pausedBy: 'customer' }]);
    await world.pass(100);
    await controller.resume();
    expect(controller.state).to.equal('active');
    expect(told('resume').map(({ remainingSeconds }) => remainingSeconds)).to.deep.equal([3590]);
    for (const path of ['/pause', '/resume']) {
      expect(world.sent(path)[0]!.headers.get('Idempotency-Key')).to.be.a('string');
    }
  });

  it('but the session cannot be paused: PAUSE_NOT_ALLOWED, and nothing is asked', async () => {
    const { world, controller } = await setUpRunning(
      {},
      ({ backend }) => (backend.session = { pausable: false }),
    );
    expect(await codeOf(controller.pause())).to.equal('PAUSE_NOT_ALLOWED');
    expect(world.sent('/pause')).to.have.length(0);
  });

  it('but the service refuses: that is told, and the time goes on', async () => {
    const { world, controller } = await setUpRunning();
    world.answer('/pause', problem('PAUSE_NOT_ALLOWED', 409));
    expect(await codeOf(controller.pause())).to.equal('PAUSE_NOT_ALLOWED');
    expect(controller.snapshot.error!.code).to.equal('PAUSE_NOT_ALLOWED');
    expect(controller.snapshot).to.include({ state: 'active', pending: null });
  });

  it('but the answer says nothing of the session: ANSWER_INVALID', async () => {
    const { world, controller } = await setUpRunning();
    world.answer('/pause', json({}));
    expect(await codeOf(controller.pause())).to.equal('ANSWER_INVALID');
    expect(controller.state).to.equal('active');
  });

  it('on the phone: a heartbeat brings it here, and the end of the pause too', async () => {
    const { world, controller, told } = await setUpRunning();
    world.backend.remainingAtPause = 3590;
    world.backend.status = 'paused';
    await world.pass(40);
    expect(controller.state).to.equal('paused');
    world.backend.status = 'active';
    world.backend.deadline = world.serverNow + 3_590_000;
    await world.pass(40);
    expect(controller.state).to.equal('active');
    expect([told('pause').length, told('resume').length]).to.deep.equal([1, 1]);
  });
});

describe('a customer ends the session', () => {
  const returning = { return_url: 'https://app.example/back?order=1#top' };

  it('and gets the bill, then hears of the end, then leaves', async () => {
    const setup = await setUpRunning({}, ({ backend }) => (backend.session = returning));
    const { world, controller, told } = setup;
    await controller.end();
    expect(endingOf(setup)).to.deep.equal(['complete', 'end', 'redirect']);
    expect(told('complete')).to.deep.equal([bill]);
    expect(told('end')).to.deep.equal([{ sessionId: 'session-1', status: 'completed' }]);
    const address = 'https://app.example/back?order=1&session_id=session-1#top';
    expect(told('redirect')).to.deep.equal([{ address }]);
    expect(world.page.leftFor).to.deep.equal([address]);
    expect(told('end-request')).to.deep.equal([{ remainingSeconds: 3600 }]);
    const [request] = world.sent('/complete');
    expect(request!.init.keepalive).to.equal(true);
    expect(request!.headers.get('Idempotency-Key')).to.be.a('string');
    expect(controller.snapshot).to.include({ state: 'ended', deadline: null, pending: null, error: null });
    expect([controller.remainingSeconds, controller.remainingText]).to.deep.equal([0, '0:00']);
  });

  it('and reports what was done: usage for the record, the bill by the service', async () => {
    const setup = await setUpRunning();
    await setup.controller.complete({ actualUsageMinutes: 12, metadata: { pages: '3' } });
    expect(setup.world.sent('/complete')[0]!.body).to.deep.equal({
      actual_usage_minutes: 12,
      metadata: { pages: '3' },
    });
    expect(setup.told('complete')).to.deep.equal([bill]);
    expect(setup.told('end-request')).to.have.length(0);
  });

  it('of a backend that answers the bill alone', async () => {
    const setup = await setUpRunning();
    setup.world.answer('/complete', json({ status: 'completed', final_cost: 5, tokens_refunded: 95 }));
    await setup.controller.end();
    expect(setup.told('complete')).to.deep.equal([
      { sessionId: 'session-1', usedSeconds: null, finalCost: 5, tokensRefunded: 95 },
    ]);
  });

  it('while it is paused, or has not begun', async () => {
    for (const status of ['paused', 'waiting'] as const) {
      const { controller } = await setUpRunning({}, ({ backend }) => {
        backend.status = status;
        backend.remainingAtPause = 60;
      });
      expect(controller.state).to.equal(status);
      await controller.end();
      expect(controller.state).to.equal('ended');
    }
  });

  it('and stays, where the page cancels the redirect', async () => {
    const { world, controller } = await setUpRunning({}, ({ backend }) => (backend.session = returning));
    controller.addEventListener('redirect', (event) => event.preventDefault());
    await controller.end();
    expect(world.page.leftFor).to.deep.equal([]);
  });

  it('and stays, with redirect: false, told where it would have gone', async () => {
    const { world, controller, told } = await setUpRunning(
      { redirect: false },
      ({ backend }) => (backend.session = returning),
    );
    await controller.end();
    expect(world.page.leftFor).to.deep.equal([]);
    expect(told('redirect')).to.have.length(1);
  });

  it('and stays, where there is nowhere to go', async () => {
    const { world, controller, told } = await setUpRunning();
    await controller.end();
    expect([world.page.leftFor, told('redirect')]).to.deep.equal([[], []]);
  });

  it('and stays, where the page goes away by itself', async () => {
    const { world, controller } = await setUpRunning({}, ({ backend }) => (backend.session = returning));
    controller.addEventListener('end', () => controller.destroy());
    await controller.end();
    expect(world.page.leftFor).to.deep.equal([]);
  });

  it('and returns where the session token says, of a backend that does not', async () => {
    const { goodClaims, goodHeader, makeToken } = await import('../protocol/tokens.js');
    const sessionToken = makeToken(goodHeader, { ...goodClaims, return_url: 'https://app.example/home' });
    const { world, controller } = await setUpRunning({ sessionToken }, (world) => {
      world.answer(
        '/sessions/validate',
        json({ valid: true, session: { id: 'session-1' }, remaining_seconds: 60 }),
      );
      world.answer('/complete', json({ status: 'completed' }));
      world.answer('/heartbeat', json({ acknowledged: true, status: 'active', remaining_seconds: 60 }));
    });
    await controller.end();
    expect(world.page.leftFor).to.deep.equal(['https://app.example/home?session_id=session-1']);
  });

  for (const [where, address] of [
    ["the page's own origin", 'https://app.example/x'],
    ["the service's origin", 'https://market.example/x'],
    ['an origin that the page allows', 'https://good.example/x'],
  ] as const) {
    it(`and returns to ${where}`, async () => {
      const { world, controller } = await setUpRunning(
        { returnOrigins: ['https://good.example'] },
        ({ backend }) => {
          backend.session = { return_url: address };
        },
      );
      await controller.end();
      expect(world.page.leftFor).to.deep.equal([`${address}?session_id=session-1`]);
    });
  }

  it('and returns to an address of somebody else as it was written, behind its own parameters', async () => {
    for (const [address, followed] of [
      [
        'https://app.example/?sig=a%20b&flag&next=%2Fx~y',
        'https://app.example/?sig=a%20b&flag&next=%2Fx~y&session_id=session-1',
      ],
      ['https://app.example/%FC?q=%FC#%FC', 'https://app.example/%FC?q=%FC&session_id=session-1#%FC'],
      ['https://app.example?x=1&session_id=old#/a?b', 'https://app.example?x=1&session_id=session-1#/a?b'],
    ] as const) {
      const { world, controller, told } = await setUpRunning(
        {},
        ({ backend }) => (backend.session = { return_url: address }),
      );
      await controller.end();
      expect(world.page.leftFor).to.deep.equal([followed]);
      expect(told('redirect')).to.deep.equal([{ address: followed }]);
    }
  });

  it('and returns to an origin that the application has registered, as the service tells', async () => {
    const return_url = 'https://shop.example/sessions';
    for (const [return_origins, followed] of [
      [['https://other.example', 'https://shop.example'], [`${return_url}?session_id=session-1`]],
      [['https://shop.example.evil.example'], []],
      ['https://shop.example', []],
      [17, []],
      [null, []],
    ] as [string[], string[]][]) {
      const { world, controller, told } = await setUpRunning({}, ({ backend }) => {
        backend.session = { return_url, return_origins };
      });
      await controller.end();
      expect(world.page.leftFor).to.deep.equal(followed);
      expect(told('error').map(({ code }) => code)).to.deep.equal(
        followed.length ? [] : ['RETURN_URL_REFUSED'],
      );
    }
  });

  it('and who stays anyway is not told that an address may not be followed', async () => {
    const { controller, told } = await setUpRunning({ redirect: false }, ({ backend }) => {
      backend.session = { return_url: 'https://evil.example/' };
    });
    await controller.end();
    expect(controller.snapshot).to.include({ state: 'ended', error: null });
    expect([told('error'), told('redirect')]).to.deep.equal([[], []]);
  });

  it('in a tab that nobody looks at: that one leaves once somebody does', async () => {
    const setup = await setUpRunning({}, ({ backend }) => (backend.session = returning));
    const { world, controller } = setup;
    await world.page.tell('hidden');
    await controller.end();
    expect(controller.state).to.equal('ended');
    expect(world.page.leftFor).to.deep.equal([]);
    await world.page.tell('shown');
    expect(world.page.leftFor).to.have.length(1);
  });

  it('and returns to every right spelling', async () => {
    for (const address of goodReturnUrls) {
      const { world, controller } = await setUpRunning(
        { returnOrigins: ['https://good.example', 'http://localhost:3000'] },
        ({ backend }) => (backend.session = { return_url: address }),
      );
      await controller.end();
      expect(world.page.leftFor).to.have.length(1);
      expect(new URL(world.page.leftFor[0]!).searchParams.get('session_id')).to.equal('session-1');
    }
  });

  for (const [shape, address] of Object.entries(refusedReturnUrls).filter(([, address]) => address)) {
    it(`and does not follow a return address: ${shape}`, async () => {
      const setup = await setUpRunning({ returnOrigins: ['https://good.example'] }, ({ backend }) => {
        backend.session = { return_url: address };
      });
      await setup.controller.end();
      expect(setup.world.page.leftFor).to.deep.equal([]);
      expect(endingOf(setup)).to.deep.equal(['complete', 'end', 'error']);
      expect(setup.controller.snapshot.error!.code).to.equal('RETURN_URL_REFUSED');
      expect(setup.controller.state).to.equal('ended');
    });
  }

  it('but the page has work to save first', async () => {
    const { world, controller } = await setUpRunning();
    let saved: () => void = () => {};
    controller.addEventListener('end-request', (event) => {
      event.respondWith(new Promise<void>((resolve) => (saved = resolve)));
    });
    const done = controller.end();
    await settled();
    expect(controller.snapshot.pending).to.equal('end');
    expect(world.sent('/complete')).to.have.length(0);
    saved();
    await done;
    expect(world.sent('/complete')).to.have.length(1);
    expect(controller.state).to.equal('ended');
  });

  it('but the page says no: the session goes on', async () => {
    const { world, controller } = await setUpRunning();
    controller.addEventListener('end-request', (event) => event.preventDefault());
    await controller.end();
    expect(world.sent('/complete')).to.have.length(0);
    expect(controller.state).to.equal('active');
  });

  it('but the service cannot be reached: it waits for the network, and is sent once', async () => {
    const { world, controller } = await setUpRunning();
    world.answer('/complete', ...Array.from({ length: 4 }, brokenLine));
    const done = controller.end();
    await world.pass(9);
    expect(controller.snapshot).to.include({ state: 'active', pending: 'end' });
    await world.page.tell('online');
    await done;
    expect(controller.state).to.equal('ended');
    expect(world.backend.settlements).to.equal(1);
  });

  it('twice: once', async () => {
    const { world, controller } = await setUpRunning();
    await Promise.all([controller.end(), controller.end()]);
    expect(world.sent('/complete')).to.have.length(1);
    expect(await codeOf(controller.end())).to.equal('CALL_REFUSED');
  });
});

describe('the time is up', () => {
  it('and the session ends with its bill', async () => {
    const setup = await setUpRunning({}, ({ backend }) => backend.sell(5));
    await setup.world.pass(6);
    expect(setup.controller.state).to.equal('ended');
    expect(endingOf(setup)).to.deep.equal(['complete', 'end']);
    expect(setup.told('complete')).to.deep.equal([bill]);
    expect(setup.told('end')).to.deep.equal([{ sessionId: 'session-1', status: 'expired' }]);
    expect(setup.told('statechange').map(({ state }) => state)).to.deep.equal([
      'loading',
      'active',
      'ending',
      'ended',
    ]);
  });

  it('and a backend that only counts is asked to settle, once', async () => {
    const setup = await setUpRunning({}, (world) => {
      world.backend.sell(5);
      world.answer(
        '/heartbeat',
        json({ acknowledged: true, status: 'active', remaining_seconds: 0, server_time: startsAt + 5002 }),
      );
      const { release } = world.hold('/complete');
      world.setTimeout(() => release(json({ status: 'expired', final_cost: 3, tokens_refunded: 0 })), 9000);
    });
    await setup.world.pass(20);
    expect(setup.world.sent('/complete')).to.have.length(1);
    expect(setup.told('complete').map(({ finalCost }) => finalCost)).to.deep.equal([3]);
    expect(setup.told('statechange').map(({ state }) => state)).to.deep.equal([
      'loading',
      'active',
      'ending',
      'ended',
    ]);
  });

  it('and a backend whose heartbeat tells the end without a bill is asked for the bill first', async () => {
    const setup = await setUpRunning({}, (world) => {
      world.backend.sell(5);
      world.answer(
        '/heartbeat',
        json({ acknowledged: true, status: 'expired', remaining_seconds: 0, server_time: startsAt + 5002 }),
      );
    });
    await setup.world.pass(6);
    expect(endingOf(setup)).to.deep.equal(['complete', 'end']);
    expect(setup.told('complete')).to.deep.equal([bill]);
  });

  it('and a backend without heartbeats settles', async () => {
    const setup = await setUpRunning({}, (world) => {
      world.backend.sell(5);
      world.answer('/heartbeat', problem('ROUTE_NOT_FOUND', 404));
    });
    await setup.world.pass(6);
    expect(setup.told('complete')).to.deep.equal([bill]);
  });

  it('but it was extended meanwhile: the session goes on, heartbeats too', async () => {
    const setup = await setUpRunning({}, ({ backend }) => backend.sell(25));
    await setup.world.pass(24);
    setup.world.backend.extend(900);
    await setup.world.pass(3);
    expect(setup.controller.state).to.equal('active');
    expect(setup.controller.remainingSeconds).to.equal(898);
    expect(setup.told('extend')).to.have.length(1);
    expect(endingOf(setup)).to.deep.equal([]);
    const before = setup.world.sent('/heartbeat').length;
    await setup.world.pass(120);
    expect(setup.world.sent('/heartbeat').length).to.be.above(before + 2);
  });

  it('and the service cannot be reached: the timer holds at zero, and asks until it is answered', async () => {
    const setup = await setUpRunning({}, (world) => world.backend.sell(5));
    const { world, controller } = setup;
    world.cutOff(20);
    await world.pass(30);
    expect(controller.state).to.equal('ending');
    expect(controller.remainingText).to.equal('0:00');
    const asked = world.sent('/heartbeat').length;
    expect(asked).to.be.above(4);
    await world.pass(120);
    expect(world.sent('/heartbeat')).to.have.length(21);
    expect(controller.state).to.equal('ended');
    expect(endingOf(setup)).to.deep.equal(['complete', 'end']);
  });

  it('and the network comes back: the service is asked at once, without waiting longer', async () => {
    const setup = await setUpRunning({}, (world) => {
      world.backend.sell(5);
      world.answer('/heartbeat', htmlPage());
    });
    await setup.world.pass(6);
    expect(setup.controller.state).to.equal('ending');
    await setup.world.page.comeBack();
    expect(setup.controller.state).to.equal('ended');
    setup.controller.destroy();
    await settled();
    expect([setup.world.page.listenerCount, setup.world.delays]).to.deep.equal([0, []]);
  });

  for (const [says, members] of [
    ['no time left', { remaining_seconds: 0 }],
    ['seconds left, again and again', { remaining_seconds: 3 }],
    ['time left and an end that has passed', { remaining_seconds: 90, expires_at: startsAt / 1000 + 40 }],
  ] as const) {
    it(`and a slow service, whose end is late too, comes back with ${says}: the bill is there at once`, async () => {
      let release: () => void = () => {};
      const released = new Promise<void>((resolve) => (release = resolve));
      const setup = await setUpRunning({}, (world) => {
        world.backend.sell(40);
        const heartbeat = async (request: SentRequest) => {
          if (world.serverNow < startsAt + 39_000) return world.backend.respond(request);
          await released;
          return json({ acknowledged: true, status: 'active', ...members });
        };
        const complete = async (request: SentRequest) => {
          await released;
          return world.backend.respond(request);
        };
        world.answer('/heartbeat', ...Array.from({ length: 30 }, () => heartbeat));
        world.answer('/complete', ...Array.from({ length: 30 }, () => complete));
      });
      const { world, controller, told } = setup;
      await world.pass(65);
      expect(controller.state).to.equal('ending');
      release();
      await world.pass(8);
      expect(controller.state).to.equal('ended');
      expect(told('complete')).to.deep.equal([bill]);
      expect(told('statechange').map(({ state }) => state)).to.deep.equal([
        'loading',
        'active',
        'ending',
        'ended',
      ]);
    });
  }

  it('while the customer ends it and the network is away: the bill is there seconds after its return', async () => {
    const setup = await setUpRunning({}, ({ backend }) => backend.sell(40));
    const { world, controller } = setup;
    world.page.chance = 0.99;
    world.cutOff(30);
    await world.pass(20);
    const done = controller.end();
    await world.pass(22);
    expect(controller.state).to.equal('ending');
    const tries = world.sent('/complete').length;
    await world.pass(30);
    expect(world.sent('/complete').length - tries).to.be.above(2);
    expect(world.backend.settlements).to.equal(0);
    world.reconnect();
    await world.pass(8);
    await done;
    expect(controller.state).to.equal('ended');
    expect(world.backend.settlements).to.equal(1);
  });

  it('and the answer of the service does not end it: it is asked again, and not hammered', async () => {
    const { world, controller } = await setUpRunning({}, (world) => {
      world.backend.sell(5);
      const heartbeat = { acknowledged: true, status: 'active', remaining_seconds: 0 };
      world.answer('/heartbeat', ...Array.from({ length: 30 }, () => json(heartbeat)));
      world.answer('/complete', ...Array.from({ length: 3 }, () => json({ status: 'active' })));
    });
    await world.pass(10.5);
    expect(world.sent('/complete')).to.have.length(2);
    await world.pass(10);
    expect(world.sent('/complete')).to.have.length(4);
    expect(controller.state).to.equal('ended');
  });

  it('but time was bought while nobody could be asked: the session goes on, heartbeats too', async () => {
    const { world, controller } = await setUpRunning({}, ({ backend }) => backend.sell(25));
    world.cutOff(40);
    await world.pass(90);
    expect(controller.state).to.equal('ending');
    world.backend.status = 'active';
    world.backend.extend(900);
    world.reconnect();
    await world.pass(8);
    expect(controller.state).to.equal('active');
    const before = world.sent('/heartbeat').length;
    await world.pass(120);
    expect(world.sent('/heartbeat').length).to.be.above(before + 2);
  });

  it('and a web page answers in place of the service: it is asked again', async () => {
    const setup = await setUpRunning({}, (world) => {
      world.backend.sell(5);
      world.answer('/heartbeat', htmlPage());
    });
    await setup.world.pass(6);
    expect(setup.controller.state).to.equal('ending');
    await setup.world.pass(10);
    expect(setup.controller.state).to.equal('ended');
  });

  it('and a service that knows nothing of it any more says so', async () => {
    const setup = await setUpRunning({}, (world) => {
      world.backend.sell(5);
      world.answer('/heartbeat', problem('SESSION_NOT_FOUND', 404));
    });
    await setup.world.pass(6);
    expect(setup.controller.snapshot).to.include({ state: 'failed', pending: null });
    expect(setup.controller.snapshot.error!.code).to.equal('SESSION_NOT_FOUND');
  });

  it('while the parts for it were still on their way: it ends when they arrive', async () => {
    const setup = await setUpRunning({}, (world) => {
      world.isBusy = true;
      world.backend.sell(3);
    });
    await setup.world.pass(6);
    expect(setup.controller.state).to.equal('active');
    expect(setup.controller.remainingText).to.equal('0:00');
    await setup.world.becomeIdle();
    expect(setup.controller.state).to.equal('ended');
  });
});

describe('the other side ends the session', () => {
  it('and a heartbeat brings it, with the bill', async () => {
    const setup = await setUpRunning();
    setup.world.backend.status = 'completed';
    await setup.world.pass(40);
    expect(setup.controller.state).to.equal('ended');
    expect(endingOf(setup)).to.deep.equal(['complete', 'end']);
    expect(setup.told('complete')).to.deep.equal([bill]);
    expect(setup.world.delays, 'timers left').to.deep.equal([]);
  });

  it('and a heartbeat is refused with SESSION_ENDED: the bill is asked for', async () => {
    const setup = await setUpRunning();
    setup.world.backend.status = 'completed';
    setup.world.answer('/heartbeat', problem('SESSION_ENDED', 410));
    await setup.world.pass(40);
    expect(setup.controller.state).to.equal('ended');
    expect(setup.told('complete')).to.deep.equal([bill]);
  });

  it('and no bill is to be had: it has ended all the same', async () => {
    const setup = await setUpRunning();
    setup.world.answer(
      '/heartbeat',
      json({ status: 'completed', remaining_seconds: 0, server_time: startsAt + 99_000 }),
    );
    setup.world.answer('/complete', problem('TRANSITION_REFUSED', 409));
    await setup.world.pass(40);
    expect(setup.told('complete')).to.deep.equal([
      { sessionId: 'session-1', usedSeconds: null, finalCost: null, tokensRefunded: null },
    ]);
  });
});
