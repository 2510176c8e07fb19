import { sql, type Kysely, type RawBuilder, type Transaction } from 'kysely';
import type { ServiceContext } from '../../foundation/context.js';
import type { Tables, WebhookDeliveryRow, WebhookEndpointRow } from '../../foundation/database/schema.js';
import { claimOne } from '../../foundation/jobs/claim-one.js';
import { isToBeTried, type DueRows } from '../../foundation/jobs/failed-work.js';
import { isLastAttempt } from './retries.js';
import type { Receivers } from './worker-shares.js';

/** One attempt that an instance has taken on. */
export interface DeliveryJob {
  delivery: WebhookDeliveryRow;
  endpoint: WebhookEndpointRow;
}

export const deliveryRows: DueRows = {
  work: 'webhook_delivery',
  table: 'webhook_deliveries',
  id: 'id',
  dueAt: 'due_at',
};

/** Who claimed a delivery and was not heard of again for this long is taken to have crashed, ms. */
const leaseMs = 60_000;

/** Whether a delivery goes to nobody of these. */
export const isToOthers = ({ endpoints, providers }: Receivers): RawBuilder<boolean> =>
  sql<boolean>`(webhook_deliveries.endpoint_id <> all(${endpoints}::text[]) and not exists (
    select from webhook_endpoints where webhook_endpoints.id = webhook_deliveries.endpoint_id
      and coalesce(webhook_endpoints.provider_id, '') = any(${providers}::text[])))`;

/**
 * Claims a delivery that is due, for as long as an attempt may take, and puts the attempt on record.
 * @param busy whom nothing is sent to now.
 */
export const claimDelivery = (context: ServiceContext, busy: Receivers): Promise<DeliveryJob | undefined> =>
  claimOne(context, deliveryRows.work, (trx, onFound) => claimFirst(trx, busy, context.now(), onFound));

async function claimFirst(
  trx: Transaction<Tables>,
  busy: Receivers,
  now: number,
  onFound: (id: string) => void,
): Promise<DeliveryJob | undefined> {
  for (;;) {
    const delivery = await trx
      .selectFrom('webhook_deliveries')
      .selectAll()
      .where('due_at', '<=', now)
      .where(isToOthers(busy))
      .where(isToBeTried(deliveryRows, now))
      .orderBy('due_at')
      .limit(1)
      .forUpdate()
      .skipLocked()
      .executeTakeFirst();
    if (!delivery) return undefined;
    onFound(delivery.id);
    const endpoint = await trx
      .selectFrom('webhook_endpoints')
      .selectAll()
      .where('id', '=', delivery.endpoint_id)
      .executeTakeFirstOrThrow();
    const isWanted = endpoint.disabled_at === null || delivery.type === 'webhook.test';
    const wasInterrupted = await endInterruptedAttempts(trx, delivery.id, now);
    if (isWanted && !(wasInterrupted && isLastAttempt(delivery.attempts)))
      return { endpoint, delivery: await startAttempt(trx, delivery.id, delivery.attempts + 1, now) };
    await trx
      .updateTable('webhook_deliveries')
      // Not wanted: it was queued while its endpoint was being disabled.
      .set({ status: isWanted ? 'failed' : 'cancelled', due_at: null, finished_at: now })
      .where('id', '=', delivery.id)
      .execute();
  }
}

/** An attempt whose outcome nobody wrote down was made by an instance that is gone. @returns whether its time is over. */
async function endInterruptedAttempts(db: Kysely<Tables>, deliveryId: string, now: number): Promise<boolean> {
  const interrupted = await db
    .updateTable('webhook_attempts')
    .set({ error: 'interrupted' })
    .where('delivery_id', '=', deliveryId)
    .where('duration_ms', 'is', null)
    .returning('started_at')
    .execute();
  return interrupted.some(({ started_at }) => started_at + leaseMs <= now);
}

async function startAttempt(trx: Transaction<Tables>, id: string, number: number, now: number) {
  await trx.insertInto('webhook_attempts').values({ delivery_id: id, number, started_at: now }).execute();
  return trx
    .updateTable('webhook_deliveries')
    .set({ due_at: now + leaseMs, attempts: number })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}
