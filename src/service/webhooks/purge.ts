import type { ServiceContext } from '../context.js';

/** How long a finished delivery and its attempts can be read, ms. */
const keptForMs = 30 * 86_400_000;

/** Forgets the deliveries that were finished long ago. */
export async function purgeDeliveries({ kysely, now }: ServiceContext): Promise<void> {
  await kysely
    .deleteFrom('webhook_deliveries')
    .where('finished_at', '<=', now() - keptForMs)
    .execute();
}
