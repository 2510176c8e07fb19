// `.env` of a folder: what a set-up has made, for the commands that follow. It holds the secret key, and is kept out of git.
import { execFile } from 'node:child_process';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv, promisify } from 'node:util';

export const settingNames = {
  apiUrl: 'MARKETPLACE_API_URL',
  applicationId: 'MARKETPLACE_APPLICATION_ID',
  pageUrl: 'MARKETPLACE_PAGE_URL',
  secretKey: 'MARKETPLACE_SECRET_KEY',
} as const;

export type Settings = Partial<Record<keyof typeof settingNames, string>>;

const fileName = '.env';

const readIfThere = (path: string): Promise<string | undefined> =>
  readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  });

/** The environment's, then the file's. */
export async function readSettings(folder: string, environment: NodeJS.ProcessEnv): Promise<Settings> {
  const file = parseEnv((await readIfThere(join(folder, fileName))) ?? '') as Record<string, string>;
  const entries = Object.entries(settingNames).map(([key, name]) => [
    key,
    environment[name] || file[name] || undefined,
  ]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Settings;
}

/** Files of the set-up that hold secrets. */
const untracked = [fileName, '.data'];

/**
 * Adds what the file lacks, and keeps it out of git; what is there already stays as it is.
 * @returns the files that were written
 * @throws {Error} where git keeps the file: a secret would be in its history
 */
export async function keepSettings(folder: string, settings: Settings): Promise<string[]> {
  if (await isTracked(folder))
    throw new Error(`git tracks ${fileName}: take it out (git rm --cached ${fileName}), then try again`);
  const written: string[] = [];
  const ignored = (await readIfThere(join(folder, '.gitignore'))) ?? '';
  const missing = untracked.filter((name) => !ignored.split(/\r?\n/).includes(name));
  if (missing.length > 0) {
    await writeFile(join(folder, '.gitignore'), joined(ignored, missing));
    written.push('.gitignore');
  }
  const path = join(folder, fileName);
  const before = (await readIfThere(path)) ?? '';
  const known = parseEnv(before);
  const lines = Object.entries(settingNames)
    .filter(([key, name]) => settings[key as keyof Settings] !== undefined && known[name] === undefined)
    .map(([key, name]) => `${name}=${settings[key as keyof Settings]}`);
  if (lines.length > 0) {
    await writeFile(path, joined(before, lines), { mode: 0o600 });
    // The mode above is that of a new file.
    await chmod(path, 0o600);
    written.push(fileName);
  }
  return written;
}

const joined = (before: string, lines: readonly string[]): string =>
  `${before}${before === '' || before.endsWith('\n') ? '' : '\n'}${lines.join('\n')}\n`;

async function isTracked(folder: string): Promise<boolean> {
  try {
    await promisify(execFile)('git', ['ls-files', '--error-unmatch', fileName], { cwd: folder });
    return true;
  } catch {
    // Not tracked, no repository, or no git.
    return false;
  }
}
