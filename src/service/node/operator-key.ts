import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The operator key of a data directory; made on the first start, readable by its owner alone.
 * @param say is told the path of a new key, never the key.
 */
export async function readOperatorKey(dataDirectory: string, say: (line: string) => void): Promise<string> {
  const path = join(dataDirectory, 'operator.key');
  await mkdir(dataDirectory, { recursive: true });
  try {
    const key = `operator_${randomBytes(32).toString('base64url')}`;
    await writeFile(path, `${key}\n`, { flag: 'wx', mode: 0o600 });
    say(`The operator key was written to ${path}`);
    return key;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return (await readFile(path, 'utf8')).trim();
  }
}
