// One instance of the service, on DATABASE_URL.
import { openDatabase } from '../../../src/service/index.js';
import { serveFromHere } from './service-process.js';

await serveFromHere(await openDatabase({ databaseUrl: process.env.DATABASE_URL! }));
