import type { ServiceContext } from '../context.js';
import type { WebhookEndpointRow } from '../database/schema.js';
import { fromStored, storedAnew } from '../keys/stored-secret.js';

/** Where the secrets of an endpoint lie, the one before too. */
export const placeOf = (endpointId: string): string => `webhook-endpoint ${endpointId}`;

/** The secret of an endpoint as its owner knows it. */
export const secretOf = ({ box }: ServiceContext, { id, secret }: WebhookEndpointRow): string =>
  fromStored(secret, placeOf(id), box);

/** What signs at that time: the secret, and the one before it while that is still valid. */
export function signingSecrets(context: ServiceContext, endpoint: WebhookEndpointRow, now: number): string[] {
  const { id, previous_secret, previous_secret_expires_at } = endpoint;
  const secret = secretOf(context, endpoint);
  if (previous_secret === null || now >= previous_secret_expires_at!) return [secret];
  return [secret, fromStored(previous_secret, placeOf(id), context.box)];
}

/** Encrypts the secrets that are not yet, or by an older key. */
export async function encryptSecrets({ kysely, box }: ServiceContext): Promise<void> {
  if (!box) return;
  await kysely.transaction().execute(async (trx) => {
    const rows = await trx
      .selectFrom('webhook_endpoints')
      .select(['id', 'secret', 'previous_secret'])
      .orderBy('id')
      .forUpdate()
      .execute();
    for (const { id, secret, previous_secret } of rows) {
      const anew = {
        secret: storedAnew(secret, placeOf(id), box),
        previous_secret: previous_secret === null ? undefined : storedAnew(previous_secret, placeOf(id), box),
      };
      if (anew.secret === undefined && anew.previous_secret === undefined) continue;
      await trx.updateTable('webhook_endpoints').set(anew).where('id', '=', id).execute();
    }
  });
}
