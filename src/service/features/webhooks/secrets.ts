import type { ServiceContext } from '../../foundation/context.js';
import { failureText } from '../../foundation/database/failures.js';
import type { WebhookEndpointRow } from '../../foundation/database/schema.js';
import { fromStored, storedAnew } from '../../foundation/secrets/stored-secret.js';

/** Where the secrets of an endpoint lie, the one before too. */
export const placeOf = (endpointId: string): string => `webhook-endpoint ${endpointId}`;

/** The secret of an endpoint as its owner knows it. */
export const secretOf = ({ box }: ServiceContext, { id, secret }: WebhookEndpointRow): string =>
  fromStored(secret, placeOf(id), box);

/** What signs at that time: the secret, and those before it that are not retired, the newest first. */
export async function signingSecrets(
  { kysely, box }: ServiceContext,
  { id, secret, previous_secret, previous_secret_expires_at }: WebhookEndpointRow,
  now: number,
): Promise<string[]> {
  const older = await kysely
    .selectFrom('older_webhook_secrets')
    .select('secret')
    .where('endpoint_id', '=', id)
    .where('expires_at', '>', now)
    .orderBy('expires_at', 'desc')
    .execute();
  const isPreviousValid = previous_secret !== null && previous_secret_expires_at! > now;
  const stored = [secret, ...(isPreviousValid ? [previous_secret] : []), ...older.map((row) => row.secret)];
  // Where it was replaced since the endpoint was read, one stands in both places.
  return [...new Set(stored)].map((one) => fromStored(one, placeOf(id), box));
}

/** Encrypts the secrets that are not yet, or by an older key. One that does not open is left as it is. */
export async function encryptSecrets(context: ServiceContext): Promise<void> {
  const { kysely, box, logger, metrics } = context;
  if (!box) return;
  const anew = (stored: string | null, endpointId: string): string | undefined => {
    if (stored === null) return undefined;
    try {
      return storedAnew(stored, placeOf(endpointId), box);
    } catch (error) {
      metrics.workFailed('secret_encryption');
      logger.error('the secret of a webhook endpoint does not open', {
        endpoint_id: endpointId,
        error: failureText(error),
      });
      return undefined;
    }
  };
  await kysely.transaction().execute(async (trx) => {
    const rows = await trx
      .selectFrom('webhook_endpoints')
      .select(['id', 'secret', 'previous_secret'])
      .orderBy('id')
      .forUpdate()
      .execute();
    for (const { id, secret, previous_secret } of rows) {
      const changed = { secret: anew(secret, id), previous_secret: anew(previous_secret, id) };
      if (changed.secret === undefined && changed.previous_secret === undefined) continue;
      await trx.updateTable('webhook_endpoints').set(changed).where('id', '=', id).execute();
    }
    const older = await trx
      .selectFrom('older_webhook_secrets')
      .select(['id', 'endpoint_id', 'secret'])
      .orderBy('id')
      .forUpdate()
      .execute();
    for (const row of older) {
      const secret = anew(row.secret, row.endpoint_id);
      if (secret === undefined) continue;
      await trx.updateTable('older_webhook_secrets').set({ secret }).where('id', '=', row.id).execute();
    }
  });
}
