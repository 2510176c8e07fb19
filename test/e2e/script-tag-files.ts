import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const built = 'dist/cdn/marketplace-session.js';
const sourceFolders = ['src/protocol', 'src/controller', 'src/elements'];

/** Builds what the script tag loads, where it is missing or older than its sources. */
export function ensureScriptTagFiles(): void {
  const builtAt = statSync(built, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = sourceFolders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  );
  if (sources.some((file) => statSync(file).mtimeMs > builtAt)) {
    execFileSync('npx', ['vite', 'build', '--mode', 'cdn', '--logLevel', 'warn'], { stdio: 'inherit' });
  }
}
