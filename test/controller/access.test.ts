import { expect } from '@open-wc/testing';
import { AccessClient, type AccessClientOptions } from '../../src/controller/access/access-client.js';
import { browserWorld } from '../../src/controller/browser-world.js';
import { pageOf } from '../../src/controller/page/browser-page.js';
import type { Page } from '../../src/controller/page/page.js';
import type { World } from '../../src/controller/world.js';
import { SessionError } from '../../src/protocol/errors.js';
import { endpoint, FakeWorld, htmlPage, json, problem, settled, type Answer } from './fake-world.js';

const tokenUrl = '/access-token';
const tokenAddress = 'https://app.example/access-token';
const list = { method: 'GET', path: '/sessions' } as const;
const lifeSeconds = 1000;

let clients: AccessClient[] = [];
afterEach(() => {
  for (const client of clients) client.destroy();
  clients = [];
});

/** A provider's server that gives out a new access token each time, and a service that takes those it is not told of. */
class Provider {
  readonly world: FakeWorld;
  readonly lines: string[] = [];
  readonly refused = new Map<string, string>();
  given = 0;

  constructor(world = new FakeWorld()) {
    this.world = world;
    this.willGive();
    this.willTake();
  }

  willGive(
    answer: Answer = () => json({ access_token: `token-${++this.given}`, expires_in: lifeSeconds }),
  ): void {
    this.world.answerAsUsual(tokenAddress);
    this.world.answer(tokenAddress, ...Array.from({ length: 20 }, () => answer));
  }

  willTake(): void {
    this.world.answer(
      list.path,
      ...Array.from({ length: 40 }, () => ({ headers }: { headers: Headers }) => {
        const [, token = ''] = /^Bearer (.+)$/.exec(headers.get('Authorization') ?? '') ?? [];
        const code = this.refused.get(token);
        return code ? problem(code, 401) : json({ seen: token });
      }),
    );
  }

  open(options: Partial<AccessClientOptions> = {}, world: World = this.world): AccessClient {
    const logger = (_: string, line: string) => void this.lines.push(line);
    const client = new AccessClient(
      { apiEndpoint: endpoint, accessTokenUrl: tokenUrl, logger, ...options },
      world,
    );
    clients.push(client);
    return client;
  }

  get asked(): number {
    return this.world.requests.filter(({ url }) => url === tokenAddress).length;
  }
}

const seenBy = async (client: AccessClient) => (await client.request<{ seen: string }>(list)).seen;
const codeOf = async (promise: Promise<unknown>) => {
  try {
    await promise;
  } catch (error) {
    expect(error).to.be.instanceOf(SessionError);
    return (error as SessionError).code;
  }
  throw new Error('It was not refused.');
};

describe('an access token', () => {
  it('is fetched when it is first needed, from the own server with its cookies, and once for all who need it', async () => {
    const provider = new Provider();
    const [one, two] = [provider.open(), provider.open()];
    await settled();
    expect(provider.asked).to.equal(0);
    expect(await Promise.all([seenBy(one), seenBy(two), seenBy(one)])).to.eql([
      'token-1',
      'token-1',
      'token-1',
    ]);
    expect(provider.asked).to.equal(1);
    const { init, headers } = provider.world.requests[0]!;
    expect([init.method, init.credentials, init.cache, init.body]).to.eql([
      'POST',
      'include',
      'no-store',
      undefined,
    ]);
    expect(headers.get('Authorization')).to.equal(null);
    const sent = provider.world.requests.at(-1)!;
    expect(sent.init.credentials).to.equal('omit');
    expect(provider.world.requests.every(({ url }) => !url.includes('token-1'))).to.equal(true);
  });

  it('is renewed at 80 % of its life, without anybody who waits, and not once nobody needs it', async () => {
    const provider = new Provider();
    const client = provider.open();
    expect(await seenBy(client)).to.equal('token-1');
    await provider.world.pass(799);
    expect(provider.asked).to.equal(1);
    await provider.world.pass(2);
    expect(provider.asked).to.equal(2);
    expect(await seenBy(client)).to.equal('token-2');
    client.destroy();
    await provider.world.pass(10 * lifeSeconds);
    expect(provider.asked).to.equal(2);
    expect(provider.world.delays).to.eql([]);
  });

  it('is used while it lives where its successor does not come, which is asked for again and again', async () => {
    const provider = new Provider();
    const client = provider.open();
    await seenBy(client);
    provider.willGive(problem('SERVICE_ERROR', 503));
    await provider.world.pass(900);
    expect(provider.asked).to.be.within(4, 12);
    expect(await seenBy(client)).to.equal('token-1');
    provider.willGive();
    await provider.world.pass(61);
    expect(await seenBy(client)).to.equal('token-2');
  });

  it('counts by expires_at as well, by the clock of the server that said so', async () => {
    const world = new FakeWorld();
    world.deviceErrorMs = 3_600_000;
    const provider = new Provider(world);
    let given = 0;
    const answer = () => {
      const expires_at = world.serverNow / 1000 + lifeSeconds;
      return json({ access_token: `token-${++given}`, expires_at }, 201, {
        Date: new Date(world.serverNow).toUTCString(),
      });
    };
    provider.willGive(answer);
    const client = provider.open();
    expect(await seenBy(client)).to.equal('token-1');
    await world.pass(790);
    expect(provider.asked).to.equal(1);
    await world.pass(20);
    expect(provider.asked).to.equal(2);
  });

  it('is found to be old after a sleep, and where the clock was set back', async () => {
    const world = new FakeWorld();
    const provider = new Provider(world);
    const client = provider.open();
    await seenBy(client);
    world.sleptMs = 2_000_000;
    world.serverNow += 2_000_000;
    expect(await seenBy(client)).to.equal('token-2');
    world.deviceErrorMs = -3_600_000;
    await world.pass(810);
    expect(await seenBy(client)).to.equal('token-3');
  });

  for (const code of ['ACCESS_TOKEN_EXPIRED', 'ACCESS_TOKEN_REVOKED', 'ACCESS_TOKEN_INVALID'])
    it(`that is refused with ${code} is fetched anew, once`, async () => {
      const provider = new Provider();
      const client = provider.open();
      provider.refused.set('token-1', code);
      expect(await seenBy(client)).to.equal('token-2');
      provider.refused.set('token-2', code).set('token-3', code);
      expect(await codeOf(seenBy(client))).to.equal(code);
      expect(provider.asked).to.equal(3);
    });

  it('is not fetched anew for what is not its fault', async () => {
    const provider = new Provider();
    const client = provider.open();
    await seenBy(client);
    provider.world.answerAsUsual(list.path);
    provider.world.answer(
      list.path,
      problem('CREDENTIAL_INSUFFICIENT', 403),
      problem('RATE_LIMITED', 429),
      htmlPage(),
    );
    expect(await codeOf(seenBy(client))).to.equal('CREDENTIAL_INSUFFICIENT');
    expect(await codeOf(seenBy(client))).to.equal('RATE_LIMITED');
    expect(await codeOf(seenBy(client))).to.equal('ANSWER_INVALID');
    expect(provider.asked).to.equal(1);
  });

  const failures: [name: string, answer: Answer, code: string][] = [
    ['refuses', problem('SIGN_IN', 401), 'ACCESS_TOKEN_REFUSED'],
    ['fails', htmlPage(500), 'PAGE_SERVER_UNAVAILABLE'],
    ['answers a page', htmlPage(), 'ACCESS_TOKEN_MISSING'],
    ['answers no life', json({ access_token: 'token' }), 'ACCESS_TOKEN_MISSING'],
    ['answers one that is over', json({ access_token: 'token', expires_in: 0 }), 'ACCESS_TOKEN_MISSING'],
    ['answers no token', json({ access_token: null, expires_in: 60 }), 'ACCESS_TOKEN_MISSING'],
    ['cannot be reached', new TypeError('Failed to fetch'), 'NETWORK_FAILED'],
  ];
  for (const [name, answer, code] of failures)
    it(`where the server ${name}: ${code}, at once again without a question, later with one`, async () => {
      const provider = new Provider();
      provider.willGive(answer);
      const client = provider.open();
      expect(await codeOf(seenBy(client))).to.equal(code);
      expect(await codeOf(seenBy(client))).to.equal(code);
      expect(provider.asked).to.equal(1);
      await provider.world.pass(1);
      expect(await codeOf(seenBy(client))).to.equal(code);
      expect(provider.asked).to.equal(2);
      await provider.world.pass(0.9);
      expect(await codeOf(seenBy(client))).to.equal(code);
      expect(provider.asked).to.equal(2);
      client.retry();
      expect(await codeOf(seenBy(client))).to.equal(code);
      expect(provider.asked).to.equal(3);
      provider.willGive();
      await provider.world.pass(60);
      expect(await seenBy(client)).to.equal('token-1');
    });

  it('waits as long as the server says', async () => {
    const provider = new Provider();
    provider.willGive(problem('TOO_MANY', 429, { 'Retry-After': '30' }));
    const client = provider.open();
    await codeOf(seenBy(client));
    await provider.world.pass(29);
    await codeOf(seenBy(client));
    expect(provider.asked).to.equal(1);
    await provider.world.pass(3);
    await codeOf(seenBy(client));
    expect(provider.asked).to.equal(2);
  });

  it('is given up after ten seconds by a server that never answers, and by who gives his request up at once', async () => {
    const provider = new Provider();
    provider.willGive('never');
    const client = provider.open();
    const abort = new AbortController();
    const reason = new Error('I have gone on');
    const given = client.request(list, abort.signal).catch((error: unknown) => error);
    const waits = codeOf(seenBy(client));
    await settled();
    abort.abort(reason);
    expect(await given).to.equal(reason);
    await provider.world.pass(11);
    expect(await waits).to.equal('TIMED_OUT');
  });

  it('is in no storage, no address and no line of the log', async () => {
    const provider = new Provider();
    const storage: string[] = [];
    const keep = (_: string, value: string) => void storage.push(value);
    provider.world.tabStorage = { getItem: () => null, setItem: keep, removeItem() {} };
    const client = provider.open();
    provider.refused.set('token-1', 'ACCESS_TOKEN_EXPIRED');
    provider.refused.set('token-2', 'ACCESS_TOKEN_EXPIRED');
    await codeOf(seenBy(client));
    const all = [
      ...provider.lines,
      ...storage,
      ...provider.world.requests.map(({ url }) => url),
      provider.world.address,
    ];
    expect(all.join(' ')).not.to.contain('token-1');
    expect(provider.lines.length).to.be.above(0);
  });

  it('of an element that is moved is fetched anew, and the request of before is over', async () => {
    const provider = new Provider();
    provider.world.answerAsUsual(tokenAddress);
    const { release } = provider.world.hold(tokenAddress);
    provider.world.answer(tokenAddress, json({ access_token: 'token-2', expires_in: 60 }));
    const first = provider.open();
    const waits = first.request(list).catch((error: unknown) => (error as DOMException).name);
    await settled();
    first.destroy();
    const second = provider.open();
    expect(await seenBy(second)).to.equal('token-2');
    expect(await waits).to.equal('AbortError');
    release();
  });
});

// Tabs with the browser's own channel, locks and clock; the servers alone are made up.
describe('an access token of many tabs', () => {
  let addresses = 0;

  const openTabs = (
    given: (call: number) => Answer = (call) => json({ access_token: `token-${call}`, expires_in: 600 }),
  ) => {
    const service = new FakeWorld();
    const address = `https://app.example/access-token/${++addresses}`;
    let calls = 0;
    const provider = {
      service,
      get asked() {
        return calls;
      },
      refused: new Map<string, string>(),
      open(page: Partial<Page> = {}, timers: Partial<World> = {}): AccessClient {
        const real = browserWorld();
        const fetch = async (url: string, init: RequestInit): Promise<Response> => {
          if (url === address) {
            const call = ++calls;
            await new Promise((resolve) => setTimeout(resolve, 30));
            const answer = given(call);
            return answer as Response;
          }
          const seen = new Headers(init.headers).get('Authorization')!.slice('Bearer '.length);
          const code = provider.refused.get(seen);
          return code ? problem(code, 401) : json({ seen });
        };
        const ofTab = Object.defineProperties(
          Object.create(pageOf(real)) as Page,
          Object.getOwnPropertyDescriptors(page),
        );
        const world = { ...real, ...timers, fetch, address: 'https://app.example/', page: ofTab };
        const client = new AccessClient({ apiEndpoint: endpoint, accessTokenUrl: address }, world);
        clients.push(client);
        return client;
      },
    };
    return provider;
  };

  it('is fetched by one of them, whether they ask at once or later', async () => {
    const tabs = openTabs();
    const three = [tabs.open(), tabs.open(), tabs.open()];
    expect(await Promise.all(three.map(seenBy))).to.eql(['token-1', 'token-1', 'token-1']);
    expect(await seenBy(tabs.open())).to.equal('token-1');
    expect(tabs.asked).to.equal(1);
  });

  it('is fetched by another one when the tab that had it is gone', async () => {
    const tabs = openTabs();
    const first = tabs.open();
    await seenBy(first);
    first.destroy();
    expect(await seenBy(tabs.open())).to.equal('token-2');
  });

  it('is fetched anew once where all of them are refused with it', async () => {
    const tabs = openTabs();
    const two = [tabs.open(), tabs.open()];
    await Promise.all(two.map(seenBy));
    tabs.refused.set('token-1', 'ACCESS_TOKEN_REVOKED');
    expect(await Promise.all(two.map(seenBy))).to.eql(['token-2', 'token-2']);
    expect(tabs.asked).to.equal(2);
  });

  it('is renewed by one of them', async () => {
    const tabs = openTabs((call) =>
      json({ access_token: `token-${call}`, expires_in: call === 1 ? 1 : 600 }),
    );
    const three = [tabs.open(), tabs.open(), tabs.open()];
    await Promise.all(three.map(seenBy));
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(await Promise.all(three.map(seenBy))).to.eql(['token-2', 'token-2', 'token-2']);
    expect(tabs.asked).to.equal(2);
  });

  it('is forgotten by all of them when the person signs out', async () => {
    const tabs = openTabs();
    const two = [tabs.open(), tabs.open()];
    await Promise.all(two.map(seenBy));
    two[0]!.forget();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await seenBy(two[1]!)).to.equal('token-2');
  });

  const never = { request: () => new Promise(() => {}) } as unknown as Page['locks'];
  const refusing = {
    request: () => Promise.reject(new DOMException('', 'SecurityError')),
  } as unknown as Page['locks'];
  for (const [name, page] of [
    ['without locks', { locks: null }],
    ['with locks that never answer', { locks: never }],
    ['with locks that refuse', { locks: refusing }],
    ['without a channel', { openTabChannel: () => null }],
    [
      'with a channel that says nothing',
      { openTabChannel: () => ({ isUnwritten: true, post() {}, close() {} }) },
    ],
  ] as [string, Partial<Page>][])
    it(`comes all the same ${name}`, async () => {
      const tabs = openTabs();
      const startedAt = performance.now();
      expect(await seenBy(tabs.open(page))).to.equal('token-1');
      expect(performance.now() - startedAt).to.be.below(20_000);
    });

  it('comes all the same where a tab hangs with the lock in its hand', async () => {
    const tabs = openTabs();
    void seenBy(tabs.open({}, { setTimeout: () => 0 })).catch(() => {});
    const isHeld = async () =>
      (await navigator.locks.query()).held!.some(({ name }) => name!.endsWith(`/${addresses}`));
    while (!(await isHeld())) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await seenBy(tabs.open())).to.equal('token-1');
  });

  it('never goes over a line that is written down', async () => {
    const tabs = openTabs();
    const posted: object[] = [];
    const written = {
      openTabChannel: () => ({
        isUnwritten: false,
        post: (message: object) => void posted.push(message),
        close() {},
      }),
    };
    expect(await Promise.all([tabs.open(written), tabs.open(written)].map(seenBy))).to.have.members([
      'token-1',
      'token-2',
    ]);
    expect(posted).to.eql([]);
  });

  it('that a page puts on the line is taken as a token alone', async () => {
    const tabs = openTabs();
    const client = tabs.open();
    const channel = new BroadcastChannel(
      `marketplace-session access https://app.example/access-token/${addresses}`,
    );
    for (const message of [
      null,
      7,
      {},
      { type: 'token' },
      { type: 'token', text: 'x', lifeMs: NaN, ageMs: 0 },
      { type: 'token', text: '', lifeMs: 9e9, ageMs: 0 },
    ])
      channel.postMessage(message);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await seenBy(client)).to.equal('token-1');
    channel.close();
  });
});
