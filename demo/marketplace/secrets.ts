import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What only the marketplace's server knows. */
export interface Secrets {
  operatorKey: string;
  /** The secret key of each application, by its id. */
  applicationKeys: Record<string, string>;
  /** What signs the webhooks to the marketplace, with the id of their endpoint; null before the first start. */
  webhook: { endpointId: string; secret: string } | null;
  save(): Promise<void>;
}

/** The secrets of a data directory; the operator key is made on the first start. Readable by their owner alone. */
export async function readSecrets(dataDirectory: string): Promise<Secrets> {
  const path = join(dataDirectory, 'secrets.json');
  const kept = await readFile(path, 'utf8').then(JSON.parse, () => null);
  const secrets: Secrets = {
    operatorKey: kept?.operatorKey ?? `operator_${randomBytes(32).toString('base64url')}`,
    applicationKeys: kept?.applicationKeys ?? {},
    webhook: kept?.webhook ?? null,
    async save() {
      const { operatorKey, applicationKeys, webhook } = secrets;
      await mkdir(dataDirectory, { recursive: true });
      await writeFile(`${path}.draft`, JSON.stringify({ operatorKey, applicationKeys, webhook }, null, 2), {
        mode: 0o600,
      });
      await rename(`${path}.draft`, path);
    },
  };
  if (!kept) await secrets.save();
  return secrets;
}
