import { sqlMigration } from './sql-migration.js';

/** Disputed payments. An older instance takes note of what Stripe tells of a dispute, and does nothing about it. */
export const disputes = sqlMigration([
  `create table disputes (
    id text primary key,
    payment_intent_id text not null,
    amount bigint not null check (amount >= 0),
    currency text not null,
    state text not null check (state in ('inquiry', 'open', 'lost', 'won')),
    told_at bigint not null
  )`,
  `create index disputes_by_payment on disputes (payment_intent_id)`,
  `create index disputes_by_age on disputes (told_at)`,
  `alter table checkouts add column disputed_amount bigint not null default 0 check (disputed_amount >= 0)`,
  // What is there fits: it need not be read again while everybody waits for the table.
  `alter table money_transactions drop constraint money_transactions_kind_check,
    add constraint money_transactions_kind_check
      check (kind in ('payment', 'refund', 'dispute', 'dispute_reversal')) not valid`,
]);
