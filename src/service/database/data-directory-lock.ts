import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SessionError } from '../../protocol/errors.js';

/**
 * Takes the data directory for this process alone: two processes on one embedded database would lose what one of them
 * wrote. The lock is a file that names its process; one whose process is gone is taken over.
 * @returns a function that gives the directory free.
 * @throws {SessionError} `STORAGE_LOCKED` naming the process that holds it.
 */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  const path = join(directory, 'lock');
  const draft = `${path}.${randomUUID()}`;
  const content = `${process.pid} ${await startOf(process.pid)} ${randomUUID()}\n`;
  await writeFile(draft, content, { flag: 'wx' });
  try {
    // A link either makes the whole file or fails: there is never a half-written lock.
    while (!(await tryLink(draft, path))) await removeStale(path);
  } finally {
    await rm(draft, { force: true });
  }
  return async () => {
    if ((await read(path)) === content) await rm(path, { force: true });
  };
}

const held = (holder: string) =>
  new SessionError('STORAGE_LOCKED', {
    message: `Another process (${holder.split(' ')[0]}) uses the data directory.`,
  });

async function removeStale(path: string): Promise<void> {
  const holder = await read(path);
  if (holder === undefined) return;
  if (await isAlive(holder)) throw held(holder);
  const aside = `${path}.${randomUUID()}`;
  await rename(path, aside).catch(() => {});
  // Someone else may have taken the lock over between the look and the move: it goes back.
  const moved = await read(aside);
  if (moved !== undefined && moved !== holder) await tryLink(aside, path);
  await rm(aside, { force: true });
}

async function isAlive(holder: string): Promise<boolean> {
  const [pid, startedAt] = holder.split(' ');
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return (await startOf(Number(pid))) === startedAt;
}

/** When a process started, so that another one with the same id is not taken for it; `-` where that is unknown. */
async function startOf(pid: number): Promise<string> {
  const stat = await read(`/proc/${pid}/stat`);
  // Field 22, counted behind the command's name, which may hold blanks (proc(5)).
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '-';
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

const read = (path: string) => readFile(path, 'utf8').catch(() => undefined);
