import type { Selectable } from 'kysely';
import { SessionError } from '../../../protocol/errors.js';
import { recordChange, type AskedChange } from '../../foundation/audit.js';
import type { ServiceContext } from '../../foundation/context.js';
import type {
  WebhookAttemptsTable,
  WebhookDeliveryRow,
  WebhookDeliveryStatus,
  WebhookEndpointRow,
} from '../../foundation/database/schema.js';
import { isBehind, type PageCursor } from '../../foundation/page-cursor.js';
import { announceDue, webhookDueChannel } from '../../foundation/jobs/due-channel.js';
import { queueTestOf } from './queue.js';

export type DeliveryWithAttempts = WebhookDeliveryRow & { attempts_made: Selectable<WebhookAttemptsTable>[] };

/** What was or is to be delivered to an endpoint, newest first, each with its attempts. */
export async function listDeliveries(
  context: ServiceContext,
  { id }: WebhookEndpointRow,
  filter: { status?: WebhookDeliveryStatus | undefined; after?: PageCursor | undefined; limit: number },
): Promise<DeliveryWithAttempts[]> {
  const { status, after, limit } = filter;
  let query = context.kysely
    .selectFrom('webhook_deliveries')
    .selectAll()
    .where('endpoint_id', '=', id)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit);
  if (status) query = query.where('status', '=', status);
  if (after) query = query.where(isBehind(after));
  return withAttempts(context, await query.execute());
}

/** @throws {SessionError} `WEBHOOK_DELIVERY_NOT_FOUND` */
export async function findDelivery(
  context: ServiceContext,
  endpoint: WebhookEndpointRow,
  deliveryId: string,
): Promise<DeliveryWithAttempts> {
  const row = await context.kysely
    .selectFrom('webhook_deliveries')
    .selectAll()
    .where('id', '=', deliveryId)
    .where('endpoint_id', '=', endpoint.id)
    .executeTakeFirst();
  if (!row) throw new SessionError('WEBHOOK_DELIVERY_NOT_FOUND');
  return (await withAttempts(context, [row]))[0]!;
}

/** Queues a delivery of type `webhook.test`, which is tried once, to a disabled endpoint too. @returns its id. */
export function queueTest(
  context: ServiceContext,
  { id }: WebhookEndpointRow,
  asked: AskedChange,
): Promise<string> {
  return context.kysely.transaction().execute(async (trx) => {
    const now = context.now();
    await recordChange(trx, asked, now);
    return queueTestOf(trx, id, now);
  });
}

/**
 * Delivers once more, at once and under the same id, whatever became of it before; retries that are left follow.
 * @throws {SessionError} `WEBHOOK_ENDPOINT_DISABLED`
 */
export async function redeliver(
  context: ServiceContext,
  endpoint: WebhookEndpointRow,
  { id }: WebhookDeliveryRow,
  asked: AskedChange,
): Promise<void> {
  if (endpoint.disabled_at !== null) throw new SessionError('WEBHOOK_ENDPOINT_DISABLED');
  const now = context.now();
  await context.kysely.transaction().execute(async (trx) => {
    await trx
      .updateTable('webhook_deliveries')
      .set({ status: 'pending', due_at: now, finished_at: null })
      .where('id', '=', id)
      .execute();
    await recordChange(trx, asked, now);
    await announceDue(trx, now, webhookDueChannel);
  });
}

async function withAttempts(
  { kysely }: ServiceContext,
  deliveries: WebhookDeliveryRow[],
): Promise<DeliveryWithAttempts[]> {
  if (deliveries.length === 0) return [];
  const ids = deliveries.map(({ id }) => id);
  const attempts = await kysely
    .selectFrom('webhook_attempts')
    .selectAll()
    .where('delivery_id', 'in', ids)
    .orderBy('number')
    .execute();
  return deliveries.map((delivery) => ({
    ...delivery,
    attempts_made: attempts.filter(({ delivery_id }) => delivery_id === delivery.id),
  }));
}
