import { statfs } from 'node:fs/promises';

/**
 * Four segments of the write-ahead log, bytes. PostgreSQL ends itself where its log cannot be written; the embedded one
 * stands still then, and the whole process with it.
 */
export const leastRoom = 64 * 1024 * 1024;
const lookEveryMs = 1_000;

/** Refuses to go on while a disk is nearly full, as PostgreSQL does on a full one (53100, disk_full). */
export function diskRoom(directory: string): () => Promise<void> {
  let lookedAt = -Infinity;
  let isShort = false;
  return async () => {
    if (performance.now() - lookedAt > lookEveryMs) {
      lookedAt = performance.now();
      // A file system that does not tell is taken to have room.
      const { bavail, bsize } = await statfs(directory).catch(() => ({ bavail: Infinity, bsize: 1 }));
      isShort = bavail * bsize < leastRoom;
    }
    if (!isShort) return;
    const message = `less than 64 MB are free on the disk of ${directory}: nothing is asked of the embedded database until there is room`;
    throw Object.assign(new Error(message), { code: '53100' });
  };
}
