import { sql, type Transaction } from 'kysely';
import type { EventRow, Tables } from '../../foundation/database/schema.js';
import { idIn } from '../../foundation/events/subject.js';
import { announceDue, webhookDueChannel } from '../../foundation/jobs/due-channel.js';

/** A delivery's id is its `webhook-id`: the same on each retry. */
const newId = sql<string>`'msg_' || replace(gen_random_uuid()::text, '-', '')`;

/** Queues events for every endpoint of their provider that asked for them; exceptions for the marketplace's own as well. */
export async function queueWebhooks(trx: Transaction<Tables>, events: readonly EventRow[]): Promise<void> {
  const rows = JSON.stringify(
    events.flatMap((event) => {
      const ids = { session_id: idIn('session', event.subject), request_id: idIn('request', event.subject) };
      const news = { ...event, ...ids };
      const isForBoth = event.type === 'exception.opened' && event.provider_id !== null;
      return isForBoth ? [{ ...news, provider_id: null }, news] : [news];
    }),
  );
  const { rows: queued } = await sql<{ due_at: number | null }>`
    with queued as (
      insert into webhook_deliveries (id, endpoint_id, type, data, due_at, created_at)
      select ${newId}, webhook_endpoints.id, news.type,
        case
          when sessions.id is not null then jsonb_build_object(
            'session_id', sessions.id,
            'application_id', sessions.application_id,
            'provider_id', news.provider_id,
            'user_id', sessions.user_id,
            'metadata', sessions.metadata
          )
          when help_requests.id is not null then jsonb_build_object(
            'application_id', help_requests.application_id,
            'provider_id', news.provider_id,
            'user_id', help_requests.user_id
          )
          else '{}' end || news.payload,
        news.created_at, news.created_at
      from jsonb_to_recordset(${rows}::jsonb) as news(
          provider_id text, session_id text, request_id text, type text, payload jsonb, created_at bigint)
        join webhook_endpoints on webhook_endpoints.provider_id = news.provider_id
          or webhook_endpoints.provider_id is null and news.provider_id is null
        left join sessions on sessions.id = news.session_id
        left join help_requests on help_requests.id = news.request_id
      where webhook_endpoints.disabled_at is null and webhook_endpoints.event_types ? news.type
      -- One that is being deleted is waited for, and left out: a change never fails for it.
      for key share of webhook_endpoints
      returning due_at
    )
    select min(due_at)::bigint as due_at from queued`.execute(trx);
  const dueAt = queued[0]!.due_at;
  if (dueAt !== null) await announceDue(trx, dueAt, webhookDueChannel);
}

/** Queues a test for one endpoint, whatever it asked for. @returns the delivery's id. */
export async function queueTestOf(
  trx: Transaction<Tables>,
  endpointId: string,
  now: number,
): Promise<string> {
  const { id } = await trx
    .insertInto('webhook_deliveries')
    .values({
      id: newId,
      endpoint_id: endpointId,
      type: 'webhook.test',
      data: JSON.stringify({ endpoint_id: endpointId }),
      due_at: now,
      created_at: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await announceDue(trx, now, webhookDueChannel);
  return id;
}
