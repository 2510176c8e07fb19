// What end-to-end tests stand on, opened before the tests of a file and closed after them. `take` gets it.
import { after, before, beforeEach } from 'node:test';
import type { Browser } from 'playwright-core';
import type { TestServiceOptions } from '../service/fixtures.js';
import { borrowChromium, giveBackChromium } from './chromium.js';
import { DemoWorld } from './demo-world.js';
import { openOneOrigin, type OneOrigin, type PageAnswer } from './one-origin.js';
import { SessionWorld } from './session-world.js';

/** What opens or closes a world may not answer; without a limit all files behind it would wait. */
const limit = { timeout: 120_000 };

/** A browser. Named first, its pages are gone before what they talk to. */
export function useBrowser(take: (browser: Browser) => void): void {
  before(async () => take(await borrowChromium()), limit);
  after(giveBackChromium, limit);
}

/** The demo with a browser in front of it. */
export function useDemoWorld(take: (world: DemoWorld) => void): void {
  let world: DemoWorld | undefined;
  before(async () => take((world = await DemoWorld.open())), limit);
  after(() => world?.close(), limit);
}

/** A service behind a line, and an app; each test begins with a line that nothing has passed, and without a fault. */
export function useSessionWorld(take: (world: SessionWorld) => void, options?: TestServiceOptions): void {
  let world: SessionWorld | undefined;
  before(async () => take((world = await SessionWorld.open(options))), limit);
  beforeEach(() => {
    world!.line.seen.length = 0;
    world!.line.fault = () => undefined;
  });
  after(() => world?.close(), limit);
}

/** A service, the script tag's files and pages of the test's own, all of one origin. @param options of the service, asked for when it starts. */
export function useOneOrigin(
  take: (site: OneOrigin) => void,
  answer: PageAnswer,
  options?: () => TestServiceOptions,
): void {
  let site: OneOrigin | undefined;
  before(async () => take((site = await openOneOrigin(answer, options?.()))), limit);
  after(() => site?.close(), limit);
}
