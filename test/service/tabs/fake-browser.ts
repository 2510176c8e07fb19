import type { Page, PageNews } from '../../../src/controller/page/page.js';
import { SessionController } from '../../../src/controller/session-controller.js';
import type { SessionSnapshot } from '../../../src/controller/snapshot.js';
import { Ticker } from '../../../src/controller/clock/ticker.js';
import type { World } from '../../../src/controller/world.js';
import type { SharedTime } from './shared-time.js';

/** What the network does with the next request of a tab. */
export type Fault = 'cut' | 'lose answer' | 'double' | 'delay';

interface Waiter {
  tab: Tab;
  grant: (lock: Lock) => Promise<unknown>;
  resolve: (value: unknown) => void;
  reject: (reason: unknown) => void;
}

/** One browser: what its tabs share. */
export class FakeBrowser {
  readonly time: SharedTime;
  readonly send: (url: string, init: RequestInit) => Promise<Response>;
  readonly channels = new Set<{ tab: Tab; name: string; hear: (message: unknown) => void }>();
  readonly #held = new Map<string, Waiter>();
  readonly #queues = new Map<string, Waiter[]>();

  /** @param send brings a request to the service. */
  constructor(time: SharedTime, send: (url: string, init: RequestInit) => Promise<Response>) {
    this.time = time;
    this.send = send;
  }

  /** Web Locks, as one tab sees them. */
  locksOf(tab: Tab): NonNullable<Page['locks']> {
    const request = (name: string, ...rest: unknown[]): Promise<unknown> => {
      const [options, grant] = (rest.length > 1 ? rest : [{}, rest[0]]) as [LockOptions, Waiter['grant']];
      return new Promise((resolve, reject) => {
        const waiter: Waiter = { tab, grant, resolve, reject };
        if (options.steal) {
          this.#held.get(name)?.reject(new DOMException('stolen', 'AbortError'));
          this.#held.delete(name);
          this.#grant(name, waiter);
        } else if (!this.#held.has(name)) this.#grant(name, waiter);
        else if (options.ifAvailable) void grant(null as unknown as Lock).then(resolve, reject);
        else {
          const queue = this.#queues.get(name) ?? [];
          this.#queues.set(name, [...queue, waiter]);
          options.signal?.addEventListener('abort', () => {
            this.#queues.set(
              name,
              this.#queues.get(name)!.filter((other) => other !== waiter),
            );
            reject(options.signal!.reason as Error);
          });
        }
      });
    };
    return { request } as unknown as NonNullable<Page['locks']>;
  }

  /** What a tab held is free at once when it is gone. */
  forget(tab: Tab): void {
    for (const channel of this.channels) if (channel.tab === tab) this.channels.delete(channel);
    for (const [name, queue] of this.#queues)
      this.#queues.set(
        name,
        queue.filter((waiter) => waiter.tab !== tab),
      );
    for (const [name, holder] of this.#held) if (holder.tab === tab) this.#release(name, holder);
  }

  #grant(name: string, waiter: Waiter): void {
    this.#held.set(name, waiter);
    void Promise.resolve(waiter.grant({ name, mode: 'exclusive' } as Lock))
      .then(waiter.resolve, waiter.reject)
      .then(() => this.#release(name, waiter));
  }

  #release(name: string, waiter: Waiter): void {
    if (this.#held.get(name) !== waiter) return;
    this.#held.delete(name);
    const [next, ...rest] = this.#queues.get(name) ?? [];
    this.#queues.set(name, rest);
    if (next) this.#grant(name, next);
  }
}

/** One tab of it. Its session storage survives a crash and a reload, as browsers restore it. */
export class Tab {
  readonly #browser: FakeBrowser;
  readonly #options: { apiEndpoint: string; applicationId: string };
  readonly #storage = new Map<string, string>();
  readonly #random: () => number;
  #life: Life | undefined;
  /** Faults of the next requests, in order. */
  faults: Fault[] = [];
  isOnline = true;
  /** Every deadline that was shown, with the state it was shown in. */
  readonly history: SessionSnapshot[] = [];

  constructor(browser: FakeBrowser, options: Tab['options'], random: () => number) {
    this.#browser = browser;
    this.#options = options;
    this.#random = random;
  }

  get options(): { apiEndpoint: string; applicationId: string } {
    return this.#options;
  }

  get controller(): SessionController | undefined {
    return this.#life?.controller;
  }

  /** Loads the page. @param token in its address. */
  open(token?: string): void {
    this.crash();
    const life = new Life(this, this.#browser, this.#storage, this.#random, token);
    this.#life = life;
    life.controller.subscribe((after) => void this.history.push(after));
    life.controller.start().catch(() => {});
  }

  /** The process is gone, with all that it was about to do. */
  crash(): void {
    this.#life?.end();
    this.#life = undefined;
    this.#browser.forget(this);
  }

  setOnline(isOnline: boolean): void {
    this.isOnline = isOnline;
    this.#life?.tell(isOnline ? 'online' : 'offline');
  }
}

/** A tab from one load to the next. */
class Life {
  readonly controller: SessionController;
  readonly #listeners = new Set<(news: PageNews) => void>();
  readonly #timers = new Set<number>();
  #isOver = false;

  constructor(
    tab: Tab,
    browser: FakeBrowser,
    storage: Map<string, string>,
    random: () => number,
    token: string | undefined,
  ) {
    const { time } = browser;
    const startedAt = time.now;
    const setTimeout = (callback: () => void, delayMs: number) => {
      const id = time.set(() => {
        this.#timers.delete(id);
        callback();
      }, delayMs);
      if (this.#isOver) time.clear(id);
      this.#timers.add(id);
      return id;
    };
    const clearTimeout = (id: number | undefined) => time.clear(id);
    const page: Page = {
      random,
      randomId: () => crypto.randomUUID(),
      leaveTo() {},
      isVisible: true,
      get isOnline() {
        return tab.isOnline;
      },
      listen: (listener, signal) => {
        this.#listeners.add(listener);
        signal.addEventListener('abort', () => this.#listeners.delete(listener));
      },
      onAddressChange() {},
      openTabChannel: (name, hear) => {
        const channel = { tab, name, hear };
        browser.channels.add(channel);
        return {
          isUnwritten: true,
          post: (message) => {
            const copy = structuredClone(message);
            for (const other of browser.channels) {
              if (other !== channel && other.name === name)
                setImmediate(() => browser.channels.has(other) && other.hear(copy));
            }
          },
          close: () => browser.channels.delete(channel),
        };
      },
      locks: browser.locksOf(tab),
      sharedStorage: null,
    };
    const world: World = {
      fetch: (url, init) => this.#fetch(tab, browser, url, init),
      now: () => time.now,
      monotonicNow: () => time.now - startedAt,
      setTimeout,
      clearTimeout,
      tabStorage: {
        getItem: (key) => storage.get(key) ?? null,
        setItem: (key, value) => void storage.set(key, value),
        removeItem: (key) => void storage.delete(key),
      },
      address: `https://app.example/${token ? `?session=${token}` : ''}`,
      replaceAddress() {},
      whenIdle: (callback) => queueMicrotask(callback),
      ticker: new Ticker({ setTimeout, clearTimeout }),
      page,
    };
    this.controller = new SessionController({ ...tab.options, redirect: false, heartbeatSeconds: 30 }, world);
    this.#clear = () => this.#timers.forEach((id) => time.clear(id));
  }

  readonly #clear: () => void;

  tell(news: PageNews): void {
    for (const listener of [...this.#listeners]) listener(news);
  }

  end(): void {
    this.#isOver = true;
    this.#listeners.clear();
    this.#clear();
  }

  async #fetch(tab: Tab, browser: FakeBrowser, url: string, init: RequestInit): Promise<Response> {
    const { time } = browser;
    const fault = tab.isOnline ? tab.faults.shift() : 'cut';
    const aborted = new Promise<never>((_, reject) => {
      const abort = () => reject(init.signal!.reason as Error);
      if (init.signal?.aborted) abort();
      else init.signal?.addEventListener('abort', abort);
    });
    const answer = async () => {
      if (fault === 'cut') throw new TypeError('Failed to fetch');
      time.underway += 1;
      try {
        // A request that has left arrives, whatever becomes of the page.
        const sent = { ...init };
        delete sent.signal;
        const first = await browser.send(url, sent);
        const response = fault === 'double' ? await browser.send(url, sent) : first;
        // Read at once, as the network brings it.
        const text = await response.text();
        const { status, headers } = response;
        const read = () => new Response(status === 204 ? null : text, { status, headers });
        if (fault === 'lose answer') throw new TypeError('Failed to fetch');
        if (fault !== 'delay') return read();
        return await this.#later(time, read);
      } finally {
        time.underway -= 1;
      }
    };
    const answered = Promise.race([answer(), aborted]);
    return new Promise((resolve, reject) => {
      // Nobody is left to hear the answer once the page is gone.
      answered.then(
        (response) => this.#isOver || resolve(response),
        (error: Error) => this.#isOver || reject(error),
      );
    });
  }

  /** An answer that is five seconds late; time does not wait for it. */
  async #later(time: SharedTime, read: () => Response): Promise<Response> {
    time.underway -= 1;
    await time.wait(5000);
    time.underway += 1;
    return read();
  }
}
