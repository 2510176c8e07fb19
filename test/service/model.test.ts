import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { assertBooksBalance } from './books.js';
import { describeOnEachDatabase } from './databases.js';
import { startTestService, type TestApplication, type TestService } from './fixtures.js';
import { RealCustomer } from './model/real.js';
import { pass, perform, terms, type ModelState, type Operation, type Outcome } from './model/reference.js';
import { secretKey, webhookSecret } from './stripe-events.js';
import { StripeServer } from './stripe-server.js';
import { TestClock } from './test-clock.js';

/** How many lists of commands are tried on each database; set MODEL_RUNS for more. */
const numRuns = Number(process.env.MODEL_RUNS ?? 5);

/** An operation before it is known what there is: targets are counted from the newest. */
type Wish =
  | { kind: 'create'; key: number; seconds: number; waiting?: number | undefined }
  | { kind: 'extend'; key: number; target: number; seconds: number }
  | { kind: 'order'; key: number; target: number }
  | { kind: 'start' | 'cancel' | 'pause' | 'resume' | 'end'; target: number }
  | { kind: 'pay' | 'expire' | 'refund'; target: number }
  | { kind: 'credit'; reference: number; tokens: number };

// Few keys and few targets, so that the same ones meet again and again.
const key = fc.nat(5);
const target = fc.nat(2);
const wish: fc.Arbitrary<Wish> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('create'),
      key,
      seconds: fc.constantFrom(60, 599, 1200),
      waiting: fc.constantFrom(undefined, undefined, 60, 300),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('extend'), key, target, seconds: fc.constantFrom(300, 900) }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('order'), key, target }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('pause', 'resume'), target }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('start', 'start', 'cancel'), target }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('end'), target }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constantFrom('pay', 'pay', 'expire', 'refund'), target }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('credit'), reference: fc.nat(3), tokens: fc.constant(150) }),
  },
);

/** What the wish means for this state; undefined where there is nothing to do it to. */
function resolve(state: ModelState, wish: Wish): Operation | undefined {
  if (wish.kind === 'credit') return { ...wish, reference: `reference ${wish.reference}` };
  if (wish.kind === 'create') return { ...wish, key: `create ${wish.key} ${wish.seconds} ${wish.waiting}` };
  const isNews = wish.kind === 'pay' || wish.kind === 'expire' || wish.kind === 'refund';
  const all = Object.keys(isNews ? state.checkouts : state.sessions);
  const name = all[all.length - 1 - wish.target];
  if (name === undefined) return undefined;
  switch (wish.kind) {
    case 'extend':
      return { ...wish, session: name, key: `extend ${name} ${wish.key} ${wish.seconds}` };
    case 'order':
      return { ...wish, session: name, key: `order ${name} ${wish.key}` };
    case 'pay':
    case 'expire':
    case 'refund':
      return { kind: wish.kind, checkout: name };
    default:
      return { kind: wish.kind, session: name };
  }
}

/** One operation, or some at the same time: then the outcome must be that of one after the other, in some order. */
class Perform implements fc.AsyncCommand<ModelState, RealCustomer> {
  readonly #wishes: readonly Wish[];
  constructor(wishes: readonly Wish[]) {
    this.#wishes = wishes;
  }

  check(state: Readonly<ModelState>): boolean {
    return this.#wishes.some((wish) => resolve(state, wish));
  }

  async run(state: ModelState, customer: RealCustomer): Promise<void> {
    const operations = this.#wishes.flatMap((wish) => resolve(state, wish) ?? []);
    const answers = await Promise.all(operations.map((operation) => customer.perform(operation)));
    await customer.settled();
    const tried: unknown[] = [];
    for (const order of permutations(operations.map((_, index) => index))) {
      const attempt = structuredClone(state);
      const outcomes: Outcome[] = [];
      for (const index of order) outcomes[index] = perform(attempt, operations[index]!);
      if (!customer.fits(attempt, answers, outcomes)) {
        tried.push(outcomes);
        continue;
      }
      const [real, expected] = [await customer.read(attempt), customer.expect(attempt)];
      if (isDeepStrictEqual(real, expected)) {
        Object.assign(state, attempt);
        return;
      }
      tried.push({ real, expected });
    }
    assert.fail(`in no order: ${JSON.stringify({ operations, answers, tried }, null, 1)}`);
  }

  toString(): string {
    return JSON.stringify(this.#wishes);
  }
}

/** Time passes: pauses end and deadlines pass, with nobody there. */
class Pass implements fc.AsyncCommand<ModelState, RealCustomer> {
  readonly #seconds: number;
  constructor(seconds: number) {
    this.#seconds = seconds;
  }

  check(): boolean {
    return true;
  }

  async run(state: ModelState, customer: RealCustomer): Promise<void> {
    customer.pass(this.#seconds);
    pass(state, this.#seconds);
    assert.deepEqual(await customer.read(state), customer.expect(state));
  }

  toString(): string {
    return `${this.#seconds} s pass`;
  }
}

/** Commands that follow each other, as far as they are possible. */
class InTurn implements fc.AsyncCommand<ModelState, RealCustomer> {
  readonly #commands: readonly Perform[];
  constructor(commands: readonly Perform[]) {
    this.#commands = commands;
  }

  check(): boolean {
    return true;
  }

  async run(state: ModelState, customer: RealCustomer): Promise<void> {
    for (const command of this.#commands) {
      if (command.check(state)) await command.run(state, customer);
    }
  }

  toString(): string {
    return this.#commands.join(' then ');
  }
}

function permutations(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item) =>
    permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]),
  );
}

/** A session whose extension is ordered and paid: the way to the rest is long for chance alone. */
const purchase = fc
  .record({ key, seconds: fc.constantFrom(599, 1200) })
  .map(
    ({ key, seconds }) =>
      new InTurn([
        new Perform([{ kind: 'create', key, seconds }]),
        new Perform([{ kind: 'order', key, target: 0 }]),
        new Perform([{ kind: 'pay', target: 0 }]),
      ]),
  );

const commands = fc.commands(
  [
    wish.map((one) => new Perform([one])),
    fc.array(wish, { minLength: 2, maxLength: 4 }).map((some) => new Perform(some)),
    purchase,
    fc.constantFrom(1, 7, 60, 99, 100, 300, 600, 600, 2000).map((seconds) => new Pass(seconds)),
  ],
  { maxCommands: 30, size: 'max' },
);

describeOnEachDatabase('Sessions, wallets and extensions', (source) => {
  const clock = new TestClock();
  const instances: TestService[] = [];
  let stripe: StripeServer;
  let application: TestApplication;
  before(async () => {
    stripe = await StripeServer.start();
    const database = await source.create();
    const keys = { secretKey, webhookSecret, apiUrl: stripe.url };
    // A server is shared by instances; they take turns.
    for (let count = source.kind === 'PGlite' ? 1 : 2; count > 0; count -= 1) {
      const { now, timer } = clock;
      instances.push(await startTestService({ database, now, timer, stripe: keys }));
    }
    application = await instances[0]!.createApplication({
      tokens_per_minute: terms.tokensPerMinute,
      max_duration_seconds: terms.maxDurationSeconds,
      max_extensions: terms.maxExtensions,
      max_pause_seconds: terms.maxPauseSeconds,
      extension_options: Object.entries(terms.options).map(([seconds, tokens]) => ({
        additional_seconds: Number(seconds),
        tokens,
        ...(Number(seconds) === terms.moneySeconds && { money: { amount: 499, currency: 'eur' } }),
      })),
    });
  });
  after(async () => {
    for (const instance of instances) await instance.close();
    await stripe.stop();
  });

  test('are as a simple model says, whatever is asked for, in any order and at the same time', async () => {
    await fc.assert(
      fc.asyncProperty(commands, async (list) => {
        const tokens = 600;
        const userId = await instances[0]!.createCustomer(tokens);
        const now = Math.floor(clock.now() / 1000);
        const model: ModelState = { now, wallet: tokens, sessions: {}, checkouts: {}, kept: {}, credits: {} };
        const real = new RealCustomer(instances, application, stripe, clock, userId);
        await fc.asyncModelRun(() => ({ model, real }), list);
        await assertBooksBalance(instances[0]!.database);
      }),
      { numRuns, includeErrorInReport: true },
    );
  });
});
