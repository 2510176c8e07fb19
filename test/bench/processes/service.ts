// One instance of the service as it is run: DATABASE_URL and OPERATOR_KEY say which.
import { createSessionService, openDatabase, serve } from '../../../src/service/index.js';
import { answer } from './answer.js';

const { DATABASE_URL: databaseUrl, OPERATOR_KEY: operatorKey } = process.env;
const database = await openDatabase({ databaseUrl: databaseUrl! });
const service = createSessionService({
  database,
  operatorKey: operatorKey!,
  publicUrl: 'http://session.test',
  // The load comes from one address and one application.
  rateLimits: { session: Infinity, application: Infinity, address: Infinity },
  logger: { info() {}, error: (message, fields) => console.error(message, fields) },
});
await service.start();
const server = await serve(service, { port: 0 });

answer({
  url: () => server.url,
  openStreams: () => service.openStreams,
  memory: () => {
    globalThis.gc!();
    return process.memoryUsage();
  },
});
