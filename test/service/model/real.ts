import assert from 'node:assert/strict';
import type {
  CreateSessionAnswer,
  ExtendAnswer,
  Extension,
  Problem,
  SessionAnswer,
} from '../../../src/protocol/api.js';
import type { Answer, TestApplication, TestService } from '../fixtures.js';
import { expectOk, until } from '../fixtures.js';
import {
  completed,
  expired,
  refunded,
  signatureOf,
  type Checkout,
  type StripeEvent,
} from '../stripe-events.js';
import type { StripeServer } from '../stripe-server.js';
import type { TestClock } from '../test-clock.js';
import { allocatedOf, isClosed, terms, type ModelState, type Operation, type Outcome } from './reference.js';

/** What the model calls a session or a checkout, and what the service calls it. */
interface Names {
  sessions: Map<string, string>;
  checkouts: Map<string, Checkout>;
}

/** One customer of the real service, seen through one or more instances of it. */
export class RealCustomer {
  readonly names: Names = { sessions: new Map(), checkouts: new Map() };
  readonly #instances: readonly TestService[];
  readonly #application: TestApplication;
  readonly #stripe: StripeServer;
  readonly #clock: TestClock;
  readonly #userId: string;
  #calls = 0;

  constructor(
    instances: readonly TestService[],
    application: TestApplication,
    stripe: StripeServer,
    clock: TestClock,
    userId: string,
  ) {
    this.#instances = instances;
    this.#application = application;
    this.#stripe = stripe;
    this.#clock = clock;
    this.#userId = userId;
  }

  /** Does one operation; who is told to wait asks again, as a client does. */
  async perform(operation: Operation): Promise<RealOutcome> {
    for (;;) {
      const { body, status } = await this.#send(operation);
      assert.ok(status < 500, JSON.stringify(body));
      if (body.code !== 'IDEMPOTENCY_KEY_IN_USE') return outcomeOf(operation, body);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  pass(seconds: number): void {
    this.#clock.advance(seconds);
  }

  /** Takes over the names that the model gave to what is new, where they fit. @returns whether they do. */
  fits(state: ModelState, real: readonly RealOutcome[], model: readonly Outcome[]): boolean {
    const names = { sessions: new Map(this.names.sessions), checkouts: new Map(this.names.checkouts) };
    const isSame = real.every((outcome, index) => {
      const expected = model[index]!;
      // What became of it may be told before the answer that it was ordered in.
      const wasClosed = outcome.code === 'CHECKOUT_CLOSED' && expected.checkout !== undefined;
      if (wasClosed) return isClosed(state, expected.checkout!);
      return isSameOutcome(outcome, expected, names, this.#stripe);
    });
    if (isSame) Object.assign(this.names, names);
    return isSame;
  }

  /** The state as the service has it, in the words of the model. */
  async read(state: ModelState): Promise<Partial<ModelState>> {
    const sessions: Record<string, unknown> = {};
    const checkouts: Record<string, unknown> = {};
    for (const name of Object.keys(state.sessions)) {
      const id = this.names.sessions.get(name)!;
      const { session } = expectOk(await this.#call<SessionAnswer>('GET', `/sessions/${id}`));
      const { status, waiting_until, expires_at, remaining_seconds } = session;
      const { duration_limit_seconds, tokens_allocated } = session;
      const { used_seconds, final_cost, tokens_refunded } = session;
      const bill =
        used_seconds === null ? null : { used: used_seconds, cost: final_cost, refund: tokens_refunded };
      const length = duration_limit_seconds;
      sessions[name] = {
        status,
        waiting_until,
        expires_at,
        remaining_seconds,
        length,
        tokens_allocated,
        bill,
      };
      const path = `/sessions/${id}/extensions`;
      const { extensions } = expectOk(await this.#call<{ extensions: Extension[] }>('GET', path));
      for (const { id, payment, status } of extensions) {
        if (payment === 'money') checkouts[id] = status;
      }
    }
    // Last: what is due to a session is done when that is read.
    const { wallet } = expectOk(
      await this.#call<{ wallet: { available: number } }>('GET', `/customers/${this.#userId}`),
    );
    return { wallet: wallet.available, sessions, checkouts } as never;
  }

  /** What `read` answers where the service is as the model says. */
  expect(state: ModelState): Partial<ModelState> {
    const sessions = Object.entries(state.sessions).map(([name, session]) => {
      const { status, deadline, waitingUntil, pausedAt, blocks, bill } = session;
      const isRunning = status === 'active' || status === 'paused';
      const length = blocks.reduce((sum, { seconds }) => sum + seconds, 0);
      return [
        name,
        {
          status,
          expires_at: status === 'paused' ? null : deadline,
          waiting_until: waitingUntil,
          remaining_seconds: isRunning
            ? deadline! - (pausedAt ?? state.now)
            : status === 'waiting'
              ? length
              : 0,
          length,
          tokens_allocated: allocatedOf(session),
          bill,
        },
      ];
    });
    const checkouts = Object.entries(state.checkouts).map(([name, { status }]) => [
      this.names.checkouts.get(name)!.metadata.checkout_id,
      status,
    ]);
    return {
      wallet: state.wallet,
      sessions: Object.fromEntries(sessions),
      checkouts: Object.fromEntries(checkouts),
    };
  }

  /** Waits until nothing is on its way back. */
  async settled(): Promise<void> {
    const { kysely } = this.#instances[0]!.database;
    await until(
      async () =>
        !(await kysely
          .selectFrom('refunds')
          .select('due_at')
          .where('due_at', 'is not', null)
          .executeTakeFirst()),
    );
  }

  #send(operation: Operation): Promise<Answer<Body>> {
    const headers =
      'key' in operation
        ? { 'Idempotency-Key': `${this.#userId}-${operation.key}`.replaceAll(' ', '-') }
        : {};
    switch (operation.kind) {
      case 'create': {
        const [application_id, user_id] = [this.#application.id, this.#userId];
        const { seconds: duration_seconds, waiting: waiting_seconds } = operation;
        const wait = waiting_seconds === undefined ? {} : { start: 'when_joined', waiting_seconds };
        const body = { application_id, user_id, duration_seconds, ...wait };
        return this.#call('POST', '/sessions', body, headers);
      }
      case 'extend':
        return this.#change(operation.session, 'extend', { additional_seconds: operation.seconds }, headers);
      case 'order': {
        const body = { additional_seconds: terms.moneySeconds, payment: 'money' };
        return this.#change(operation.session, 'extend', body, headers);
      }
      case 'start':
      case 'cancel':
      case 'pause':
      case 'resume':
      case 'end':
        return this.#change(operation.session, operation.kind);
      case 'credit': {
        const { tokens, reference } = operation;
        return this.#call('POST', `/customers/${this.#userId}/credits`, { tokens, reference });
      }
      default: {
        const events = { pay: completed, expire: expired, refund: refunded };
        return this.#deliver(events[operation.kind](this.names.checkouts.get(operation.checkout)!));
      }
    }
  }

  #change(session: string, action: string, body?: object, headers = {}) {
    return this.#call<Body>('POST', `/sessions/${this.names.sessions.get(session)}/${action}`, body, headers);
  }

  #deliver(event: StripeEvent) {
    const text = JSON.stringify(event);
    const signature = signatureOf(text, Math.floor(this.#clock.now() / 1000));
    return this.#call<Body>('POST', '/webhooks/stripe', text, { 'Stripe-Signature': signature });
  }

  #call<T = Body>(method: string, path: string, body?: unknown, headers = {}): Promise<Answer<T>> {
    const instance = this.#instances[this.#calls++ % this.#instances.length]!;
    return instance.call<T>(method, path, { body, headers });
  }
}

type Body = Partial<Problem & CreateSessionAnswer & ExtendAnswer>;

export interface RealOutcome {
  code?: string;
  expiresAt?: number | null;
  sessionId?: string;
  checkoutUrl?: string;
}

function outcomeOf({ kind }: Operation, body: Body): RealOutcome {
  if (body.code !== undefined) return { code: body.code };
  if (kind === 'create') return { sessionId: body.session!.id };
  if (kind === 'order') return { checkoutUrl: body.checkout_url! };
  return kind === 'extend' ? { expiresAt: body.expires_at! } : {};
}

/** Each name stands for one thing, and each thing has one name. */
function isSameOutcome(real: RealOutcome, model: Outcome, names: Names, stripe: StripeServer): boolean {
  if (real.code !== model.code || real.expiresAt !== model.expiresAt) return false;
  if ((real.sessionId === undefined) !== (model.session === undefined)) return false;
  if ((real.checkoutUrl === undefined) !== (model.checkout === undefined)) return false;
  if (real.sessionId !== undefined) return isOneToOne(names.sessions, model.session!, real.sessionId);
  if (real.checkoutUrl === undefined) return true;
  const checkout = stripe.checkouts.find(({ url }) => url === real.checkoutUrl) as unknown as Checkout;
  return isOneToOne(names.checkouts, model.checkout!, checkout);
}

function isOneToOne<T>(names: Map<string, T>, name: string, thing: T): boolean {
  if (names.has(name)) return names.get(name) === thing;
  if ([...names.values()].includes(thing)) return false;
  names.set(name, thing);
  return true;
}
