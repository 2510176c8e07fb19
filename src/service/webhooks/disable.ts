import { sql, type Transaction } from 'kysely';
import type { WebhookDisabledReason } from '../../protocol/webhooks.js';
import type { Tables } from '../database/schema.js';
import { queueNotice } from './queue.js';

/**
 * Disables an endpoint and cancels what waits for it. Where the service does so by itself, the provider's other endpoints
 * that asked for `webhook.disabled` are told.
 * @returns whether it was enabled before.
 */
export async function disableEndpoint(
  trx: Transaction<Tables>,
  id: string,
  reason: WebhookDisabledReason,
  now: number,
): Promise<boolean> {
  const disabled = await trx
    .updateTable('webhook_endpoints')
    .set({ disabled_reason: reason, disabled_at: now })
    .where('id', '=', id)
    .where('disabled_at', 'is', null)
    .returning(['url', 'provider_id'])
    .executeTakeFirst();
  if (!disabled) return false;
  await trx
    .updateTable('webhook_deliveries')
    .set({ status: 'cancelled', due_at: null, finished_at: now })
    .where('endpoint_id', '=', id)
    .where('status', '=', 'pending')
    .execute();
  if (reason === 'owner') return true;
  const others = await trx
    .selectFrom('webhook_endpoints')
    .select('id')
    .where('provider_id', '=', disabled.provider_id)
    .where('disabled_at', 'is', null)
    .where(sql<boolean>`event_types ? 'webhook.disabled'`)
    .execute();
  const data = { endpoint_id: id, url: disabled.url, disabled_reason: reason };
  for (const other of others) await queueNotice(trx, other.id, { type: 'webhook.disabled', data }, now);
  return true;
}
