// An instance of the service that looks for viruses, in a process of its own: its scanner never answers where a file `scan` lies in
// HANG_AT, and says so by another one beside it.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSessionService, localFiles, openDatabase, serve } from '../../src/service/index.js';

const { DATABASE_URL, MARKETPLACE_OPERATOR_KEY, FILES, HANG_AT } = process.env;
const place = join(HANG_AT!, 'scan');
const service = createSessionService({
  database: await openDatabase({ databaseUrl: DATABASE_URL! }),
  operatorKey: MARKETPLACE_OPERATOR_KEY!,
  publicUrl: 'http://session.test',
  files: {
    storage: localFiles(FILES!),
    scan: async () => {
      if (!existsSync(place)) return 'clean';
      writeFileSync(`${place}.reached`, '');
      return new Promise(() => {});
    },
  },
});
await service.start();
const { url } = await serve(service, { port: 0 });
console.log(`runs at ${url}`);
