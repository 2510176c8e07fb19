import { parseDuration, type Duration } from '../../sandbox/duration.js';
import type { Failure, FailureOptions } from '../../sandbox/failures.js';
import type { SandboxRequest, SandboxSale, SandboxSession } from '../../sandbox/sandbox.js';
import { serveSandbox, type ServeSandboxOptions } from '../node/serve-sandbox.js';
import type { TestSandbox } from '../create-sandbox.js';

/** As much of a page of Playwright as is needed. */
export interface PlaywrightPage {
  readonly clock: {
    install(): Promise<void>;
    fastForward(ticks: number): Promise<void>;
  };
  getByRole(role: 'dialog' | 'alertdialog'): PlaywrightLocator;
}

interface PlaywrightLocator {
  or(other: this): this;
}

/** What a test has of the marketplace. */
export interface MarketplaceFixture {
  readonly sandbox: TestSandbox;
  /** What the page is to be given as `api-endpoint`. */
  readonly apiEndpoint: string;
  /** What has come, oldest first. */
  readonly requests: readonly SandboxRequest[];
  sell(sale?: SandboxSale): Promise<SandboxSession>;
  /** The address of a page with a session token in it; of a path, that path. */
  launchUrl(page: string, session: Pick<SandboxSession, 'token'>): string;
  failNext(operation: string, failure: Failure, options?: FailureOptions): void;
  /** Moves the clock of the page and that of the sandbox, as if so much time had passed. */
  travel(page: PlaywrightPage, duration: Duration): Promise<void>;
  /** The dialog of a session: the warning, extending, ending. */
  dialog<Page extends PlaywrightPage>(page: Page): ReturnType<Page['getByRole']>;
}

type Use = (fixture: MarketplaceFixture) => Promise<void>;

/**
 * A fixture for Playwright: a sandbox that is served on this machine, and pages whose clock can be moved.
 * @param options `port`, where the page has its `api-endpoint` in its HTML
 * @example
 * export const test = base.extend<{ marketplace: MarketplaceFixture }>({ marketplace: marketplaceFixture() });
 */
export const marketplaceFixture =
  (options?: ServeSandboxOptions) =>
  // Playwright reads the names that a fixture needs off its first parameter.
  async ({ page }: { page: PlaywrightPage }, use: Use): Promise<void> => {
    const { sandbox, apiEndpoint, close } = await serveSandbox(options);
    // Before the page's scripts take note of the clock.
    await page.clock.install();
    try {
      await use({
        sandbox,
        apiEndpoint,
        requests: sandbox.requests,
        sell: (sale) => sandbox.sell(sale),
        launchUrl: (to, session) => sandbox.launchUrl(to, session),
        failNext: (operation, failure, how) => sandbox.failNext(operation, failure, how),
        async travel(moved, duration) {
          await untilAttached(sandbox.requests);
          await sandbox.clock.advance(duration);
          await moved.clock.fastForward(parseDuration(duration));
        },
        dialog: (shown) =>
          shown.getByRole('dialog').or(shown.getByRole('alertdialog')) as ReturnType<
            (typeof shown)['getByRole']
          >,
      });
    } finally {
      await close();
    }
  };

/** How long a page is waited for that has just begun, ms. */
const patienceMs = 5_000;
const lookMs = 25;

/** A page that has begun is there with all of it once it listens: who moves its clock before loses what falls in between. */
async function untilAttached(requests: readonly SandboxRequest[]): Promise<void> {
  const validated = requests.findLastIndex(
    ({ operation, status }) => operation === 'validate' && status === 200,
  );
  const isAttached = () =>
    requests.some(({ operation }, index) => operation === 'events' && index > validated);
  for (let waitedMs = 0; validated >= 0 && !isAttached() && waitedMs < patienceMs; waitedMs += lookMs)
    await new Promise((resolve) => setTimeout(resolve, lookMs));
}
