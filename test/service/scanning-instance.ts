// An instance of the service that looks for viruses, in a process of its own: its scanner never answers where a file `scan` lies in
// HANG_AT, and says so by another one beside it. Its files are in the folder FILES, or in the bucket that BUCKET describes.
import {
  createSessionService,
  localFiles,
  openDatabase,
  s3Files,
  serve,
  type S3Options,
} from '../../src/service/index.js';
import { hangWhenArmed } from './hang-when-armed.js';

const { DATABASE_URL, MARKETPLACE_OPERATOR_KEY, FILES, BUCKET, HANG_AT } = process.env;
const service = createSessionService({
  database: await openDatabase({ databaseUrl: DATABASE_URL! }),
  operatorKey: MARKETPLACE_OPERATOR_KEY!,
  publicUrl: 'http://session.test',
  files: {
    storage: BUCKET ? s3Files(JSON.parse(BUCKET) as S3Options) : localFiles(FILES!),
    async scan() {
      await hangWhenArmed(HANG_AT!, 'scan');
      return 'clean';
    },
  },
});
await service.start();
const { url } = await serve(service, { port: 0 });
console.log(`runs at ${url}`);
