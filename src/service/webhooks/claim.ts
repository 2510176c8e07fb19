import type { Kysely, Transaction } from 'kysely';
import type { Tables, WebhookDeliveryRow, WebhookEndpointRow } from '../database/schema.js';

/** One attempt that an instance has taken on. */
export interface DeliveryJob {
  delivery: WebhookDeliveryRow;
  endpoint: WebhookEndpointRow;
}

/** Who claimed a delivery and was not heard of again for this long is taken to have crashed, ms. */
const leaseMs = 60_000;

/** What waits, without what goes to busy endpoints. */
export function waitingDeliveries(db: Kysely<Tables>, busyEndpoints: readonly string[]) {
  const waiting = db.selectFrom('webhook_deliveries').where('due_at', 'is not', null);
  return busyEndpoints.length > 0 ? waiting.where('endpoint_id', 'not in', busyEndpoints) : waiting;
}

/** Claims a delivery that is due, for as long as an attempt may take, and puts the attempt on record. */
export function claimDelivery(
  kysely: Kysely<Tables>,
  busyEndpoints: readonly string[],
  now: number,
): Promise<DeliveryJob | undefined> {
  return kysely.transaction().execute(async (trx) => {
    for (;;) {
      const delivery = await waitingDeliveries(trx, busyEndpoints)
        .selectAll()
        .where('due_at', '<=', now)
        .orderBy('due_at')
        .limit(1)
        .forUpdate()
        .skipLocked()
        .executeTakeFirst();
      if (!delivery) return undefined;
      const endpoint = await trx
        .selectFrom('webhook_endpoints')
        .selectAll()
        .where('id', '=', delivery.endpoint_id)
        .executeTakeFirstOrThrow();
      if (endpoint.disabled_at === null || delivery.type === 'webhook.test')
        return { endpoint, delivery: await startAttempt(trx, delivery.id, delivery.attempts + 1, now) };
      // It was queued while its endpoint was being disabled.
      await trx
        .updateTable('webhook_deliveries')
        .set({ status: 'cancelled', due_at: null, finished_at: now })
        .where('id', '=', delivery.id)
        .execute();
    }
  });
}

async function startAttempt(trx: Transaction<Tables>, id: string, number: number, now: number) {
  // An attempt whose outcome nobody wrote down was made by an instance that is gone.
  await trx
    .updateTable('webhook_attempts')
    .set({ error: 'interrupted' })
    .where('delivery_id', '=', id)
    .where('duration_ms', 'is', null)
    .execute();
  await trx.insertInto('webhook_attempts').values({ delivery_id: id, number, started_at: now }).execute();
  return trx
    .updateTable('webhook_deliveries')
    .set({ due_at: now + leaseMs, attempts: number })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}
