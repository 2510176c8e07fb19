import { mkdir, open, rename, rm, statfs, type FileHandle } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { leastRoom } from '../../../foundation/database/disk-room.js';
import type { FileStorage, StoredContent } from './file-storage.js';

/**
 * Keeps files in a folder of this machine, which several instances have to share. What is there by its name is whole: it is
 * written beside, brought to the disk, and renamed.
 * @param directory made where it is missing.
 */
export function localFiles(directory: string): FileStorage {
  const folder = resolve(directory);
  const places = (key: string) => {
    if (!/^[\w-]+$/.test(key)) throw new TypeError('a key of a file is letters, digits, _ and -');
    return { draft: join(folder, `${key}.part`), whole: join(folder, key) };
  };
  return {
    async put(key, content, about) {
      const { draft, whole } = places(key);
      await mkdir(folder, { recursive: true });
      await requireRoom(folder, about.size);
      try {
        await write(draft, content, about);
        await rename(draft, whole);
        // The name is on the disk with the folder.
        await withFile(folder, 'r', (handle) => handle.sync());
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      }
    },

    async get(key) {
      const { whole } = places(key);
      // From here on it is read whole, also where it is deleted meanwhile.
      const handle = await open(whole).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      });
      return handle && (Readable.toWeb(handle.createReadStream()) as ReadableStream<Uint8Array>);
    },

    async delete(key) {
      const { draft, whole } = places(key);
      await rm(draft, { force: true });
      await rm(whole, { force: true });
    },
  };
}

async function write(
  path: string,
  content: AsyncIterable<Uint8Array>,
  { signal }: StoredContent,
): Promise<void> {
  await withFile(path, 'w', async (handle) => {
    for await (const chunk of content) {
      signal.throwIfAborted();
      await handle.writeFile(chunk);
    }
    await handle.sync();
  });
}

async function withFile(path: string, flags: string, work: (handle: FileHandle) => Promise<void>) {
  const handle = await open(path, flags);
  try {
    await work(handle);
  } finally {
    await handle.close();
  }
}

/** The embedded database may be on the same disk, and stands still on a full one. */
async function requireRoom(folder: string, size: number): Promise<void> {
  // A file system that does not tell is taken to have room.
  const { bavail, bsize } = await statfs(folder).catch(() => ({ bavail: Infinity, bsize: 1 }));
  if (bavail * bsize < leastRoom + size)
    throw Object.assign(new Error('no room is left on the disk of files'), { code: 'ENOSPC' });
}
