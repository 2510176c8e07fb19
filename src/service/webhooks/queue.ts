import { sql, type Transaction } from 'kysely';
import type { ServiceEventType } from '../../protocol/events.js';
import type { WebhookEvent } from '../../protocol/webhooks.js';
import type { Tables } from '../database/schema.js';
import { announceDue, webhookDueChannel } from '../due-channel.js';

/** A delivery's id is its `webhook-id`: the same on each retry. */
const newId = sql<string>`'msg_' || replace(gen_random_uuid()::text, '-', '')`;

/** Queues events of sessions for every endpoint of their provider that asked for them, in the transaction of the events. */
export async function queueSessionEvents(
  trx: Transaction<Tables>,
  events: readonly { type: ServiceEventType; payload: { session_id: string }; createdAt: number }[],
): Promise<void> {
  const rows = JSON.stringify(
    events.map(({ type, payload, createdAt }) => ({ type, payload, created_at: createdAt })),
  );
  const { rows: queued } = await sql<{ due_at: number | null }>`
    with queued as (
      insert into webhook_deliveries (id, endpoint_id, type, data, due_at, created_at)
      select ${newId}, webhook_endpoints.id, news.type,
        jsonb_build_object(
          'session_id', sessions.id,
          'application_id', applications.id,
          'provider_id', applications.provider_id,
          'user_id', sessions.user_id,
          'metadata', sessions.metadata
        ) || news.payload,
        news.created_at, news.created_at
      from jsonb_to_recordset(${rows}::jsonb) as news(type text, payload jsonb, created_at bigint)
        join sessions on sessions.id = news.payload ->> 'session_id'
        join applications on applications.id = sessions.application_id
        join webhook_endpoints on webhook_endpoints.provider_id = applications.provider_id
      where webhook_endpoints.disabled_at is null and webhook_endpoints.event_types ? news.type
      -- One that is being deleted is waited for, and left out: a change never fails for it.
      for key share of webhook_endpoints
      returning due_at
    )
    select min(due_at)::bigint as due_at from queued`.execute(trx);
  const dueAt = queued[0]!.due_at;
  if (dueAt !== null) await announceDue(trx, dueAt, webhookDueChannel);
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
