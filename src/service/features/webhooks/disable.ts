import type { Transaction } from 'kysely';
import type { WebhookDisabledReason } from '../../../protocol/webhooks.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { Tables } from '../../foundation/database/schema.js';
import { appendEvents } from '../../foundation/events/append-events.js';
import { subjectOfOwner } from '../../foundation/events/subject.js';

/**
 * Disables an endpoint and cancels what waits for it. Where the service does so by itself, the provider's other endpoints
 * that asked for `webhook.disabled` are told.
 * @returns whether it was enabled before.
 */
export async function disableEndpoint(
  context: ServiceContext,
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
  const payload = { endpoint_id: id, url: disabled.url, disabled_reason: reason };
  const subject = subjectOfOwner(disabled.provider_id);
  await appendEvents(context, trx, [{ subject, type: 'webhook.disabled', payload, createdAt: now }]);
  return true;
}
