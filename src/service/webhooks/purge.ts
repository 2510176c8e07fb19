import type { ServiceContext } from '../context.js';

/** How long a finished delivery and its attempts can be read, ms. */
const keptForMs = 30 * 86_400_000;

/** Forgets the deliveries that were finished long ago, and the secrets that sign no more. */
export async function purgeWebhooks({ kysely, now }: ServiceContext): Promise<void> {
  await kysely.deleteFrom('older_webhook_secrets').where('expires_at', '<=', now()).execute();
  await kysely
    .deleteFrom('webhook_deliveries')
    .where('finished_at', '<=', now() - keptForMs)
    .execute();
}
