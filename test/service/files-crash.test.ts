// The service is killed at each step of an upload and of a deletion, with its files in a folder.
import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describeCrashes } from './crashed-files.js';

describeCrashes('Files in a folder', async (folder) => {
  const files = join(folder, 'files');
  await mkdir(files);
  const objects = async () => (await readdir(files)).sort();
  return {
    options: ['--files-dir', files],
    variables: { FILES: files },
    preload: 'test/service/hangs-when-told.ts',
    objects,
    async isStreaming() {
      const draft = (await objects()).find((name) => name.endsWith('.part'));
      return draft !== undefined && (await stat(join(files, draft))).size > 0;
    },
    // Written beside, and renamed once it is whole.
    leftOfHalf: [/\.part$/],
    close: async () => {},
  };
});
