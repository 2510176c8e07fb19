import assert from 'node:assert/strict';
import { sql } from 'kysely';
import type { Database } from '../../src/service/index.js';

/** Asserts that the books balance: each transaction sums to zero, each kept balance is the sum of its entries. */
export async function assertBooksBalance({ kysely }: Database): Promise<void> {
  const unbalanced = await sql`
    select transaction_id from ledger_entries group by transaction_id having sum(amount) <> 0`.execute(
    kysely,
  );
  assert.deepEqual(unbalanced.rows, [], 'transactions that do not sum to zero');
  const wrong = await sql`
    select id, balance from accounts
    where balance is not null
      and balance <> (select coalesce(sum(amount), 0) from ledger_entries where account_id = accounts.id)`.execute(
    kysely,
  );
  assert.deepEqual(wrong.rows, [], 'balances that are not the sum of their entries');
  const holds = await sql`
    select sessions.id from sessions join accounts on accounts.id = 'hold:' || sessions.id
    where accounts.balance <> case when due_at is null then 0 else tokens_allocated end`.execute(kysely);
  assert.deepEqual(holds.rows, [], 'holds that do not fit their session');
  const asked = await sql`
    select help_requests.id from help_requests join accounts on accounts.id = 'hold:' || help_requests.id
    where accounts.balance <> case status when 'open' then tokens else 0 end`.execute(kysely);
  assert.deepEqual(asked.rows, [], 'holds that do not fit their help request');
  const strangers = await sql`
    select distinct account_id from ledger_entries
    where split_part(account_id, ':', 1) not in ('wallet', 'hold', 'revenue', 'issuance', 'expired')`.execute(
    kysely,
  );
  assert.deepEqual(strangers.rows, [], 'accounts that nobody knows');
  const bills = await sql`
    select id from sessions where ended_at is not null and final_cost + tokens_refunded <> tokens_allocated`.execute(
    kysely,
  );
  assert.deepEqual(bills.rows, [], 'bills that do not add up');
  const lengths = await sql`
    select id from sessions where duration_limit_seconds <> initial_seconds
      + (select coalesce(sum(additional_seconds - taken_back_seconds), 0) from extensions where session_id = sessions.id)`.execute(
    kysely,
  );
  assert.deepEqual(lengths.rows, [], 'sessions that are not as long as what was bought');
  await assertMoneyBalances(kysely);
}

/** Asserts that money is where it should be: with Stripe, with the provider, or on its way back. */
async function assertMoneyBalances(kysely: Database['kysely']): Promise<void> {
  const unbalanced = await sql`
    select transaction_id from money_entries group by transaction_id having sum(amount) <> 0 or count(*) <> 2`.execute(
    kysely,
  );
  assert.deepEqual(unbalanced.rows, [], 'movements of money that do not sum to zero');
  const wrong = await sql`
    select checkouts.id, status,
      coalesce(sum(money_entries.amount) filter (where account = 'stripe'), 0)::bigint as stripe,
      coalesce(sum(money_entries.amount) filter (where account = 'refunds-due'), 0)::bigint as due
    from checkouts
      left join money_transactions on checkout_id = checkouts.id
      left join money_entries on transaction_id = money_transactions.id
    group by checkouts.id
    having coalesce(sum(money_entries.amount) filter (where account = 'stripe'), 0)
        <> case when paid_at is null then 0 else refunded_amount + disputed_amount - checkouts.amount end
      or coalesce(sum(money_entries.amount) filter (where account = 'refunds-due'), 0)
        <> case when exists (select from refunds where checkout_id = checkouts.id and resolved_at is null)
          then checkouts.amount - refunded_amount - disputed_amount else 0 end`.execute(kysely);
  assert.deepEqual(wrong.rows, [], 'checkouts whose money is not where it should be');
  const jobs = await sql`
    select checkout_id from refunds join checkouts on checkouts.id = checkout_id
    where (due_at is not null) <> (refunded_amount < amount and disputed_amount = 0 and resolved_at is null
      and not exists (select from exceptions where kind = 'refund_failed'
        and exceptions.checkout_id = checkouts.id and exceptions.resolved_at is null and refunds.failures > 0))`.execute(
    kysely,
  );
  assert.deepEqual(jobs.rows, [], 'money that is to go back and does not, or cannot');
  const disputed = await sql`
    select checkouts.id from checkouts where paid_at is not null and disputed_amount <>
      (select coalesce(sum(amount), 0) from disputes
        where disputes.payment_intent_id = checkouts.payment_intent_id and state in ('open', 'lost')
          and disputes.currency = checkouts.currency)
      and paid_currency is null`.execute(kysely);
  assert.deepEqual(disputed.rows, [], 'disputes that the books do not know');
  const held = await sql`
    select held_payments.id from held_payments
      join exceptions on exceptions.id = exception_id
      left join money_transactions on held_payment_id = held_payments.id
      left join money_entries on transaction_id = money_transactions.id
    group by held_payments.id, exceptions.resolved_at
    having coalesce(sum(money_entries.amount) filter (where account = 'stripe'), 0)
        <> refunded_amount + disputed_amount - held_payments.amount
      or coalesce(sum(money_entries.amount) filter (where account = 'exceptions'), 0)
        <> case when exceptions.resolved_at is null
          then held_payments.amount - refunded_amount - disputed_amount else 0 end`.execute(kysely);
  assert.deepEqual(held.rows, [], 'money that nobody looks at');
}

/** What an account holds by its entries. */
export async function sumOf({ kysely }: Database, accountId: string): Promise<number> {
  const { rows } = await sql<{ sum: number }>`
    select coalesce(sum(amount), 0)::bigint as sum from ledger_entries where account_id = ${accountId}`.execute(
    kysely,
  );
  return rows[0]!.sum;
}
