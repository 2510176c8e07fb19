import { sql, type RawBuilder } from 'kysely';
import { filePurge } from './features/files/index.js';
import { signalPurge } from './features/rooms/index.js';
import type { Tables } from './foundation/database/schema.js';
import { resultsKeptForMs } from './foundation/idempotency.js';
import { windowMs } from './foundation/rate-limits/rate-limiter.js';
import { purgeOf, type Purge } from './foundation/housekeeping/purge.js';
import { dayMs, type Retention } from './foundation/housekeeping/retention.js';
import { forgetDetails, hasDetails } from './foundation/housekeeping/session-details.js';

/** How long the news that a checkout has expired may take, ms. */
const expiryNewsMs = 3_600_000;

const instant = (column: string): RawBuilder<number> => sql<number>`${sql.ref(column)}`;

/** Everything that is put away, each kind by itself. */
export const purges = ({
  audit,
  deliveries,
  payments,
  sessions,
  events,
  messages,
  files,
}: Retention): Purge[] => [
  purgeOf({
    kind: 'idempotency_keys',
    table: 'idempotency_keys',
    since: instant('created_at'),
    keptForMs: resultsKeptForMs,
  }),
  purgeOf({
    // One for each request of a bound session, and refused for its age after some minutes.
    kind: 'seen_proofs',
    table: 'seen_proofs',
    since: instant('expires_at'),
    keptForMs: 0,
    everyMs: 60_000,
  }),
  purgeOf({
    kind: 'audit_entries',
    table: 'audit_entries',
    since: instant('created_at'),
    keptForMs: audit * dayMs,
  }),
  purgeOf({
    kind: 'session_details',
    table: 'sessions',
    since: instant('ended_at'),
    keptForMs: sessions * dayMs,
    condition: sql.raw(hasDetails),
    change: forgetDetails,
  }),
  purgeOf({
    kind: 'help_request_words',
    table: 'help_requests',
    since: instant('ended_at'),
    keptForMs: messages * dayMs,
    condition: sql`(description is not null or notes is not null)`,
    change: sql`description = null, notes = null`,
  }),
  purgeOf({
    // Of requests that are over, but for those that were taken: who helped stays known.
    kind: 'help_offers',
    table: 'help_offers',
    since: instant('offered_at'),
    keptForMs: events * dayMs,
    condition: sql`state not in ('offered', 'accepted')`,
  }),
  purgeOf({
    kind: 'notifications',
    table: 'notifications',
    since: instant('created_at'),
    keptForMs: events * dayMs,
  }),
  purgeOf({
    // Those of sessions that are over, and of all else. The end stays: a stream that is opened later is over at once, and nothing ends twice.
    kind: 'session_events',
    table: 'events',
    since: instant('created_at'),
    keptForMs: events * dayMs,
    condition: sql`type <> 'session.ended' and (subject not like 'session:%' or exists (
      select from sessions where sessions.id = substr(subject, length('session:') + 1) and ended_at is not null))`,
  }),
  purgeOf({
    kind: 'messages',
    table: 'messages',
    since: instant('created_at'),
    keptForMs: messages * dayMs,
    condition: sql`exists (select from sessions where sessions.id = session_id and ended_at is not null)`,
  }),
  filePurge(files * dayMs),
  signalPurge,
  purgeOf({
    kind: 'webhook_deliveries',
    table: 'webhook_deliveries',
    since: instant('finished_at'),
    keptForMs: deliveries * dayMs,
  }),
  purgeOf({
    // Who was told of an erasure knows the id; here it is not needed any more.
    kind: 'told_erasures',
    table: 'webhook_deliveries',
    since: instant('finished_at'),
    keptForMs: 0,
    everyMs: 60_000,
    condition: sql`type = 'customer.deleted' and data ->> 'customer_id' <> 'erased'`,
    change: sql`data = data || '{"customer_id": "erased"}'`,
  }),
  purgeOf({
    kind: 'webhook_secrets',
    table: 'older_webhook_secrets',
    since: instant('expires_at'),
    keptForMs: 0,
  }),
  purgeOf({
    kind: 'payment_events',
    table: 'stripe_events',
    since: instant('received_at'),
    keptForMs: payments * dayMs,
  }),
  ...(['disputes', 'charge_refunds', 'stripe_refunds'] as const).map((table) =>
    strayPaymentNews(table, payments * dayMs),
  ),
  purgeOf({
    // Stripe never heard of them. Money that comes all the same is still taken for it.
    kind: 'unpaid_checkouts',
    table: 'checkouts',
    since: instant('expires_at'),
    keptForMs: expiryNewsMs,
    condition: sql`status = 'open' and stripe_checkout_id is null`,
    change: sql`status = 'expired'`,
  }),
  purgeOf({
    kind: 'rate_counts',
    table: 'rate_counts',
    since: instant('window_at'),
    keptForMs: 2 * windowMs,
  }),
  purgeOf({
    // A page that sends its report again does so within minutes.
    kind: 'page_reports',
    table: 'page_reports',
    since: instant('reported_at'),
    keptForMs: dayMs,
  }),
  purgeOf({ kind: 'access_tokens', table: 'access_tokens', since: instant('expires_at'), keptForMs: 0 }),
  purgeOf({ kind: 'session_tokens', table: 'session_tokens', since: instant('expires_at'), keptForMs: 0 }),
  purgeOf({ kind: 'secret_keys', table: 'former_secret_keys', since: instant('expires_at'), keptForMs: 0 }),
  purgeOf({
    kind: 'presences',
    table: 'presences',
    // Of sessions that are over. Few are there at a time.
    since: sql<number>`(select ended_at from sessions where sessions.id = presences.session_id)`,
    keptForMs: 0,
  }),
];

/** What was told of payments that are not ours, or not yet. */
function strayPaymentNews(table: keyof Tables & `${string}s`, keptForMs: number): Purge {
  return purgeOf({
    kind: `stray_${table}`,
    table,
    since: instant('told_at'),
    keptForMs,
    condition: sql`not exists (
        select from checkouts where checkouts.payment_intent_id = ${sql.table(table)}.payment_intent_id)
      and not exists (
        select from held_payments where held_payments.id = ${sql.table(table)}.payment_intent_id)`,
  });
}
