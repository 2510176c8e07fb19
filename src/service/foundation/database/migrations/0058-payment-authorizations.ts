import { sqlMigration } from './sql-migration.js';

/**
 * Help that is paid by money: held before anybody is asked, taken after the talk. An older instance sells none of it, for it finds no
 * price in tokens; it goes on with what is open, and what is to be taken or let go is found by the others.
 */
export const paymentAuthorizations = sqlMigration([
  // Nothing is there that would not fit: no row need be read while everybody waits for the tables.
  `alter table help_categories
    alter column tokens drop not null,
    add column amount bigint check (amount > 0),
    add column currency text check (currency ~ '^[a-z]{3}$'),
    add column capture text check (capture in ('used', 'full')),
    add constraint help_categories_price_check check (
      (tokens is null) = (amount is not null) and (amount is null) = (currency is null)
      and (amount is null) = (capture is null)) not valid`,
  `alter table help_requests
    add column amount bigint check (amount > 0),
    add column currency text,
    add column capture text check (capture in ('used', 'full')),
    add column authorized_at bigint,
    add constraint help_requests_price_check check ((amount is null) = (currency is null)
      and (amount is null) = (capture is null) and (amount is null or tokens = 0)) not valid,
    drop constraint help_requests_status_check,
    add constraint help_requests_status_check check (status in
      ('awaiting_payment', 'open', 'claimed', 'in_progress', 'completed', 'cancelled', 'expired')) not valid,
    drop constraint help_requests_reason_check,
    add constraint help_requests_reason_check check (reason in ('requested', 'customer_absent',
      'session_cancelled', 'nobody_free', 'payment_failed', 'authorization_expired')) not valid`,
  `create table payment_authorizations (
    id text primary key,
    request_id text not null unique references help_requests,
    status text not null check (status in
      ('pending', 'authorized', 'capturing', 'captured', 'releasing', 'released', 'expired', 'failed')),
    amount bigint not null check (amount > 0),
    currency text not null,
    description text not null,
    success_url text not null,
    cancel_url text not null,
    attempt bigint not null default 1,
    stripe_checkout_id text unique,
    checkout_url text,
    payment_intent_id text unique,
    capture_before bigint,
    amount_to_capture bigint,
    captured_amount bigint,
    checkout_id text unique references checkouts,
    attempts bigint not null default 0,
    key_number bigint not null default 1,
    due_at bigint,
    created_at bigint not null,
    expires_at bigint not null,
    authorized_at bigint,
    ended_at bigint,
    check (amount_to_capture between 1 and amount),
    check (captured_amount between 1 and amount),
    check ((status = 'captured') = (captured_amount is not null)),
    check (status not in ('pending', 'authorized', 'capturing', 'releasing') or due_at is not null),
    check (status in ('pending', 'failed', 'releasing', 'released') or payment_intent_id is not null)
  )`,
  `create index payment_authorizations_due on payment_authorizations (due_at) where due_at is not null`,
  // What was taken of a held payment is a checkout of the talk: for no more time, and less than was held.
  `alter table checkouts
    add column uncaptured_amount bigint not null default 0,
    drop constraint checkouts_additional_seconds_check,
    add constraint checkouts_additional_seconds_check check (additional_seconds >= 0) not valid`,
]);
