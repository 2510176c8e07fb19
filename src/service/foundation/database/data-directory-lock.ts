import { createHash, randomUUID } from 'node:crypto';
import { link, open, readFile, readlink, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { SessionError } from '../../../protocol/errors.js';

export interface LockTimes {
  /** How often the holder touches the lock, ms. */
  beatMs: number;
  /** A lock of which nothing else is known, and which nobody has touched for so long, is stale, ms. */
  staleMs: number;
}

const usualTimes: LockTimes = { beatMs: 2_000, staleMs: 12_000 };

/** Gives the directory free when it is called. */
export interface DirectoryLock {
  (): Promise<void>;
  /**
   * To be called before each use of the directory: a process that stood still for long may have lost it.
   * @throws {SessionError} `STORAGE_LOCKED`
   */
  confirm(): Promise<void> | undefined;
}

/**
 * Takes the data directory for this process alone: two processes on one embedded database would lose what one of them
 * wrote. The lock is a file that names its process and its machine, and is touched as long as the process lives. On this machine the process is looked
 * for; of a process on another one, or in another container, only those touches tell. One whose process is gone is taken over.
 * @throws {SessionError} `STORAGE_LOCKED` naming the process that holds it.
 */
export async function lockDirectory(directory: string, times = usualTimes): Promise<DirectoryLock> {
  const path = join(directory, 'lock');
  const draft = `${path}.${randomUUID()}`;
  const content = `${process.pid} ${await startOf(process.pid)} ${randomUUID()} ${await machine()}\n`;
  await writeFile(draft, content, { flag: 'wx' });
  try {
    // A link either makes the whole file or fails: there is never a half-written lock.
    while (!(await tryLink(draft, path)) && !(await takeOver(path, draft, times)));
  } finally {
    await rm(draft, { force: true });
  }
  const beat = startBeat(path, times.beatMs);
  let seenAt = Date.now();
  const look = async () => {
    const holder = await read(path);
    if (holder !== content) throw held(holder ?? '-');
    seenAt = Date.now();
  };
  const release = async () => {
    await beat.terminate();
    if ((await read(path)) === content) await rm(path, { force: true });
  };
  const confirm = () => (Math.abs(Date.now() - seenAt) < times.staleMs / 2 ? undefined : look());
  return Object.assign(release, { confirm });
}

function held(holder: string): SessionError {
  const [pid = '', , , host] = holder.trim().split(' ');
  const place = host === undefined || host === hostname() ? '' : ` on ${host}`;
  return new SessionError('STORAGE_LOCKED', {
    message: `Another process (${pid}${place}) uses the data directory.`,
  });
}

const beating = `
const { workerData: { path, beatMs } } = require('node:worker_threads');
const { futimesSync, openSync } = require('node:fs');
// Its own file, whatever becomes of the name.
const file = openSync(path, 'r+');
setInterval(() => {
  const now = new Date();
  try { futimesSync(file, now, now); } catch {}
}, beatMs);`;

/** In a thread of its own: a long statement of the embedded database holds up everything else. */
function startBeat(path: string, beatMs: number): Worker {
  const worker = new Worker(beating, { eval: true, workerData: { path, beatMs } });
  // A lock that cannot be touched is still held by whoever can see the process.
  worker.on('error', () => {});
  worker.unref();
  return worker;
}

/**
 * Puts our lock in the place of a stale one. The right to do so is a lock too, named after what is stale: of all who find
 * it one alone has it, and looks again before it acts. A right whose holder is gone is taken over in the same way.
 * @returns whether ours stands there now; false where the other one has gone meanwhile.
 * @throws {SessionError} `STORAGE_LOCKED` where it is not stale.
 */
async function takeOver(path: string, draft: string, times: LockTimes): Promise<boolean> {
  const holder = await read(path);
  if (holder === undefined) return false;
  if (await isAlive(path, holder, times)) throw held(holder);
  const right = `${path}.${createHash('sha256').update(holder).digest('hex').slice(0, 16)}`;
  if (!(await tryLink(draft, right)) && !(await takeOver(right, draft, times))) return false;
  try {
    if ((await read(path)) !== holder) return false;
    const ours = `${path}.${randomUUID()}`;
    await link(draft, ours);
    await rename(ours, path);
    return true;
  } finally {
    await rm(right, { force: true });
  }
}

async function isAlive(path: string, holder: string, times: LockTimes): Promise<boolean> {
  const [pid, startedAt, , ...place] = holder.trim().split(' ');
  // A lock of an older version names no machine, and is not touched.
  const isFromHere = place.length === 0 || place.join(' ') === (await machine());
  if (!isFromHere) return isTouched(path, holder, times);
  if (!isRunning(Number(pid))) return false;
  if (startedAt === '-' && place.length > 0) return isTouched(path, holder, times);
  return (await startOf(Number(pid))) === startedAt;
}

/** Whether a holder touches its lock; the clocks of two machines are not compared. */
async function isTouched(path: string, holder: string, { beatMs, staleMs }: LockTimes): Promise<boolean> {
  const first = await touchedAt(path);
  for (let waitedMs = 0; waitedMs < staleMs; waitedMs += beatMs / 2) {
    await sleep(beatMs / 2);
    if ((await read(path)) !== holder) return false;
    if ((await touchedAt(path)) !== first) return true;
  }
  return false;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * What process ids count on: the host, its boot, and the container's own list of processes. Where the system tells neither
 * boot nor container, the host alone.
 */
async function machine(): Promise<string> {
  const boot = (await read('/proc/sys/kernel/random/boot_id'))?.trim() ?? '-';
  const processes = await readlink('/proc/self/ns/pid').catch(() => '-');
  return `${hostname()} ${boot} ${processes}`;
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

/** Opened anew each time: what a network drive remembers of a file is asked again then. */
async function touchedAt(path: string): Promise<number | undefined> {
  try {
    const file = await open(path);
    try {
      return (await file.stat()).mtimeMs;
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}
