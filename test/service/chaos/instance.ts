// One instance of the service in a process of its own, for a test that kills it. DATABASE_URL and OPERATOR_KEY say which,
// and WEBHOOK_HOSTS whom it may tell.
import { createSessionService, jsonLogger, openDatabase, serve } from '../../../src/service/index.js';

const { DATABASE_URL: databaseUrl, OPERATOR_KEY: operatorKey, WEBHOOK_HOSTS: hosts } = process.env;
const database = await openDatabase({ databaseUrl: databaseUrl! });
const service = createSessionService({
  database,
  operatorKey: operatorKey!,
  publicUrl: 'http://session.test',
  webhooks: { allowedHosts: hosts?.split(',') ?? [] },
  limits: { minDurationSeconds: 1, warningSeconds: 1 },
  rateLimits: { session: Infinity, application: Infinity },
  logger: jsonLogger((line) => console.error(line), 'error'),
});
await service.start();
const { url } = await serve(service, { port: 0 });
console.log(`runs at ${url}`);
