import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const built = 'dist/cdn/marketplace-session.js';
const sourceFolders = ['src/protocol', 'src/controller', 'src/elements'];
/** Stands while somebody builds: test files run beside each other, and two builds at once leave a mixture of both. */
const lock = join(tmpdir(), `marketplace-session-build-${process.cwd().replaceAll(/\W/g, '-')}.lock`);
/** A build that takes longer than this was broken off, ms. */
const longestBuildMs = 120_000;

/** Builds what the script tag loads, where it is missing or older than its sources. */
export function ensureScriptTagFiles(): void {
  while (!isCurrent()) {
    if (takeLock()) {
      try {
        execFileSync('npx', ['vite', 'build', '--mode', 'cdn', '--logLevel', 'warn'], { stdio: 'inherit' });
      } finally {
        rmSync(lock);
      }
    } else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  }
}

function isCurrent(): boolean {
  if (age(lock) < longestBuildMs) return false;
  const builtMs = age(built);
  const sources = sourceFolders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  );
  return sources.every((file) => age(file) >= builtMs);
}

/** Milliseconds since a file was written; Infinity where there is none. */
function age(file: string): number {
  return Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? -Infinity);
}

function takeLock(): boolean {
  if (age(lock) >= longestBuildMs) rmSync(lock, { force: true });
  try {
    closeSync(openSync(lock, 'wx'));
    return true;
  } catch {
    return false;
  }
}
