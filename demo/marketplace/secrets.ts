import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What only the marketplace's server knows. */
export interface Secrets {
  operatorKey: string;
  /** The secret key of each application, by its id. */
  applicationKeys: Record<string, string>;
  save(): Promise<void>;
}

/** The secrets of a data directory; the operator key is made on the first start. Readable by their owner alone. */
export async function readSecrets(dataDirectory: string): Promise<Secrets> {
  const path = join(dataDirectory, 'secrets.json');
  const kept = await readFile(path, 'utf8').then(JSON.parse, () => null);
  const secrets: Secrets = {
    operatorKey: kept?.operatorKey ?? `operator_${randomBytes(32).toString('base64url')}`,
    applicationKeys: kept?.applicationKeys ?? {},
    async save() {
      const { operatorKey, applicationKeys } = secrets;
      await mkdir(dataDirectory, { recursive: true });
      await writeFile(`${path}.draft`, JSON.stringify({ operatorKey, applicationKeys }, null, 2), {
        mode: 0o600,
      });
      await rename(`${path}.draft`, path);
    },
  };
  if (!kept) await secrets.save();
  return secrets;
}
