import { Ticker } from '../controller/clock/ticker.js';
import type { Page } from '../controller/page/page.js';
import type { World } from '../controller/world.js';
import type { Sandbox } from '../sandbox/sandbox.js';

export interface SandboxWorldOptions {
  /** The page's address, in full; `https://app.example/` by default. */
  address?: string | undefined;
}

/** Where a controller runs that has a sandbox in place of a service, and no browser. */
export interface SandboxWorld extends World {
  /** The page's address now: the session token is taken out of it. */
  address: string;
  /** Where the page was left for, oldest first. */
  readonly leftFor: string[];
}

/** Time passes by the sandbox's clock; requests to other addresses are not answered. */
export function sandboxWorld(
  sandbox: Sandbox,
  { address = 'https://app.example/' }: SandboxWorldOptions = {},
): SandboxWorld {
  const { clock } = sandbox;
  const items = new Map<string, string>();
  const startedAt = clock.now();
  const timers = { setTimeout: clock.setTimeout, clearTimeout: clock.clearTimeout };
  const world: SandboxWorld = {
    ...timers,
    address,
    leftFor: [],
    fetch: (url, init) => sandbox.fetch(new Request(url, init)),
    now: clock.now,
    monotonicNow: () => clock.now() - startedAt,
    tabStorage: {
      getItem: (key) => items.get(key) ?? null,
      setItem: (key, value) => void items.set(key, value),
      removeItem: (key) => void items.delete(key),
    },
    replaceAddress(to) {
      world.address = to;
    },
    // What comes late is there then, so that moving the clock is heard by all of it.
    whenIdle: (callback) => sandbox.waitFor(import('../controller/late-parts.js').then(callback)),
    ticker: new Ticker(timers),
    page: pageIn((to) => world.leftFor.push(to)),
  };
  return world;
}

/** A page that is in front, has a network and stands alone. */
const pageIn = (leaveTo: (address: string) => void): Page => ({
  random: () => Math.random(),
  randomId: () => crypto.randomUUID(),
  leaveTo,
  isVisible: true,
  isOnline: true,
  listen() {},
  onAddressChange() {},
  openTabChannel: () => null,
  locks: null,
  sharedStorage: null,
});
