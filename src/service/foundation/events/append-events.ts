import { sql, type Transaction } from 'kysely';
import type { ServiceEvents } from '../../../protocol/events.js';
import type { HelpRequestEvents, PaymentEvents } from '../../../protocol/help-request.js';
import type { MarketplaceEvents, ProviderEvents } from '../../../protocol/webhooks.js';
import type { ServiceContext } from '../context.js';
import type { EventRow, Tables } from '../database/schema.js';
import { announcementOf, eventsChannel } from './announcements.js';
import { idIn, type Subject } from './subject.js';

type EventPayloads = ServiceEvents & HelpRequestEvents & PaymentEvents & ProviderEvents & MarketplaceEvents;

/** What happened to a subject. */
export type NewEvent = {
  [T in keyof EventPayloads]: {
    subject: Subject;
    type: T;
    payload: EventPayloads[T];
    /** Milliseconds since the epoch. */
    createdAt: number;
  };
}[keyof EventPayloads];

/**
 * Appends events in the transaction of the change that they tell and after it, and has the consumers do their part: events
 * of a session carry the revision that it led to, and the help request whose talk it is. Of one subject the ids are given out in the order in which they become
 * visible, so who has read one has read all before it: the transaction holds the lock of the subject's row, has just
 * inserted it, or gets a lock here. Across subjects there is no such order.
 */
export async function appendEvents(
  { eventConsumers }: Pick<ServiceContext, 'eventConsumers'>,
  trx: Transaction<Tables>,
  events: readonly NewEvent[],
): Promise<void> {
  if (events.length === 0) return;
  await lockOwners(trx, events);
  const news = events.map(({ subject, type, payload, createdAt }, n) => {
    const ids = {
      session_id: idIn('session', subject),
      request_id: idIn('request', subject),
      provider_id: idIn('provider', subject),
    };
    return { n, subject, ...ids, type, payload, created_at: createdAt };
  });
  const { rows: appended } = await sql<EventRow>`
    with appended as (
      insert into events (subject, provider_id, type, payload, created_at)
      select news.subject, coalesce(applications.provider_id, help_requests.provider_id, news.provider_id), news.type,
        news.payload
          || case when sessions.id is null then '{}' else jsonb_build_object('revision', sessions.revision) end
          || case when sessions.help_request_id is null then '{}'
            else jsonb_build_object('help_request_id', sessions.help_request_id) end,
        news.created_at
      from jsonb_to_recordset(${JSON.stringify(news)}::jsonb) as news(
          n int, subject text, session_id text, request_id text, provider_id text, type text, payload jsonb, created_at bigint)
        left join sessions on sessions.id = news.session_id
        left join applications on applications.id = sessions.application_id
        left join help_requests on help_requests.id = news.request_id
      order by news.n
      returning id, subject, provider_id, type, payload, created_at
    )
    select appended.* from appended,
      lateral pg_notify(${eventsChannel}, ${announcementOf(sql.ref('id'), sql.ref('subject'))})
    order by id`.execute(trx);
  for (const consume of eventConsumers) await consume(trx, appended);
}

/** A provider, a customer and the marketplace are changed under no lock of their own: who tells of them does so one at a time. */
async function lockOwners(trx: Transaction<Tables>, events: readonly NewEvent[]): Promise<void> {
  const owners = events
    .map(({ subject }) => subject)
    .filter((subject) => /^(marketplace$|provider:|customer:)/.test(subject));
  for (const owner of [...new Set(owners)].sort())
    await sql`select pg_advisory_xact_lock(hashtextextended(${`events\n${owner}`}, 0))`.execute(trx);
}
