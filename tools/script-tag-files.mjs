// Builds what the script tag loads, where it is missing or older than what it is made of.
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { program } from './program.mjs';

const built = 'dist/cdn/marketplace-session.js';
const sourceFolders = ['src/protocol', 'src/controller', 'src/elements', 'src/snippets', 'src/compat'];
const settings = [
  'src/index.ts',
  'src/pieces.ts',
  'src/live-help.ts',
  'src/dashboard.ts',
  'src/setup.ts',
  'vite.config.ts',
  'package.json',
];
/** Stands while somebody builds: test files run beside each other, and two builds at once leave a mixture of both. */
const lock = join(tmpdir(), `marketplace-session-build-${process.cwd().replaceAll(/\W/g, '-')}.lock`);
/** A build that takes longer than this was broken off, ms. */
const longestBuildMs = 120_000;

/** @param onBuild called before a build: it takes a while. */
export function ensureScriptTagFiles(onBuild = () => {}) {
  while (!isCurrent()) {
    if (takeLock()) {
      try {
        onBuild();
        const vite = [program('vite'), 'build', '--mode', 'cdn', '--logLevel', 'warn'];
        execFileSync(process.execPath, vite, { stdio: 'inherit' });
      } finally {
        rmSync(lock);
      }
    } else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  }
}

function isCurrent() {
  if (age(lock) < longestBuildMs) return false;
  const builtMs = age(built);
  const sources = sourceFolders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  );
  return [...settings, ...sources].every((file) => age(file) >= builtMs);
}

/** Milliseconds since a file was written; Infinity where there is none. */
function age(file) {
  return Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? -Infinity);
}

function takeLock() {
  if (age(lock) >= longestBuildMs) rmSync(lock, { force: true });
  try {
    closeSync(openSync(lock, 'wx'));
    return true;
  } catch {
    return false;
  }
}
