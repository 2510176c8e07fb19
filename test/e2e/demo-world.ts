import { rm } from 'node:fs/promises';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { launchChromium } from './chromium.js';
import { startDemo, type Demo } from '../../demo/demo.js';
import { customerId } from '../../demo/marketplace/seed.js';
import type { Customer } from '../../demo/marketplace/session-api.js';
import { makeDataDirectory } from './data-directory.js';
import { ensureScriptTagFiles } from './script-tag-files.js';

/** The real demo on free ports with a database of its own, and a browser in front of it. */
export class DemoWorld {
  readonly demo: Demo;
  readonly browser: Browser;
  readonly #dataDirectory: string;
  readonly #clock: ServiceClock;

  private constructor(demo: Demo, browser: Browser, dataDirectory: string, clock: ServiceClock) {
    this.demo = demo;
    this.browser = browser;
    this.#dataDirectory = dataDirectory;
    this.#clock = clock;
  }

  static async open(): Promise<DemoWorld> {
    ensureScriptTagFiles();
    const dataDirectory = await makeDataDirectory();
    const clock = new ServiceClock();
    const demo = await startDemo({ ports: { marketplace: 0, provider: 0 }, dataDirectory, now: clock.now });
    try {
      const browser = await launchChromium();
      return new DemoWorld(demo, browser, dataDirectory, clock);
    } catch (error) {
      await demo.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.demo.close();
    await rm(this.#dataDirectory, { recursive: true, maxRetries: 10 });
  }

  /** A fresh browser profile whose clock can be moved, on the time of the service. */
  async newContext(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    const context = await this.browser.newContext({ locale: 'en-GB', ...options });
    await context.clock.install({ time: this.#clock.now() });
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

  /** Lets time pass, for the service and then for the page. */
  async pass(page: Page, seconds: number): Promise<void> {
    this.#clock.skewMs += seconds * 1000;
    await page.clock.fastForward(seconds * 1000);
  }

  /** The service's clock, ms since the epoch. */
  now(): number {
    return this.#clock.now();
  }

  async wallet(): Promise<Customer['wallet']> {
    return (await this.demo.operator.readCustomer(customerId)).wallet;
  }
}

class ServiceClock {
  skewMs = 0;
  readonly now = () => Date.now() + this.skewMs;
}

/** Seconds in a text such as `1:05`. */
export function secondsIn(text: string | null): number {
  const [, minutes, seconds] = /(\d+):(\d\d)/.exec(text ?? '') ?? [];
  return Number(minutes) * 60 + Number(seconds);
}
