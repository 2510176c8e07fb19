import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Page, Request } from 'playwright-core';
import { borrowChromium, giveBackChromium } from './chromium.js';
import { startDemo, type Demo } from '../../demo/demo.js';
import { customerId } from '../../demo/marketplace/seed.js';
import type { Customer, Session } from '../../src/sdk/index.js';
import { until } from '../service/fixtures.js';
import { startRealPostgres, type RealPostgres } from '../service/real-postgres.js';
import { ensureScriptTagFiles } from '../../tools/script-tag-files.mjs';

/** The real demo on free ports with a PostgreSQL database of its own, and a browser in front of it. */
export class DemoWorld {
  readonly demo: Demo;
  readonly browser: Browser;
  readonly #postgres: RealPostgres;
  /** Of its secret keys. */
  readonly #dataDirectory: string;
  readonly #clock: ServiceClock;
  /** What pages have asked the session service, and have no answer to yet; streams aside. */
  readonly #asked = new Set<Request>();

  private constructor(
    demo: Demo,
    browser: Browser,
    postgres: RealPostgres,
    dataDirectory: string,
    clock: ServiceClock,
  ) {
    this.demo = demo;
    this.browser = browser;
    this.#postgres = postgres;
    this.#dataDirectory = dataDirectory;
    this.#clock = clock;
  }

  static async open(): Promise<DemoWorld> {
    ensureScriptTagFiles();
    const directory = join(tmpdir(), 'marketplace-session-demo-');
    const [dataDirectory, postgres] = await Promise.all([mkdtemp(directory), startRealPostgres()]);
    const clock = new ServiceClock();
    const demo = await startDemo({
      ports: { marketplace: 0, provider: 0 },
      dataDirectory,
      ...(await postgres.createDatabase()),
      now: clock.now,
      answersByItself: false,
    });
    try {
      const browser = await borrowChromium();
      return new DemoWorld(demo, browser, postgres, dataDirectory, clock);
    } catch (error) {
      await demo.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await giveBackChromium();
    await this.demo.close();
    await this.#postgres.stop();
    await rm(this.#dataDirectory, { recursive: true, maxRetries: 10 });
  }

  /** A fresh browser profile whose clock can be moved, on the time of the service. */
  async newContext(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    const context = await this.browser.newContext({ locale: 'en-GB', ...options });
    this.#clock.resume();
    await context.clock.install({ time: this.#clock.now() });
    const isCall = (url: string) => url.includes('/api/v1/') && !url.endsWith('/events');
    context.on('request', (request) => isCall(request.url()) && this.#asked.add(request));
    context.on('requestfinished', (request) => this.#asked.delete(request));
    context.on('requestfailed', (request) => this.#asked.delete(request));
    return context;
  }

  /** Buys a length of an app in the shop, and waits until its time runs. */
  async buy(page: Page, app: string, minutes = 1): Promise<void> {
    await page.goto(`${this.demo.marketplaceUrl}/`);
    const card = page.locator(`#${app}`);
    await card.locator(`input[value="${minutes}"]`).check();
    await card.getByRole('button').click();
    await page.waitForURL(`${this.demo.providerUrl}/${app}/`);
    await page
      .locator('marketplace-session [part=bar] [part=time]')
      .filter({ hasText: /\d:\d\d/ })
      .waitFor();
  }

  /** Stops the time, of the service and of the page; until `resumeTime`, or the next test. */
  async stopTime(page: Page): Promise<void> {
    // A page cannot go back.
    this.#clock.stop(1000);
    await page.clock.pauseAt(this.#clock.now());
  }

  /** Lets time go on where it was stopped. */
  async resumeTime(page: Page): Promise<void> {
    this.#clock.resume();
    await page.clock.resume();
  }

  /**
   * Lets time pass, for the service and then for the page; once what the page has asked is answered, so that an answer
   * of a slow machine does not take longer in the page's time than a page waits for.
   */
  async pass(page: Page, seconds: number): Promise<void> {
    const isAnswered = () => ![...this.#asked].some((request) => request.frame().page() === page);
    await until(isAnswered);
    this.#clock.skewMs += seconds * 1000;
    await page.clock.fastForward(seconds * 1000);
  }

  /** The service's clock, ms since the epoch. */
  now(): number {
    return this.#clock.now();
  }

  /** The session that was sold last. */
  async newestSession(): Promise<Session> {
    return (await this.demo.operator.sessions.list({ userId: customerId, limit: 1 })).data[0]!;
  }

  async wallet(): Promise<Customer['wallet']> {
    return (await this.demo.operator.customers.retrieve(customerId)).wallet;
  }
}

class ServiceClock {
  skewMs = 0;
  #stoppedAt: number | undefined;
  readonly now = () => (this.#stoppedAt ?? Date.now()) + this.skewMs;

  stop(inMs: number): void {
    this.#stoppedAt = Date.now() + inMs;
  }

  resume(): void {
    this.skewMs += (this.#stoppedAt ?? Date.now()) - Date.now();
    this.#stoppedAt = undefined;
  }
}

/** Seconds in a text such as `1:05`. */
export function secondsIn(text: string | null): number {
  const [, minutes, seconds] = /(\d+):(\d\d)/.exec(text ?? '') ?? [];
  return Number(minutes) * 60 + Number(seconds);
}
