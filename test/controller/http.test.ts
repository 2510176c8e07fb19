import { expect } from '@open-wc/testing';
import { brokenLine, json, problem, settled, FakeWorld } from './fake-world.js';
import { checkAndCleanUp, codeOf, consoleLogger, setUp, setUpRunning, token } from './set-up.js';

afterEach(checkAndCleanUp);

describe('requests to the service', () => {
  it('carry the session token in a header, no cookies, and are kept by no cache', async () => {
    const { world, controller } = await setUpRunning();
    await controller.pause();
    await controller.resume();
    await controller.extend(15);
    await world.page.comeBack();
    await controller.end();
    expect(world.requests.map(({ path }) => path.split('/').at(-1))).to.deep.equal([
      'validate',
      'pause',
      'resume',
      'extend',
      'heartbeat',
      'complete',
    ]);
    for (const { url, method, headers, init } of world.requests) {
      expect(url.startsWith('https://market.example/api/v1/sessions/')).to.equal(true);
      expect(url).not.to.contain(token);
      expect(method).to.equal('POST');
      expect(headers.get('Authorization')).to.equal(`Bearer ${token}`);
      expect(headers.get('Content-Type')).to.equal('application/json');
      expect(headers.get('Accept')).to.equal('application/json');
      expect([init.credentials, init.cache]).to.deep.equal(['omit', 'no-store']);
    }
  });

  it('that change something carry an Idempotency-Key, each change its own; the others carry none', async () => {
    const { world, controller } = await setUpRunning();
    await controller.pause();
    await controller.resume();
    await controller.extend(15);
    await world.page.comeBack();
    await controller.complete();
    const keys = Object.fromEntries(
      world.requests.map(({ path, headers }) => [path.split('/').at(-1), headers.get('Idempotency-Key')]),
    );
    expect([keys.validate, keys.heartbeat]).to.deep.equal([null, null]);
    const changes = [keys.pause, keys.resume, keys.extend, keys.complete];
    expect(changes.every((key) => /^[\x21-\x7e]{1,255}$/.test(key ?? ''))).to.equal(true);
    expect(new Set(changes).size).to.equal(4);
  });

  it('that are retried carry the same key', async () => {
    for (const path of ['pause', 'end'] as const) {
      const { world, controller } = await setUpRunning();
      const route = path === 'end' ? '/complete' : '/pause';
      world.answer(route, brokenLine(), json({}, 503));
      const done = controller[path]();
      await world.pass(20);
      await done;
      expect(world.sent(route)).to.have.length(3);
      expect(new Set(world.sent(route).map(({ headers }) => headers.get('Idempotency-Key'))).size).to.equal(
        1,
      );
    }
  });

  for (const [chance, expected] of [
    [0, [0, 0, 0]],
    [0.5, [500, 1000, 2000]],
    [0.999999, [1000, 2000, 4000]],
  ] as const) {
    it(`are retried after a random part (${chance}) of 1, 2 and 4 seconds`, async () => {
      const world = new FakeWorld();
      world.page.chance = chance;
      world.answer('/sessions/validate', ...Array.from({ length: 4 }, brokenLine));
      const at: number[] = [];
      const { fetch } = world;
      world.fetch = (url, init) => {
        at.push(world.now());
        return fetch(url, init);
      };
      const failed = codeOf(setUp({ sessionToken: token }, world).controller.start());
      await world.pass(20);
      await failed;
      const waits = at.slice(1).map((time, index) => time - at[index]!);
      expect(waits).to.have.length(3);
      for (const [index, wait] of waits.entries()) expect(wait).to.be.closeTo(expected[index]!, 1);
    });
  }

  it('are given up after ten seconds each', async () => {
    const { world, controller } = await setUpRunning();
    world.page.chance = 0;
    world.answer('/extend', 'never', 'never', 'never', 'never');
    const failed = codeOf(controller.extend(15));
    await world.pass(39);
    expect(world.openRequests).to.equal(1);
    await world.pass(2);
    expect(await failed).to.equal('TIMED_OUT');
    expect(world.openRequests).to.equal(0);
  });

  it('that are refused are not tried again', async () => {
    for (const status of [400, 401, 402, 403, 404, 409, 410, 422]) {
      const { world, controller } = await setUpRunning();
      world.answer('/pause', json({}, status));
      const code = await codeOf(controller.pause());
      expect(code).to.be.a('string').and.not.equal('SERVICE_ERROR');
      expect(controller.snapshot.error!.status).to.equal(status);
      expect(world.sent('/pause')).to.have.length(1);
    }
  });

  it('whose answer asks for a rest are given it on top of the random part', async () => {
    const { world, controller } = await setUpRunning();
    world.page.chance = 0;
    world.answer('/pause', problem('RATE_LIMITED', 429, { 'Retry-After': '20' }));
    const done = controller.pause();
    await world.pass(19.9);
    expect(world.sent('/pause')).to.have.length(1);
    await world.pass(0.2);
    await done;
    expect(world.sent('/pause')).to.have.length(2);
  });

  for (const value of ['21', '99999999999', 'Fri, 01 Jan 2100 00:00:00 GMT']) {
    it(`whose answer asks for a long rest (${value}) are given up at once, and the rest is told`, async () => {
      const { world, controller } = await setUpRunning();
      world.answer('/pause', problem('SERVICE_UNAVAILABLE', 503, { 'Retry-After': value }));
      expect(await codeOf(controller.pause())).to.equal('SERVICE_UNAVAILABLE');
      expect(controller.snapshot.error!.retryAfterSeconds).to.be.above(20);
    });
  }

  for (const value of ['-5', 'soon', '', '1e1', '7x', 'Thu, 01 Jan 1970 00:00:00 GMT']) {
    it(`whose answer asks for a rest that is none ("${value}") are tried again soon`, async () => {
      const { world, controller } = await setUpRunning();
      world.page.chance = 0;
      world.answer('/pause', problem('RATE_LIMITED', 429, { 'Retry-After': value }));
      const done = controller.pause();
      await world.pass(1);
      await done;
      expect(world.sent('/pause')).to.have.length(2);
    });
  }

  it('pass through the hooks of the page: headers of its own, and every answer', async () => {
    const asked: string[] = [];
    const answered: number[] = [];
    const hooks = {
      request: (url: string, headers: Headers) => {
        asked.push(url);
        headers.set('X-Trace', 'abc');
      },
      response: ({ status }: Response) => void answered.push(status),
    };
    const { world, controller } = await setUpRunning({ hooks });
    world.answer('/pause', json({}, 503));
    const done = controller.pause();
    await world.pass(5);
    await done;
    expect(asked).to.deep.equal(world.requests.map(({ url }) => url));
    expect(answered).to.deep.equal([200, 503, 200]);
    expect(world.requests.every(({ headers }) => headers.get('X-Trace') === 'abc')).to.equal(true);
  });

  it('go out without hooks that are no functions', async () => {
    const { world, controller } = await setUpRunning({ hooks: { request: 'soon' } as never });
    const done = controller.pause();
    await world.pass(1);
    await done;
    expect(world.sent('/pause')).to.have.length(1);
  });

  it('carry what the service said about the fault: title, request id, status', async () => {
    const { world, controller } = await setUpRunning();
    world.answer('/pause', problem('PAUSE_NOT_ALLOWED', 409, {}, { request_id: 'req-7' }));
    await codeOf(controller.pause());
    const { message, requestId, status } = controller.snapshot.error!;
    expect([message, requestId, status]).to.deep.equal(['About PAUSE_NOT_ALLOWED.', 'req-7', 409]);
  });
});

describe('the log', () => {
  it('tells of requests and retries, and never holds a token, though the service repeats it', async () => {
    const world = new FakeWorld();
    world.answer('/sessions/validate', json({}, 500));
    const { controller, lines } = setUp({ sessionToken: token }, world);
    const started = controller.start();
    await world.pass(5);
    await started;
    await world.pass(35);
    world.answer('/pause', json({ title: `The token ${token} is refused`, code: 'PAUSE_NOT_ALLOWED' }, 409));
    await codeOf(controller.pause());
    expect(controller.snapshot.error!.message).to.equal('The token [token] is refused');
    expect(lines).to.include('warn SERVICE_ERROR, try 1 of 4');
    expect(lines).to.include('debug POST /sessions/session-1/heartbeat');
    expect(lines.join('\n')).not.to.contain(token);
    await settled();
  });

  it('to the console starts at the level that was asked for, and blots out tokens', () => {
    const written: string[] = [];
    const target = Object.fromEntries(
      (['debug', 'info', 'warn', 'error'] as const).map((level) => [
        level,
        (line: string) => written.push(`${level} ${line}`),
      ]),
    ) as unknown as Console;
    const log = consoleLogger('warn', target);
    log('debug', 'a');
    log('info', 'b');
    log('warn', `c ${token} d`);
    log('error', 'e');
    expect(written).to.deep.equal([
      'warn [marketplace-session] c [token] d',
      'error [marketplace-session] e',
    ]);
  });
});
