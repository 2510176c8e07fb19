// Files: what the sides of a session send each other, and where it is kept.
import type { ServiceContext } from '../../foundation/context.js';
import type { Feature } from '../../foundation/feature.js';
import { FileLinks } from './links.js';
import { type FileSettings } from './options.js';
import { fileRemoval } from './removal.js';
import { fileRoutes, uploads } from './routes.js';

export { toFileFacts } from './file-schemas.js';
export { eraseFiles, filePurge, listFiles } from './files.js';
export {
  fileSettings,
  type FileLimits,
  type FileOptions,
  type FileSettings,
  type ScanFile,
} from './options.js';
export type { FileStorage, StorageLink, StoredContent } from './storage/file-storage.js';
export { localFiles } from './storage/local-files.js';
export { s3Files, type S3Options } from './storage/s3-files.js';

export function filesFeature(context: ServiceContext, settings: FileSettings): Feature {
  const links = new FileLinks(context, settings);
  return {
    rawBodies: uploads,
    jobs: [fileRemoval(context, settings.storage)],
    mount: (app, authenticator) => fileRoutes(app, context, authenticator, { settings, links }),
    start: () => links.start(),
  };
}
