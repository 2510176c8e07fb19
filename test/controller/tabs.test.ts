import { expect } from '@open-wc/testing';
import type { SessionControllerOptions } from '../../src/controller/options.js';
import { pageOf } from '../../src/controller/page/browser-page.js';
import type { Page } from '../../src/controller/page/page.js';
import { openTabChannel } from '../../src/controller/tabs/tab-channel.js';
import { readTabMessage } from '../../src/controller/tabs/tab-messages.js';
import { SessionController } from '../../src/controller/session-controller.js';
import { browserWorld } from '../../src/controller/browser-world.js';
import type { PageReport } from '../../src/protocol/page-metrics.js';
import { makeToken, goodClaims, goodHeader } from '../protocol/tokens.js';
import { endpoint, FakeStorage, FakeWorld } from './fake-world.js';
import '../../src/controller/analytics/count-page.js';
import '../../src/controller/late-parts.js';

// Tabs with the browser's own channel, locks and clock; the service alone is made up.

let tabs: SessionController[] = [];
let applications = 0;
afterEach(() => {
  for (const tab of tabs) tab.destroy();
  tabs = [];
});

const now = () => Math.floor(Date.now() / 1000);
const tokenOf = (aud: string, claims: object = {}) =>
  makeToken(goodHeader, { ...goodClaims, aud, iat: now(), exp: now() + 36_000, ...claims });

async function until(isSo: () => unknown): Promise<void> {
  const giveUpAt = performance.now() + 60_000;
  while (!isSo()) {
    if (performance.now() > giveUpAt) throw new Error('That never became so.');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Tabs of one session of an application of their own. */
class Tabs {
  readonly service = new FakeWorld();
  readonly applicationId = `app-${++applications}`;
  heartbeatSeconds = 1;

  constructor() {
    const { service } = this;
    service.serverNow = Date.now();
    service.backend.sell(3600);
    service.backend.nextHeartbeatSeconds = undefined;
    service.backend.session = { application_id: this.applicationId };
  }

  async open(
    options: Partial<SessionControllerOptions> = {},
    page: Partial<Page> = {},
  ): Promise<SessionController> {
    const { service, applicationId } = this;
    const real = browserWorld();
    const fetch = (url: string, init: RequestInit) => {
      service.serverNow = Date.now();
      return service.fetch(url, init);
    };
    const world = {
      ...real,
      fetch,
      address: 'https://app.example/',
      replaceAddress() {},
      tabStorage: new FakeStorage(),
      page: Object.defineProperties(
        Object.create(pageOf(real)) as Page,
        Object.getOwnPropertyDescriptors({ leaveTo() {}, ...page }),
      ),
    };
    const tab = new SessionController(
      {
        apiEndpoint: endpoint,
        applicationId,
        redirect: false,
        heartbeatSeconds: this.heartbeatSeconds,
        ...options,
      },
      world,
    );
    tabs.push(tab);
    await tab.start();
    return tab;
  }

  first(page: Partial<Page> = {}): Promise<SessionController> {
    return this.open({ sessionToken: tokenOf(this.applicationId) }, page);
  }

  /** So many tabs lead, or stand in line for it: everything of them is there. */
  async inLine(count: number): Promise<void> {
    const named = ({ name }: LockInfo) => name!.includes(`${this.applicationId}@`);
    for (let found = 0; found < count;) {
      const { held = [], pending = [] } = await navigator.locks.query();
      found = [...held, ...pending].filter(named).length;
    }
  }

  get heartbeats(): number {
    return this.service.sent('/heartbeat').length;
  }
}

/** Without Web Locks. */
const withLease = { locks: null };

describe('tabs', () => {
  for (const [name, page] of [
    ['locks', {}],
    ['a lease', withLease],
  ] as const) {
    it(`by ${name}: one of them asks the service, and another one when it is gone`, async () => {
      const all = new Tabs();
      const first = await all.first(page);
      const second = await all.first(page);
      const before = all.heartbeats;
      await until(() => all.heartbeats >= before + 3);
      const startedAt = performance.now();
      const counted = all.heartbeats;
      await until(() => all.heartbeats >= counted + 2);
      expect(performance.now() - startedAt).to.be.above(1500);
      first.destroy();
      const alone = all.heartbeats;
      await until(() => all.heartbeats >= alone + 2);
      expect(second.state).to.equal('active');
    });
  }

  it('count together: what one tab counts goes with the heartbeats of the one that leads', async () => {
    const all = new Tabs();
    all.service.backend.capabilities = ['metrics'];
    const options = { analytics: true, sessionToken: tokenOf(all.applicationId) };
    const first = await all.open(options);
    const second = await all.open(options);
    await all.inLine(2);
    await first.track('step', { tab: 1 });
    await second.track('step', { tab: 2 });
    const reports = () =>
      all.service
        .sent('/heartbeat')
        .flatMap(({ body }) => (body.metrics ? [body.metrics as PageReport] : []));
    const total = (name: string) => reports().reduce((sum, { counts }) => sum + (counts[name] ?? 0), 0);
    await until(() => total('custom.step') === 2 && total('pages') === 2);
    expect(total('custom.step.tab')).to.equal(3);
    expect(new Set(reports().map(({ page }) => page)).size).to.equal(1);
  });

  it('keep the pace that the service asked for: one that has not heard it takes it from nobody, and leads next with it', async () => {
    const all = new Tabs();
    all.service.backend.nextHeartbeatSeconds = 1;
    all.heartbeatSeconds = 600;
    const first = await all.first();
    await until(() => {
      void first.refresh();
      return all.heartbeats > 0;
    });
    await all.first();
    await all.inLine(2);
    const together = all.heartbeats;
    await until(() => all.heartbeats >= together + 2);
    first.destroy();
    const alone = all.heartbeats;
    await until(() => all.heartbeats >= alone + 2);
  });

  it('without a session token join, and what they ask for is asked by the tab that has one', async () => {
    const all = new Tabs();
    const first = await all.first();
    const second = await all.open();
    expect(second.remainingSeconds).to.equal(first.remainingSeconds);
    await second.extend(15);
    await until(() => first.session!.duration_limit_seconds === 4500);
    await second.pause();
    await until(() => first.state === 'paused');
    await first.resume();
    await until(() => second.state === 'active');
    await second.end();
    await until(() => first.state === 'ended' && second.state === 'ended');
    expect(all.service.requests.every(({ headers }) => headers.get('Authorization')!.length > 100)).to.equal(
      true,
    );
    expect(all.service.backend.settlements).to.equal(1);
  });

  for (const id of ['a.b', 'urn:uuid:1:2', '~x', '50%', 'a/b?c#d', 'Sitzung Nr. 1, für 😀', 'x'.repeat(400)])
    it(`of a backend whose ids are like ${[...id].slice(0, 20).join('')}: what one without a session token asks for is asked`, async () => {
      const all = new Tabs();
      all.service.backend.session = { application_id: all.applicationId, id };
      const sessionToken = tokenOf(all.applicationId, { jti: id });
      const first = await all.open({ sessionToken });
      await all.inLine(1);
      const second = await all.open();
      await second.extend(15);
      await until(() => first.session!.duration_limit_seconds === 4500);
      await first.pause();
      await until(() => second.state === 'paused');
      await second.resume();
      await second.end();
      await until(() => first.state === 'ended' && second.state === 'ended');
      for (const { path, headers } of all.service.requests.slice(1)) {
        expect(decodeURIComponent(path.split('/')[2]!)).to.equal(id);
        expect(headers.get('Idempotency-Key') ?? 'none').to.match(/^[!-~]{1,255}$/);
      }
    });

  it('answer at once what they will not ask in the name of another', async () => {
    const all = new Tabs();
    await all.first();
    await all.inLine(1);
    const line = new BroadcastChannel(`marketplace-session:${all.applicationId}@${endpoint}`);
    const heard: { id: string; status: number; text: string }[] = [];
    line.onmessage = ({ data }) =>
      (data as { type: string }).type === 'response' && heard.push(data as (typeof heard)[0]);
    const sessionId = goodClaims.jti;
    const paths = [
      '/sessions/another/pause',
      `/sessions/${sessionId}/../x`,
      `/sessions/${sessionId}/pause?x`,
      '/keys',
      '',
    ];
    const before = all.service.requests.length;
    for (const path of paths)
      line.postMessage({ type: 'request', sessionId, id: path, method: 'POST', path, body: {} });
    const escape = `/sessions/${sessionId}/messages?after=1&x=../y`;
    line.postMessage({ type: 'request', sessionId, id: escape, method: 'GET', path: escape, body: {} });
    await until(() => heard.length > paths.length);
    expect(heard.map(({ id }) => id)).to.deep.equal([...paths, escape]);
    for (const { status, text } of heard)
      expect([status, text]).to.deep.equal([404, '{"code":"ROUTE_NOT_FOUND"}']);
    expect(
      all.service.requests.slice(before).filter(({ path }) => !path.endsWith('/heartbeat')),
    ).to.deep.equal([]);
    line.close();
  });

  it('keep the session token that is renewed for one that has none', async () => {
    const all = new Tabs();
    await all.first();
    const second = await all.open();
    const renewed = tokenOf(all.applicationId, { exp: now() + 72_000 });
    const { service } = all;
    service.answer('/extend', async (request) => {
      const answer = (await (await service.backend.respond(request)).json()) as object;
      return new Response(JSON.stringify({ ...answer, session_token: renewed }), { status: 200 });
    });
    await second.extend(15);
    await until(() => service.requests.at(-1)!.headers.get('Authorization') === `Bearer ${renewed}`);
  });

  it('have the session token renewed by the one that leads, at 80 % of its life', async () => {
    const all = new Tabs();
    const asked: number[] = [];
    const startedAt = Date.now();
    const next = tokenOf(all.applicationId);
    const getSessionToken = () => {
      asked.push(Date.now() - startedAt);
      return Promise.resolve(next);
    };
    const short = tokenOf(all.applicationId, { exp: now() + 10 });
    const first = await all.open({ getSessionToken, sessionToken: short });
    const joined = await all.open({ getSessionToken: undefined });
    await until(() => all.service.sent('/sessions/validate').some(({ body }) => body.session_jwt === next));
    await until(() => Date.now() > startedAt + 11_000);
    expect(asked).to.have.length(1);
    expect(asked[0]).to.be.within(6_000, 9_500);
    for (const tab of [first, joined]) expect(tab.state).to.equal('active');
  });

  it('without a session token, and without a tab that has one: TOKEN_MISSING', async () => {
    const code = await new Tabs().open().then(
      () => undefined,
      (error: { code: string }) => error.code,
    );
    expect(code).to.equal('TOKEN_MISSING');
  });

  it('of a backend that promises nothing of keys buy once, in turn', async () => {
    const all = new Tabs();
    all.service.backend.capabilities = undefined;
    const [first, second] = [await all.first(), await all.first()];
    await Promise.all([first.extend(15), second.extend(15)]);
    expect(all.service.sent('/extend')).to.have.length(1);
    await until(() => second.session!.duration_limit_seconds === 4500);
    expect(first.session!.duration_limit_seconds).to.equal(4500);
  });

  it('do what their own session token allows; one without a token does what that of the other allows', async () => {
    const all = new Tabs();
    const { backend } = all.service;
    backend.allowedOperations = ['use_session'];
    const first = await all.first();
    const joined = await all.open();
    backend.allowedOperations = undefined;
    const another = await all.first();
    const codeOf = (call: Promise<unknown>) => call.catch(({ code }: { code: string }) => code);
    expect(await codeOf(joined.extend(15))).to.equal('OPERATION_NOT_ALLOWED');
    await another.extend(15);
    await until(() => first.session!.duration_limit_seconds === 4500);
    expect(await codeOf(first.extend(15))).to.equal('OPERATION_NOT_ALLOWED');
    await first.refresh();
    const beats = all.heartbeats;
    await until(() => all.heartbeats > beats);
    await another.pause();
    expect(all.service.sent('/pause')).to.have.length(1);
  });

  it('hear from each other that the service has refused the session', async () => {
    const all = new Tabs();
    const [first, second] = [await all.first(), await all.first()];
    await until(() => all.heartbeats > 1);
    const refusal = () =>
      new Response(JSON.stringify({ code: 'TOKEN_SUPERSEDED', status: 401 }), {
        status: 401,
        headers: { 'Content-Type': 'application/problem+json' },
      });
    all.service.answer('/heartbeat', refusal);
    await until(() => first.state === 'failed' && second.state === 'failed');
    expect(second.snapshot.error!.code).to.equal('TOKEN_SUPERSEDED');
  });

  it('answer a warning for all of them, also for one that comes later; not one that is not due', async () => {
    const all = new Tabs();
    const { backend } = all.service;
    backend.durationSeconds = 3600;
    backend.deadline = Date.now() + 45_000;
    const [first, second] = [await all.first(), await all.first()];
    await until(() => first.snapshot.warning === 60 && second.snapshot.warning === 60);
    const answered = ({ snapshot }: SessionController) => snapshot.answeredWarning;
    await second.answerWarning();
    expect(answered(second)).to.equal(60);
    await until(() => answered(first) === 60);
    const third = await all.open();
    await until(() => answered(third) === 60);
    // What was answered before an extension, and arrives after it, answers nothing of the new deadline.
    const heard: object[] = [];
    const line = new BroadcastChannel(`marketplace-session:${all.applicationId}@${endpoint}`);
    line.onmessage = ({ data }) => heard.push(data as object);
    line.postMessage({ type: 'hello' });
    const state = () => heard.find((message) => 'answeredWarning' in message);
    await until(state);
    await second.extend(15);
    const hasHeard = ({ session, snapshot }: SessionController) =>
      session!.duration_limit_seconds === second.session!.duration_limit_seconds && snapshot.warning === null;
    await until(() => [first, second, third].every(hasHeard));
    line.postMessage(state());
    line.postMessage({ type: 'hello' });
    const before = heard.length;
    await until(() => heard.length > before);
    expect([first, second, third].map(answered)).to.deep.equal([null, null, null]);
    line.close();
  });

  it('have any of them ask when one wants to know', async () => {
    const all = new Tabs();
    all.heartbeatSeconds = 600;
    await all.first();
    const second = await all.first();
    await all.inLine(2);
    const before = all.heartbeats;
    all.service.backend.extend(900);
    await second.refresh();
    await until(() => second.session!.duration_limit_seconds === 4500);
    expect(all.heartbeats).to.equal(before + 1);
  });
});

describe('the line between tabs', () => {
  it('without BroadcastChannel is by storage events, and leaves nothing behind', () => {
    const channel = window.BroadcastChannel;
    Reflect.deleteProperty(window, 'BroadcastChannel');
    try {
      const heard: unknown[] = [];
      const line = openTabChannel('line', (message) => heard.push(message))!;
      expect(line.isUnwritten).to.equal(false);
      line.post({ type: 'hello' });
      expect(localStorage.getItem('line')).to.equal(null);
      const told = (key: string, newValue: string | null) =>
        window.dispatchEvent(new StorageEvent('storage', { key, newValue }));
      told('line', '{"type":"hello"}');
      told('line', '{no json');
      told('line', null);
      told('other', '{"type":"hello"}');
      line.close();
      told('line', '{"type":"hello"}');
      expect(heard.map(readTabMessage)).to.deep.equal([{ type: 'hello' }, null]);
    } finally {
      window.BroadcastChannel = channel;
    }
  });

  const sessionId = 'session-1';
  const state = {
    type: 'state',
    sessionId,
    session: { id: sessionId, status: 'active' },
    saidAt: 1,
    clock: { deviceAt: 1, serverAt: 1, errorMs: 1 },
    connection: 'online',
    retryAt: null,
    capabilities: [],
    answeredWarning: 60,
    beatAt: 1,
    intervalSeconds: 30,
    isPausedByHiding: false,
  };
  const good = {
    hello: { type: 'hello' },
    state,
    pulse: { type: 'pulse', sessionId, epoch: 1, beatAt: 1 },
    request: { type: 'request', sessionId, id: 'a', method: 'POST', path: '/sessions/a/pause', body: {} },
  };
  for (const [name, message] of Object.entries(good))
    it(`takes ${name}`, () => expect(readTabMessage(message)).to.equal(message));

  const bad: Record<string, unknown> = {
    nothing: undefined,
    null: null,
    text: 'hello',
    'a list': [good.hello],
    'no type': { sessionId },
    'a type of the object’s own': { type: 'constructor', sessionId },
    'no session': { ...good.pulse, sessionId: undefined },
    'a number that is none': { ...good.pulse, epoch: NaN },
    'a number without end': { ...good.pulse, beatAt: Infinity },
    'a status that is none': { ...state, session: { ...state.session, status: 'toString' } },
    'an answer to no number': { ...state, answeredWarning: '60' },
    'a clock without hands': { ...state, clock: {} },
    'a list for an object': { ...good.request, body: [] },
    'null for an object': { ...good.request, body: null },
  };
  for (const [name, message] of Object.entries(bad))
    it(`takes no message that is ${name}`, () => expect(readTabMessage(message)).to.equal(null));
});
