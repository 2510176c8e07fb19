// Three tabs of one session against the real service, in any order of actions, crashes and faults of the network.
import assert from 'node:assert/strict';
import { setMaxListeners } from 'node:events';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import type { Session } from '../../src/protocol/session.js';
import { assertBooksBalance } from './books.js';
import { startTestService, type TestApplication, type TestService } from './fixtures.js';
import { seededRandom } from '../simulation/random.js';
import { FakeBrowser, Tab, type Fault } from './tabs/fake-browser.js';
import { SharedTime } from './tabs/shared-time.js';
// Late parts arrive at once: time does not wait for them.
import '../../src/controller/late-parts.js';
import '../../src/controller/token/session-token-request.js';

/** How many lists of steps are tried; set TABS_RUNS for more. */
const numRuns = Number(process.env.TABS_RUNS ?? 4);

type Step =
  | { kind: 'extend' | 'pause' | 'resume' | 'crash' | 'reload' | 'offline' | 'online'; tab: number }
  | { kind: 'fault'; tab: number; faults: Fault[] }
  | { kind: 'pass'; seconds: number }
  | { kind: 'extend from server' };

const tab = fc.nat(2);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constantFrom('extend', 'extend', 'pause', 'resume'), tab }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom('crash', 'reload', 'offline', 'online', 'online'), tab }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('fault'),
      tab,
      faults: fc.array(fc.constantFrom('cut', 'lose answer', 'double', 'delay'), {
        minLength: 1,
        maxLength: 4,
      }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('pass'), seconds: fc.constantFrom(0, 0, 1, 7, 40) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('extend from server') }) },
);

// Browsers have no such limit.
setMaxListeners(0);

const time = new SharedTime();
let service: TestService;
let application: TestApplication;

before(async () => {
  // Each look at the clock takes a moment: no two answers are of the same one.
  service = await startTestService({
    publicUrl: 'https://session.test',
    now: () => ++time.now,
    timer: time.timer,
  });
  application = await service.createApplication({
    tokens_per_minute: 1,
    proof_of_possession: 'off',
    extension_options: [{ additional_seconds: 900, tokens: 15 }],
    max_duration_seconds: 86_400,
    max_pause_seconds: 43_200,
  });
});
after(() => service.close());

const send = async (url: string, init: RequestInit) => {
  // A stream would go on for ever; heartbeats tell the same.
  if (url.endsWith('/events')) return new Response(null, { status: 404 });
  return service.service.fetch(new Request(url, init));
};

/** One run: what the tabs and the service hold at its end. */
async function run(steps: readonly Step[], seed: number): Promise<void> {
  const customer = await service.createCustomer(1000);
  const sold = await service.createSession(application, customer, { duration_seconds: 3600 });
  const { id } = sold.session;
  const browser = new FakeBrowser(time, send);
  const options = { apiEndpoint: 'https://session.test/api/v1', applicationId: application.id };
  const tabs = Array.from({ length: 3 }, (_, index) => new Tab(browser, options, seededRandom(seed + index)));
  const extendFromServer = () =>
    service.call('POST', `/api/v1/sessions/${id}/extend`, {
      as: application.secretKey,
      body: { additional_seconds: 900 },
      headers: { 'Idempotency-Key': crypto.randomUUID() },
    });
  let wishes = 0;
  let granted = 0;

  // The last one has no session token: another tab asks for it.
  tabs[0]!.open(sold.session_token);
  tabs[1]!.open(sold.session_token);
  await time.settle();
  tabs[2]!.open();
  await time.pass(1);

  for (const wanted of steps) {
    if (wanted.kind === 'pass') await time.pass(wanted.seconds);
    else if (wanted.kind === 'extend from server') {
      wishes += 1;
      granted += 1;
      await extendFromServer();
    } else {
      const one = tabs[wanted.tab]!;
      switch (wanted.kind) {
        case 'extend':
          wishes += 1;
          one.controller?.extend(15).then(
            () => undefined,
            () => undefined,
          );
          break;
        case 'pause':
        case 'resume':
          one.controller?.[wanted.kind]().catch(() => {});
          break;
        case 'crash':
          one.crash();
          break;
        case 'reload':
          one.open();
          break;
        case 'offline':
        case 'online':
          one.setOnline(wanted.kind === 'online');
          break;
        case 'fault':
          one.faults = [...wanted.faults];
      }
    }
  }

  // The network is good again, everyone is back, and what was under way comes to its end.
  for (const one of tabs) {
    one.faults = [];
    one.setOnline(true);
  }
  await time.pass(40);
  for (const [index, one] of tabs.entries()) {
    const { state: now = 'failed' } = one.controller ?? {};
    // Without a token of its own a tab may have lost the one that asked for it; its person opens it again.
    if (now === 'failed') one.open(index < 2 ? sold.session_token : undefined);
  }
  await time.pass(100);

  const real = async () =>
    (await service.call<{ session: Session }>('GET', `/api/v1/sessions/${id}`)).body.session;
  const told = (session: Session | null | undefined) => {
    const { status, duration_limit_seconds, tokens_allocated, expires_at, final_cost } = session!;
    return { status, duration_limit_seconds, tokens_allocated, expires_at, final_cost };
  };
  const running = await real();
  for (const one of tabs) assert.deepEqual(told(one.controller!.session), told(running));
  const extensions = (running.duration_limit_seconds - 3600) / 900;
  assert.ok(extensions >= granted && extensions <= wishes, `${extensions} of ${wishes} wishes`);
  assert.equal(running.tokens_allocated, 60 + 15 * extensions);

  // What one of them ends has ended for all, with one bill.
  await Promise.all([tabs[0]!.controller!.end(), time.pass(5)]);
  await time.pass(60);
  const ended = await real();
  assert.equal(ended.status, 'completed');
  for (const one of tabs) {
    assert.equal(one.controller!.state, 'ended');
    assert.deepEqual(told(one.controller!.session), told(ended));
    assertNeverShortened(one);
    one.crash();
  }
  const { body } = await service.call<{ wallet: { available: number; held: number } }>(
    'GET',
    `/api/v1/customers/${customer}`,
  );
  assert.deepEqual(body.wallet, { available: 1000 - ended.final_cost!, held: 0 });
  await assertBooksBalance(service.database);
}

/** While time runs, the length that was bought only grows. */
function assertNeverShortened({ history }: Tab): void {
  let longest = 0;
  for (const { session, state } of history) {
    if (state === 'loading' || !session) {
      longest = 0;
      continue;
    }
    assert.ok(session.duration_limit_seconds >= longest, 'an older answer took bought time back');
    longest = session.duration_limit_seconds;
  }
}

test('end in the same state and with the same bill everywhere', { timeout: 300_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 4, maxLength: 24 }),
      fc.integer({ min: 1, max: 2 ** 30 }),
      run,
    ),
    { numRuns, ...(process.env.SEED && { seed: Number(process.env.SEED) }) },
  );
});
