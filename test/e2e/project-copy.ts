import { cp, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const left = ['node_modules', 'coverage', '.git', '.data', '.cache', 'test'];

/**
 * A copy of the project for commands that write into it: what is built there takes nothing away from tests that run
 * beside. Its packages are those of the original.
 */
export async function copyProject(): Promise<{ folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'marketplace-session-project-'));
  const entries = (await readdir('.')).filter((entry) => !left.includes(entry));
  await Promise.all(entries.map((entry) => cp(entry, join(folder, entry), { recursive: true })));
  await symlink(resolve('node_modules'), join(folder, 'node_modules'), 'dir');
  return { folder, remove: () => rm(folder, { recursive: true, maxRetries: 10 }) };
}
