// How long a session is led by nobody: from the loss of the leader's tab to the next leader's event stream at the backend.
import { setTimeout as wait } from 'node:timers/promises';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startBackend, type Backend } from '../harness/backend.js';
import { readCdnFiles } from '../harness/cdn-files.js';
import { elementPage } from '../harness/html.js';
import type { Bench, Benchmark, Row } from '../harness/measurement.js';
import { pageScript } from '../harness/page-script.js';
import { startSite } from '../harness/site.js';
import { median } from '../harness/statistics.js';
import { until } from '../harness/until.js';
import { openTab } from './session-tabs.js';

const wholeRounds = 12;
const profilesWithoutLocks = 4;
const roundsWithoutLocks = 2;
const profilesThatHang = 3;
/** What a bare lock takes in the same pages is the browser's own; ours may add that share. */
const targetToBareLock = 1.25;
/** Decided by timers of ours, ms. */
const targets = { withoutLocks: 3000, hangs: 15_000 };
/** Losses fall anywhere between two signs of life: those of a lease come every 800 ms, those of a leader every 5 s. */
const leasePhaseMs = 800;
const pulsePhaseMs = 5000;
const patienceMs = 30_000;

/** How the leader's tab is lost, when the returned function is called. */
type Lose = (leader: Page) => Promise<() => void>;

const close: Lose = async (leader) => () => void leader.close();
const crash: Lose = async (leader) => {
  const devtools = await leader.context().newCDPSession(leader);
  return () => void devtools.send('Page.crash').catch(() => {});
};
/** A request that is waited for holds the main thread, and costs the other tabs nothing. */
const hang: Lose = async (leader) => () =>
  void leader
    .evaluate(() => {
      const request = new XMLHttpRequest();
      const { apiEndpoint } = document.querySelector('marketplace-session')!;
      request.open('GET', `${apiEndpoint}/sessions/hang`, false);
      request.send();
    })
    .catch(() => {});

export const failover: Benchmark = {
  name: 'failover',
  async measure(bench) {
    const { browser } = bench;
    const rounds = bench.sized(wholeRounds);
    bench.note(`${rounds} leaders are closed, ${rounds} crash`);
    const [closed, crashed] = await withProfile(browser, [], async (profile) => {
      for (let tab = 0; tab < 3; tab++) await profile.open();
      return [await profile.loseLeaders(rounds, close), await profile.loseLeaders(rounds, crash)] as const;
    });
    bench.note('without Web Locks');
    const withoutLocks = await inProfiles(
      bench,
      bench.sized(profilesWithoutLocks),
      ['no-locks'],
      async (profile) => {
        // Of two tabs it is known which one leads next; a lease has no line to stand in.
        for (let tab = 0; tab < 2; tab++) await profile.open();
        return profile.loseLeaders(bench.sized(roundsWithoutLocks), crash);
      },
    );
    bench.note('leaders that hang');
    const hanging = await inProfiles(bench, bench.sized(profilesThatHang), [], async (profile) => {
      for (let tab = 0; tab < 2; tab++) await profile.open();
      await wait(Math.random() * pulsePhaseMs);
      return [await profile.loseLeader(hang)];
    });
    return [
      ...rowsOf('closed', closed),
      ...rowsOf('crashed', crashed),
      ...slowRowsOf("no Web Locks, leader's tab crashed", withoutLocks, targets.withoutLocks),
      ...slowRowsOf("leader's tab hangs", hanging, targets.hangs),
    ];
  },
};

/** How long it took, ms: our next leader, and the next holder of a bare lock in the same pages. */
interface Loss {
  sessionMs: number;
  lockMs: number;
}

/** A browser profile with tabs of one session, in the order in which they lead. */
class Profile {
  readonly #context: BrowserContext;
  readonly #backend: Backend;
  readonly #address: string;
  readonly #bareLock: string | undefined;
  readonly #tabs: Page[] = [];

  /** @param bareLock a script; undefined where there are no locks. */
  constructor(context: BrowserContext, backend: Backend, origin: string, bareLock: string | undefined) {
    this.#context = context;
    this.#backend = backend;
    this.#address = `${origin}/?session=${backend.sessionToken}`;
    this.#bareLock = bareLock;
  }

  async open(): Promise<void> {
    const tab = await openTab(this.#context, this.#address);
    if (this.#bareLock) await tab.evaluate(this.#bareLock);
    if (this.#tabs.length === 0) await this.#arrival('events', 0);
    this.#tabs.push(tab);
  }

  async loseLeader(lose: Lose): Promise<Loss> {
    const { events, lead } = { events: this.#count('events'), lead: this.#count('lead') };
    const loseNow = await lose(this.#tabs.shift()!);
    const lostAt = performance.now();
    loseNow();
    const sessionMs = (await this.#arrival('events', events)) - lostAt;
    const hasLock = this.#bareLock && lose !== hang;
    return { sessionMs, lockMs: hasLock ? (await this.#arrival('lead', lead)) - lostAt : NaN };
  }

  /** One after the other; each that is lost has its place taken by a new one, at the end of the line. */
  async loseLeaders(count: number, lose: Lose): Promise<Loss[]> {
    const losses: Loss[] = [];
    for (let round = 0; round < count; round++) {
      await wait(Math.random() * leasePhaseMs);
      losses.push(await this.loseLeader(lose));
      await this.open();
    }
    return losses;
  }

  #count(call: string): number {
    return this.#backend.arrivals(call).length;
  }

  async #arrival(call: string, before: number): Promise<number> {
    await until(() => this.#count(call) > before, patienceMs, `${call} of the next leader`);
    return this.#backend.arrivals(call)[before]!;
  }
}

async function withProfile<T>(
  browser: Browser,
  scripts: readonly string[],
  use: (profile: Profile) => Promise<T>,
): Promise<T> {
  const backend = await startBackend(3600, { hasEvents: true });
  const site = await startSite({ '/': elementPage(backend.apiEndpoint) }, await readCdnFiles());
  const context = await browser.newContext();
  try {
    for (const script of scripts) await context.addInitScript({ content: await pageScript(script) });
    const bareLock = scripts.includes('no-locks')
      ? undefined
      : `(() => {${await pageScript('bare-lock')}\n})()`;
    return await use(new Profile(context, backend, site.origin, bareLock));
  } finally {
    // The backend first: it lets go of pages that hang.
    await backend.close();
    await Promise.all([context.close(), site.close()]);
  }
}

/** The losses of several profiles at once. */
async function inProfiles(
  { browser }: Bench,
  count: number,
  scripts: readonly string[],
  use: (profile: Profile) => Promise<Loss[]>,
): Promise<Loss[]> {
  const losses = await Promise.all(Array.from({ length: count }, () => withProfile(browser, scripts, use)));
  return losses.flat();
}

const ms = { unit: 'ms' };

function rowsOf(how: string, losses: readonly Loss[]): Row[] {
  const [sessions, locks] = [losses.map(({ sessionMs }) => sessionMs), losses.map(({ lockMs }) => lockMs)];
  const name = `failover: leader's tab ${how}`;
  const [sessionMs, lockMs] = [median(sessions), median(locks)];
  const target = targetToBareLock;
  return [
    { name: `${name}, to a bare Web Lock`, value: sessionMs / lockMs, unit: '×', target },
    { name: `${name}, median`, value: sessionMs, target: null, peer: lockMs, ...ms },
    { name: `${name}, worst`, value: Math.max(...sessions), target: null, peer: Math.max(...locks), ...ms },
    { name: `failover: bare Web Lock, tab ${how}, median`, value: lockMs, target: null, ...ms },
  ];
}

/** What a timer decides is judged by its worst. */
function slowRowsOf(name: string, losses: readonly Loss[], target: number): Row[] {
  const sessions = losses.map(({ sessionMs }) => sessionMs);
  return [
    { name: `failover: ${name}, worst`, value: Math.max(...sessions), target, ...ms },
    { name: `failover: ${name}, median`, value: median(sessions), target: null, ...ms },
  ];
}
