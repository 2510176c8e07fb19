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
  const bills = await sql`
    select id from sessions where ended_at is not null and final_cost + tokens_refunded <> tokens_allocated`.execute(
    kysely,
  );
  assert.deepEqual(bills.rows, [], 'bills that do not add up');
}

/** What an account holds by its entries. */
export async function sumOf({ kysely }: Database, accountId: string): Promise<number> {
  const { rows } = await sql<{ sum: number }>`
    select coalesce(sum(amount), 0)::bigint as sum from ledger_entries where account_id = ${accountId}`.execute(
    kysely,
  );
  return rows[0]!.sum;
}
