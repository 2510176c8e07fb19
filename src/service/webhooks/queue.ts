import { sql, type Transaction } from 'kysely';
import type { ServiceEventType } from '../../protocol/events.js';
import type { WebhookEvent } from '../../protocol/webhooks.js';
import type { Tables } from '../database/schema.js';
import { announceDue, webhookDueChannel } from '../due-channel.js';

/** A delivery's id is its `webhook-id`: the same on each retry. */
const newId = sql<string>`'msg_' || replace(gen_random_uuid()::text, '-', '')`;

/** Queues an event of a session for every endpoint of its provider that asked for it, in the transaction of the event. */
export async function queueSessionEvent(
  trx: Transaction<Tables>,
  event: { type: ServiceEventType; payload: { session_id: string }; createdAt: number },
): Promise<void> {
  const { type, payload, createdAt } = event;
  const { numInsertedOrUpdatedRows: count } = await trx
    .insertInto('webhook_deliveries')
    .columns(['id', 'endpoint_id', 'type', 'data', 'due_at', 'created_at'])
    .expression((query) =>
      query
        .selectFrom('sessions')
        .innerJoin('applications', 'applications.id', 'sessions.application_id')
        .innerJoin('webhook_endpoints', 'webhook_endpoints.provider_id', 'applications.provider_id')
        .where('sessions.id', '=', payload.session_id)
        .where('webhook_endpoints.disabled_at', 'is', null)
        .where(sql<boolean>`webhook_endpoints.event_types ? ${type}`)
        // One that is being deleted is waited for, and left out: a change never fails for it.
        .forKeyShare('webhook_endpoints')
        .select([
          newId.as('id'),
          'webhook_endpoints.id as endpoint_id',
          sql<string>`${type}::text`.as('type'),
          sql<string>`jsonb_build_object(
            'session_id', sessions.id,
            'application_id', applications.id,
            'provider_id', applications.provider_id,
            'user_id', sessions.user_id,
            'metadata', sessions.metadata
          ) || ${JSON.stringify(payload)}::jsonb`.as('data'),
          sql<number>`${createdAt}::bigint`.as('due_at'),
          sql<number>`${createdAt}::bigint`.as('created_at'),
        ]),
    )
    .executeTakeFirstOrThrow();
  if (count) await announceDue(trx, createdAt, webhookDueChannel);
}

type Notice = Extract<WebhookEvent, { type: `webhook.${string}` }>;

/** Queues what is said to one endpoint about webhooks themselves. @returns the delivery's id. */
export async function queueNotice(
  trx: Transaction<Tables>,
  endpointId: string,
  { type, data }: Omit<Notice, 'timestamp'>,
  now: number,
): Promise<string> {
  const { id } = await trx
    .insertInto('webhook_deliveries')
    .values({
      id: newId,
      endpoint_id: endpointId,
      type,
      data: JSON.stringify(data),
      due_at: now,
      created_at: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await announceDue(trx, now, webhookDueChannel);
  return id;
}
