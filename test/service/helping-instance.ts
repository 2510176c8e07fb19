// One instance of the service that sells help for money, in a process of its own, for a test that kills it: on DATABASE_URL, at the
// Stripe of STRIPE_URL, with a clock that is moved.
import { createSessionService, openDatabase, serve } from '../../src/service/index.js';
import { secretKey, webhookSecret } from './stripe-events.js';

const { DATABASE_URL, OPERATOR_KEY, STRIPE_URL } = process.env;
const service = createSessionService({
  database: await openDatabase({ databaseUrl: DATABASE_URL! }),
  operatorKey: OPERATOR_KEY!,
  publicUrl: 'http://session.test',
  stripe: { secretKey, webhookSecret, apiUrl: STRIPE_URL!, timeoutMs: 5_000 },
  rateLimits: { application: Infinity, person: Infinity, operator: Infinity },
  testClock: true,
});
await service.start();
const { url } = await serve(service, { port: 0 });
console.log(`runs at ${url}`);
