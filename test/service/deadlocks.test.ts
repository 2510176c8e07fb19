import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertBooksBalance } from './books.js';
import { startTestService, until, type TestApplication, type TestService } from './fixtures.js';
import { moneyOptions } from './paid-service.js';
import { startRealPostgres, type RealPostgres } from './real-postgres.js';
import {
  completed,
  expired,
  refunded,
  secretKey,
  signatureOf,
  webhookSecret,
  type Checkout,
} from './stripe-events.js';
import { StripeServer } from './stripe-server.js';

// The embedded database has one connection: nothing ever waits for a lock there.
describe('Two instances on one PostgreSQL, everything at once', () => {
  const complaints: unknown[] = [];
  const logger = { info() {}, error: (...complaint: unknown[]) => void complaints.push(complaint) };
  const instances: TestService[] = [];
  let postgres: RealPostgres;
  let stripe: StripeServer;
  let application: TestApplication;
  before(async () => {
    postgres = await startRealPostgres();
    stripe = await StripeServer.start();
    const database = await postgres.createDatabase();
    for (let count = 2; count > 0; count -= 1) {
      const keys = { secretKey, webhookSecret, apiUrl: stripe.url };
      instances.push(
        await startTestService({ database, logger, stripe: keys, limits: { minDurationSeconds: 1 } }),
      );
    }
    application = await instances[0]!.createApplication({ extension_options: moneyOptions });
  });
  after(async () => {
    for (const instance of instances) await instance.close();
    await stripe.stop();
    await postgres.stop();
  });

  test('nobody waits in a circle, and the books balance', async () => {
    let calls = 0;
    const call = async (method: string, path: string, body?: unknown, headers = {}) => {
      const answer = await instances[calls++ % 2]!.call(method, path, { body, headers });
      assert.ok(answer.status < 500, JSON.stringify(answer.body));
      return answer;
    };
    const deliver = (event: object) => {
      const text = JSON.stringify(event);
      return call('POST', '/webhooks/stripe', text, {
        'Stripe-Signature': signatureOf(text, Math.floor(Date.now() / 1000)),
      });
    };
    const once = () => ({ 'Idempotency-Key': crypto.randomUUID() });
    const extend = (id: string, body: object) => call('POST', `/sessions/${id}/extend`, body, once());

    const customers = await Promise.all(
      Array.from({ length: 3 }, () => instances[0]!.createCustomer(20_000)),
    );
    // Sessions that end by themselves in the middle of it, beside ones that are ended.
    const sessions = await Promise.all(
      customers.flatMap((userId) =>
        [1, 2, 600, 600].map((duration_seconds) =>
          instances[0]!
            .createSession(application, userId, { duration_seconds })
            .then(({ session }) => session),
        ),
      ),
    );
    await Promise.all(
      sessions.flatMap(({ id }) => [
        extend(id, { additional_seconds: 900, payment: 'money' }),
        extend(id, { additional_seconds: 300 }),
      ]),
    );
    const checkouts = stripe.checkouts as unknown as Checkout[];
    assert.ok(checkouts.length >= sessions.length);

    const work = [
      ...checkouts.flatMap((checkout) =>
        [completed, completed, expired, refunded].map((event) => () => deliver(event(checkout))),
      ),
      ...sessions.flatMap(({ id, user_id }, index) => [
        () => extend(id, { additional_seconds: 900 }),
        () => extend(id, { additional_seconds: 1800 }),
        () => call('POST', `/sessions/${id}/pause`),
        () => call('POST', `/sessions/${id}/resume`),
        () => call('GET', `/customers/${user_id}`),
        () => call('GET', '/sessions'),
        () => call('POST', `/sessions/${id}/heartbeat`, { timestamp: Date.now(), active: true }),
        () => call('POST', `/customers/${user_id}/credits`, { tokens: 5, reference: `r${index % 4}` }),
        () =>
          call(
            'POST',
            '/sessions',
            { application_id: application.id, user_id, duration_seconds: 60 },
            once(),
          ),
        ...(index % 4 === 3 ? [() => call('POST', `/sessions/${id}/end`)] : []),
      ]),
    ];
    for (let round = 0; round < 3; round += 1) {
      const shuffled = work
        .map((task) => ({ task, at: Math.random() }))
        .sort((one, other) => one.at - other.at);
      await Promise.all(shuffled.map(({ task }) => task()));
    }
    const { kysely } = instances[0]!.database;
    await until(
      async () =>
        !(await kysely
          .selectFrom('refunds')
          .select('due_at')
          .where('due_at', 'is not', null)
          .executeTakeFirst()),
    );
    await assertBooksBalance(instances[0]!.database);
    assert.deepEqual(complaints, []);
  });
});
