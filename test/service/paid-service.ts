import assert from 'node:assert/strict';
import type { ExtendAnswer, Extension, Problem, SessionAnswer } from '../../src/protocol/api.js';
import type { DatabaseSource } from './databases.js';
import { expectOk, startTestService, type Answer, type Json, type TestService } from './fixtures.js';
import { secretKey, signatureOf, webhookSecret, type Checkout, type StripeEvent } from './stripe-events.js';
import { StripeServer } from './stripe-server.js';
import { TestClock } from './test-clock.js';

export type ExtendOutcome = Answer<ExtendAnswer & Problem>;

export interface PaidSession {
  id: string;
  as: string;
  userId: string;
}

/** A service that sells for money, with a Stripe of its own and a clock that stands still. */
export interface PaidService extends TestService {
  stripe: StripeServer;
  clock: TestClock;
  start(tokens?: number, application?: Json): Promise<PaidSession>;
  extend(session: PaidSession, body?: Json, key?: string): Promise<ExtendOutcome>;
  /** Asks for 15 minutes by money. @returns the Checkout as Stripe has it. */
  order(session: PaidSession, body?: Json): Promise<Checkout>;
  deliver(event: StripeEvent, headers?: Record<string, string>): Promise<Answer<Problem>>;
  read(session: PaidSession): Promise<SessionAnswer['session']>;
  history(session: PaidSession): Promise<Extension[]>;
}

/** Ten minutes are sold at first; 15 more cost 150 tokens or 4.99 EUR, 5 more are for money only. */
export const moneyOptions = [
  { additional_seconds: 900, tokens: 150, money: { amount: 499, currency: 'eur' } },
  { additional_seconds: 1800, tokens: 280 },
  { additional_seconds: 300, tokens: null, money: { amount: 250, currency: 'jpy' } },
];

export async function startPaidService(source: DatabaseSource): Promise<PaidService> {
  const stripe = await StripeServer.start();
  const clock = new TestClock();
  const keys = { secretKey, webhookSecret, apiUrl: stripe.url, timeoutMs: 1_000 };
  const { now, timer } = clock;
  const database = await source.create();
  const service = await startTestService({ database, now, timer, stripe: keys });

  const extend: PaidService['extend'] = (
    { id, as },
    body = { additional_seconds: 900, payment: 'money' },
    key = crypto.randomUUID(),
  ) => service.call('POST', `/sessions/${id}/extend`, { as, body, headers: { 'Idempotency-Key': key } });

  return {
    ...service,
    stripe,
    clock,
    extend,
    async start(tokens = 1000, fields = {}) {
      const application = await service.createApplication({ extension_options: moneyOptions, ...fields });
      const userId = await service.createCustomer(tokens);
      const { session, session_token: as } = await service.createSession(application, userId);
      return { id: session.id, as, userId };
    },
    async order(session, body) {
      const { checkout_url } = expectOk(await extend(session, body));
      const checkout = stripe.checkouts.find(({ url }) => url === checkout_url);
      assert.ok(checkout, 'the address is one of Stripe');
      return checkout as unknown as Checkout;
    },
    deliver(event, headers) {
      const body = JSON.stringify(event);
      const signature = signatureOf(body, Math.floor(clock.now() / 1000));
      return service.call('POST', '/api/v1/webhooks/stripe', {
        as: null,
        body,
        headers: { 'Stripe-Signature': signature, ...headers },
      });
    },
    async read({ id }) {
      return expectOk(await service.call<SessionAnswer>('GET', `/sessions/${id}`)).session;
    },
    async history({ id }) {
      const path = `/sessions/${id}/extensions`;
      return expectOk(await service.call<{ extensions: Extension[] }>('GET', path)).extensions;
    },
    async close() {
      await service.close();
      await stripe.stop();
    },
  };
}
