import { sqlMigration } from './sql-migration.js';

/** Extensions paid by money: checkouts, refunds, the money ledger. */
export const payments = sqlMigration([
  `alter table applications add column max_extensions bigint check (max_extensions >= 0)`,
  `create table checkouts (
    id text primary key,
    session_id text not null references sessions,
    status text not null check (status in ('open', 'paid', 'failed', 'expired', 'refunded')),
    additional_seconds bigint not null check (additional_seconds > 0),
    amount bigint not null check (amount > 0),
    currency text not null check (currency ~ '^[a-z]{3}$'),
    description text not null,
    success_url text not null,
    cancel_url text not null,
    attempt bigint not null default 1,
    stripe_checkout_id text unique,
    checkout_url text,
    payment_intent_id text unique,
    refunded_amount bigint not null default 0,
    created_at bigint not null,
    expires_at bigint not null,
    paid_at bigint,
    check (refunded_amount between 0 and amount),
    check ((status = 'refunded') = (refunded_amount = amount)),
    check ((status in ('paid', 'refunded')) = (paid_at is not null))
  )`,
  `create index checkouts_by_session on checkouts (session_id, created_at)`,
  `create index checkouts_open on checkouts (expires_at) where status = 'open'`,
  `alter table extensions add column checkout_id text unique references checkouts`,
  `alter table extensions add column taken_back_seconds bigint not null default 0
    check (taken_back_seconds between 0 and additional_seconds)`,
  `create table stripe_events (
    id text primary key,
    type text not null,
    received_at bigint not null
  )`,
  `create index stripe_events_by_age on stripe_events (received_at)`,
  `create table refunds (
    checkout_id text primary key references checkouts,
    payment_intent_id text not null,
    reason text not null check (reason in ('session_ended', 'limit_reached')),
    attempts bigint not null default 0,
    key_number bigint not null default 1,
    due_at bigint,
    created_at bigint not null
  )`,
  `create index refunds_due on refunds (due_at) where due_at is not null`,
  `create table money_transactions (
    id bigint generated always as identity primary key,
    kind text not null check (kind in ('payment', 'refund')),
    checkout_id text not null references checkouts,
    currency text not null,
    created_at bigint not null
  )`,
  `create unique index money_one_payment_a_checkout on money_transactions (checkout_id) where kind = 'payment'`,
  `create index money_transactions_by_checkout on money_transactions (checkout_id)`,
  `create table money_entries (
    transaction_id bigint not null references money_transactions,
    account text not null,
    amount bigint not null,
    primary key (account, transaction_id)
  )`,
  `create index money_entries_by_transaction on money_entries (transaction_id)`,
]);
