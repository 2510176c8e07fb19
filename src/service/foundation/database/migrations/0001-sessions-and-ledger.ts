import { sqlMigration } from './sql-migration.js';

/** Applications, customers, sessions, the ledger, the outbox, keys. */
export const sessionsAndLedger = sqlMigration([
  `create table applications (
    id text primary key,
    provider_id text not null,
    name text not null,
    launch_url text,
    allowed_origins jsonb not null,
    return_origins jsonb not null,
    tokens_per_minute bigint not null check (tokens_per_minute >= 0),
    extension_options jsonb not null,
    max_duration_seconds bigint not null check (max_duration_seconds > 0),
    pausable boolean not null,
    max_pause_seconds bigint not null check (max_pause_seconds >= 0),
    top_up_url text,
    secret_key_hash text not null unique,
    created_at bigint not null
  )`,
  `create index applications_allowed_origins on applications using gin (allowed_origins)`,
  `create table customers (
    id text primary key,
    organization_id text,
    created_at bigint not null
  )`,
  `create table sessions (
    id text primary key,
    application_id text not null references applications,
    user_id text not null references customers,
    status text not null
      check (status in ('waiting', 'active', 'paused', 'completed', 'expired', 'cancelled')),
    tokens_allocated bigint not null check (tokens_allocated >= 0),
    duration_limit_seconds bigint not null check (duration_limit_seconds > 0),
    initial_seconds bigint not null check (initial_seconds > 0),
    initial_tokens bigint not null check (initial_tokens >= 0),
    created_at bigint not null,
    started_at bigint not null,
    deadline_at bigint not null check (deadline_at % 1000 = 0),
    paused_at bigint,
    pause_seconds_used bigint not null default 0 check (pause_seconds_used >= 0),
    due_at bigint,
    return_url text,
    metadata jsonb not null,
    last_heartbeat_at bigint,
    reported_usage jsonb,
    ended_at bigint,
    used_seconds bigint,
    final_cost bigint check (final_cost >= 0),
    tokens_refunded bigint check (tokens_refunded >= 0),
    check ((status = 'paused') = (paused_at is not null)),
    check ((due_at is null) = (status in ('completed', 'expired', 'cancelled'))),
    check ((ended_at is null) = (due_at is not null)),
    check (final_cost + tokens_refunded = tokens_allocated)
  )`,
  `create index sessions_due on sessions (due_at) where due_at is not null`,
  `create index sessions_by_application on sessions (application_id, created_at desc)`,
  `create index sessions_by_user on sessions (user_id, created_at desc)`,
  `create table extensions (
    id text primary key,
    session_id text not null references sessions,
    position bigint not null,
    additional_seconds bigint not null check (additional_seconds > 0),
    tokens bigint not null check (tokens >= 0),
    created_at bigint not null,
    unique (session_id, position)
  )`,
  `create table accounts (
    id text primary key,
    customer_id text references customers,
    balance bigint check (balance >= 0)
  )`,
  `create index accounts_by_customer on accounts (customer_id)`,
  `create table ledger_transactions (
    id bigint generated always as identity primary key,
    kind text not null check (kind in ('credit', 'hold', 'settlement')),
    customer_id text not null references customers,
    session_id text references sessions,
    reference text,
    created_at bigint not null
  )`,
  `create unique index ledger_one_credit_a_reference on ledger_transactions (customer_id, reference)
    where kind = 'credit'`,
  `create unique index ledger_one_settlement_a_session on ledger_transactions (session_id)
    where kind = 'settlement'`,
  `create table ledger_entries (
    transaction_id bigint not null references ledger_transactions,
    account_id text not null references accounts,
    amount bigint not null,
    balance_after bigint,
    primary key (account_id, transaction_id)
  )`,
  `create index ledger_entries_by_transaction on ledger_entries (transaction_id)`,
  `create table outbox (
    id bigint generated always as identity primary key,
    type text not null,
    session_id text not null references sessions,
    payload jsonb not null,
    created_at bigint not null
  )`,
  `create index outbox_by_session on outbox (session_id, id)`,
  `create unique index outbox_one_end_a_session on outbox (session_id) where type = 'session.ended'`,
  `create table idempotency_keys (
    scope text not null,
    key text not null,
    request_hash text not null,
    result jsonb not null,
    created_at bigint not null,
    primary key (scope, key)
  )`,
  `create index idempotency_keys_by_age on idempotency_keys (created_at)`,
  `create table signing_keys (
    kid text primary key,
    state text not null check (state in ('next', 'current', 'retired')),
    private_jwk jsonb not null,
    public_jwk jsonb not null,
    created_at bigint not null,
    retired_at bigint
  )`,
  `create unique index signing_keys_one_each on signing_keys (state) where state in ('next', 'current')`,
]);
