import { sqlMigration } from './sql-migration.js';

/**
 * Money that does not fit: payments that wait for a person, what Stripe told of refunds, and what customers paid in a
 * currency of their own. An older instance takes no note of what does not fit a checkout.
 */
export const unfitMoney = sqlMigration([
  `alter table checkouts
    add column paid_amount bigint check (paid_amount > 0),
    add column paid_currency text`,
  `create table charge_refunds (
    payment_intent_id text primary key,
    amount bigint not null,
    currency text not null,
    refunded_amount bigint not null,
    told_at bigint not null
  )`,
  `create index charge_refunds_by_age on charge_refunds (told_at)`,
  `create table stripe_refunds (
    id text primary key,
    payment_intent_id text not null,
    amount bigint not null,
    currency text not null,
    is_failed boolean not null,
    made_at bigint not null,
    told_at bigint not null,
    is_answered boolean not null default false
  )`,
  `create index stripe_refunds_by_payment on stripe_refunds (payment_intent_id)`,
  `create index stripe_refunds_by_age on stripe_refunds (told_at)`,
  `create table held_payments (
    id text primary key,
    exception_id text not null unique references exceptions,
    amount bigint not null check (amount > 0),
    currency text not null,
    refunded_amount bigint not null default 0,
    disputed_amount bigint not null default 0
  )`,
  `alter table refunds add column failures bigint not null default 0`,
  `alter table refunds add column resolved_at bigint`,
  // What is there fits: it need not be read again while everybody waits for the table.
  `alter table refunds drop constraint refunds_reason_check,
    add constraint refunds_reason_check
      check (reason in ('session_ended', 'limit_reached', 'paid_twice')) not valid`,
  `alter table money_transactions
    alter column checkout_id drop not null,
    add column held_payment_id text references held_payments,
    drop constraint money_transactions_kind_check,
    add constraint money_transactions_kind_check check (kind in
      ('payment', 'refund', 'refund_reversal', 'dispute', 'dispute_reversal', 'resolution')) not valid,
    add constraint money_transactions_about_one check (num_nonnulls(checkout_id, held_payment_id) = 1) not valid`,
  `create index money_transactions_by_held_payment on money_transactions (held_payment_id)
    where held_payment_id is not null`,
]);
