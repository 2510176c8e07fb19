// What the service says of itself in /openapi.json is what it is attacked by: a new route is attacked too.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { assertBooksBalance } from './books.js';
import { describeOnOneDatabase } from './databases.js';
import { operatorKey, startTestService, type TestService } from './fixtures.js';
import { assertCodeDescribed, assertDescribed, assertProblem } from './openapi/answers.js';
import { arbitraryRequest } from './openapi/arbitrary-request.js';
import { readOperations } from './openapi/operations.js';
import { seedTenant } from './openapi/seed-tenant.js';
import { send } from './openapi/send.js';
import { secretKey as stripeKey, webhookSecret } from './stripe-events.js';
import { StripeServer } from './stripe-server.js';

/** How many requests each operation gets; set FUZZ_RUNS for more. */
const numRuns = Number(process.env.FUZZ_RUNS ?? 12);

describeOnOneDatabase('Garbage', (source) => {
  let service: TestService;
  let stripe: StripeServer;
  const errors: string[] = [];
  before(async () => {
    stripe = await StripeServer.start();
    const logger = {
      info() {},
      error: (message: string, fields?: object) => errors.push(message + JSON.stringify(fields)),
    };
    const keys = { secretKey: stripeKey, webhookSecret, apiUrl: stripe.url };
    // Each credential sends more than anybody should.
    const rateLimits = { session: Infinity, application: Infinity };
    const database = await source.create();
    service = await startTestService({ database, logger, stripe: keys, rateLimits });
  });
  after(async () => {
    await service.close();
    await stripe.stop();
  });

  test('whatever is sent to a route, it is answered as described or refused with a problem', async (t) => {
    const operations = await readOperations(service);
    // What reads leaves it as it was.
    const unharmed = await seedTenant(service, operations);
    for (const operation of operations) {
      await t.test(`${operation.method} ${operation.path}`, async () => {
        const statuses = new Set<number>();
        const { known, secretKey, token } =
          operation.method === 'GET' ? unharmed : await seedTenant(service, operations);
        const attacked = { ...known, session_jwt: [token], credential: [operatorKey, secretKey, token] };
        const property = fc.asyncProperty(arbitraryRequest(operation, attacked), async (request) => {
          const answer = await send(service, operation, request);
          statuses.add(answer.status);
          assert.ok(answer.status < 500, `${answer.status}: ${answer.text} ${errors.at(-1)}`);
          if (answer.status >= 400) assertCodeDescribed(operation, assertProblem(answer));
          else assertDescribed(operation, answer);
        });
        const attack = () => fc.assert(property, { numRuns, endOnFailure: true, includeErrorInReport: true });
        const isOneSided = () => statuses.size < 2 && operation.schemes.length > 0;
        await attack();
        // A few requests may all be good by chance, or all bad.
        for (let more = 0; isOneSided() && more < 5; more += 1) await attack();
        assert.ok(!isOneSided(), 'it is answered in more than one way');
      });
    }
  });

  test('nothing of it failed inside, and the books balance', async () => {
    assert.deepEqual(errors, []);
    await assertBooksBalance(service.database);
  });
});
