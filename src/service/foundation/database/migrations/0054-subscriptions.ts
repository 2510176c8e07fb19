import { sqlMigration } from './sql-migration.js';

/**
 * Plans, subscriptions and their grants; and how far a test clock is ahead. An older instance grants none, leaves what is due to
 * the others, and goes by the database's clock.
 */
export const subscriptions = sqlMigration([
  `create table plans (
    id text primary key,
    name text not null,
    interval text not null check (interval in ('day', 'week', 'month', 'year')),
    interval_count bigint not null check (interval_count > 0),
    tokens_per_period bigint not null check (tokens_per_period > 0),
    rollover boolean not null,
    active boolean not null,
    metadata jsonb not null,
    created_at bigint not null
  )`,
  `create index plans_newest on plans (created_at desc, id desc)`,
  `create table subscriptions (
    id text primary key,
    customer_id text not null references customers,
    plan_id text not null references plans,
    pending_plan_id text references plans,
    status text not null check (status in ('active', 'paused', 'canceled')),
    anchor_at bigint not null,
    periods_since_anchor bigint not null check (periods_since_anchor >= 0),
    period_started_at bigint not null,
    period_ends_at bigint not null,
    grant_count bigint not null check (grant_count > 0),
    cancel_at_period_end boolean not null,
    started_at bigint not null,
    paused_at bigint,
    resumes_at bigint,
    canceled_at bigint,
    ended_at bigint,
    due_at bigint,
    metadata jsonb not null,
    created_at bigint not null,
    check (period_started_at < period_ends_at),
    check ((status = 'paused') = (paused_at is not null)),
    check (resumes_at is null or status = 'paused'),
    check ((status = 'canceled') = (ended_at is not null)),
    check (status <> 'canceled' or due_at is null)
  )`,
  `create unique index subscriptions_one_live on subscriptions (customer_id, plan_id) where status <> 'canceled'`,
  `create index subscriptions_due on subscriptions (due_at) where due_at is not null`,
  `create index subscriptions_newest on subscriptions (created_at desc, id desc)`,
  `create index subscriptions_newest_by_status on subscriptions (status, created_at desc, id desc)`,
  `create index subscriptions_newest_by_customer on subscriptions (customer_id, created_at desc, id desc)`,
  `create table subscription_grants (
    subscription_id text not null references subscriptions,
    period_started_at bigint not null,
    number bigint not null,
    tokens bigint not null check (tokens >= 0),
    upgrade_count bigint not null default 0,
    expires boolean not null,
    primary key (subscription_id, period_started_at),
    unique (subscription_id, number)
  )`,
  `create table test_clock (
    is_only boolean primary key default true check (is_only),
    ahead_ms bigint not null check (ahead_ms >= 0)
  )`,
  // What is there fits: it need not be read again while everybody waits for the table.
  `alter table ledger_transactions
    drop constraint ledger_transactions_kind_check,
    add constraint ledger_transactions_kind_check
      check (kind in ('credit', 'hold', 'settlement', 'expiry')) not valid`,
]);
