import { sqlMigration } from './sql-migration.js';

/**
 * Help requests, whom they are offered to, and what helpers are told. A session of one names it, and whom it waits for. An older
 * instance starts such a session with whichever helper is there, and does not tell its request; a newer one finds that out.
 */
export const helpRequests = sqlMigration([
  `alter table sessions add column help_request_id text, add column waits_for_id text`,
  `create table help_requests (
    id text primary key,
    provider_id text not null references providers,
    application_id text not null references applications,
    user_id text not null references customers,
    category_id text not null references help_categories,
    skills jsonb not null,
    tokens bigint not null check (tokens >= 0),
    duration_seconds bigint not null,
    search_seconds bigint not null,
    description text,
    status text not null check (status in ('open', 'claimed', 'in_progress', 'completed', 'cancelled', 'expired')),
    reason text check (reason in ('requested', 'customer_absent', 'session_cancelled', 'nobody_free')),
    helper_id text references helpers,
    session_id text unique references sessions deferrable initially deferred,
    round bigint not null,
    version bigint not null,
    created_at bigint not null,
    opened_at bigint not null,
    claimed_at bigint,
    started_at bigint,
    ended_at bigint,
    due_at bigint,
    used_seconds bigint,
    final_cost bigint,
    outcome text check (outcome in ('resolved', 'unresolved', 'in_person')),
    notes text,
    outcome_at bigint,
    check (status not in ('claimed', 'in_progress', 'completed') or (helper_id is not null and session_id is not null)),
    check (status <> 'open' or (helper_id is null and session_id is null)),
    check ((status in ('completed', 'cancelled', 'expired')) = (ended_at is not null)),
    check ((status in ('cancelled', 'expired')) = (reason is not null)),
    check ((ended_at is null) = (due_at is not null)),
    check ((outcome is null) = (outcome_at is null))
  )`,
  `create index help_requests_due on help_requests (due_at) where due_at is not null`,
  `create index help_requests_open on help_requests (provider_id) where status = 'open'`,
  `create index help_requests_newest on help_requests (created_at desc, id desc)`,
  `create index help_requests_newest_by_status on help_requests (status, created_at desc, id desc)`,
  ...['application_id', 'provider_id', 'helper_id', 'user_id'].flatMap((owner) => {
    const name = `help_requests_newest_by_${owner.replace('_id', '')}`;
    return [
      `create index ${name} on help_requests (${owner}, created_at desc, id desc)`,
      `create index ${name}_and_status on help_requests (${owner}, status, created_at desc, id desc)`,
    ];
  }),
  `create index help_requests_with_words on help_requests (ended_at) where description is not null or notes is not null`,
  `create table help_offers (
    request_id text not null references help_requests,
    helper_id text not null references helpers,
    state text not null check (state in ('offered', 'accepted', 'declined', 'withdrawn', 'missed')),
    round bigint not null,
    offered_at bigint not null,
    answered_at bigint,
    primary key (request_id, helper_id)
  )`,
  `create index help_offers_by_helper on help_offers (helper_id, offered_at)`,
  `create index help_offers_open on help_offers (helper_id) where state = 'offered'`,
  `create index help_offers_by_age on help_offers (offered_at)`,
  `create table helper_desks (
    helper_id text primary key references helpers,
    seen_at bigint not null
  ) with (fillfactor = 50)`,
  `create table notifications (
    id bigint generated always as identity primary key,
    helper_id text not null references helpers,
    type text not null check (type in ('offered', 'claim_missed', 'request_cancelled', 'set_away')),
    request_id text references help_requests,
    created_at bigint not null,
    read_at bigint
  )`,
  `create index notifications_by_helper on notifications (helper_id, id desc)`,
  `create index notifications_unread on notifications (helper_id, id desc) where read_at is null`,
  `create index notifications_by_age on notifications (created_at)`,
]);
