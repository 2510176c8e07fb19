import type { Transaction } from 'kysely';
import { sql } from 'kysely';
import { SessionError } from '../../../protocol/errors.js';
import type { MarketplaceEvents } from '../../../protocol/webhooks.js';
import type { ServiceContext } from '../context.js';
import type { LedgerTransactionKind, Tables } from '../database/schema.js';
import { appendEvents } from '../events/append-events.js';

/** The names of the accounts. Wallets and holds keep a balance that never falls below zero; the others are sums. */
export const walletAccount = (customerId: string) => `wallet:${customerId}`;
export const holdAccount = (sessionId: string) => `hold:${sessionId}`;
export const revenueAccount = (providerId: string) => `revenue:${providerId}`;
/** Where tokens come from: minus the sum of all credits. */
export const issuanceAccount = 'issuance:marketplace';
/** Where granted tokens go that were not spent in their period. */
export const expiredAccount = 'expired:marketplace';

export interface Posting {
  kind: LedgerTransactionKind;
  customerId: string;
  sessionId?: string;
  reference?: string;
  /** Milliseconds since the epoch. */
  createdAt: number;
  /** Amounts by account; they sum to zero. */
  amounts: Record<string, number>;
}

/**
 * Writes double-entry transactions and moves the balances, in the caller's transaction: one statement, however many.
 * Accounts are locked in the order of their names, after the sessions' rows: two transactions never wait for each other
 * in a circle. A wallet that falls below what its customer's `low_wallet_tokens` says is told of.
 * @throws {SessionError} `INSUFFICIENT_TOKENS` where a balance would fall below zero.
 */
export async function post(
  context: Pick<ServiceContext, 'eventConsumers'>,
  trx: Transaction<Tables>,
  postings: readonly Posting[],
): Promise<void> {
  const moving = postings
    .map((posting) => ({ ...posting, amounts: Object.entries(posting.amounts).filter(isMoved) }))
    .filter(({ amounts }) => amounts.length > 0);
  if (moving.length === 0) return;
  for (const { amounts } of moving) requireBalanced(amounts.map(([, amount]) => amount));
  const rows = moving.map(({ kind, customerId, sessionId, reference, createdAt }, n) => ({
    n,
    kind,
    customer_id: customerId,
    session_id: sessionId ?? null,
    reference: reference ?? null,
    created_at: createdAt,
  }));
  const entries = moving.flatMap(({ amounts }, n) =>
    amounts.map(([account_id, amount]) => ({ n, account_id, amount, is_kept: isKept(account_id) })),
  );
  const { rows: outcome } = await sql<{ unmoved: number; low: LowWallet[] | null }>`
    with news as materialized (
      select nextval(pg_get_serial_sequence('ledger_transactions', 'id')) as id, news.*
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        as news(n int, kind text, customer_id text, session_id text, reference text, created_at bigint)
    ), transactions as (
      insert into ledger_transactions (id, kind, customer_id, session_id, reference, created_at)
      overriding system value
      select id, kind, customer_id, session_id, reference, created_at from news
    ), entries as materialized (
      select * from jsonb_to_recordset(${JSON.stringify(entries)}::jsonb)
        as entries(n int, account_id text, amount bigint, is_kept boolean)
    ), sums as (
      -- Every session of a provider ends in one account: no row to wait for, its entries alone count.
      insert into accounts (id, customer_id, balance)
      select distinct account_id, null, null::bigint from entries where not is_kept
      on conflict do nothing
    ), changes as materialized (
      select account_id, sum(amount)::bigint as amount from entries where is_kept group by account_id
    ), locked as materialized (
      select accounts.id, changes.amount from accounts join changes on changes.account_id = accounts.id
      order by accounts.id collate "C" for no key update of accounts
    ), moved as (
      update accounts set balance = accounts.balance + locked.amount from locked
      where accounts.id = locked.id and accounts.balance + locked.amount >= 0
      returning accounts.id, accounts.customer_id, accounts.balance - locked.amount as balance_before,
        accounts.balance
    ), low as (
      select customers.id as customer_id, balance as available, low_wallet_tokens
      from moved join customers on customers.id = moved.customer_id and moved.id = 'wallet:' || customers.id
      where low_wallet_tokens > balance and low_wallet_tokens <= balance_before
    ), written as (
      insert into ledger_entries (transaction_id, account_id, amount, balance_after)
      select news.id, account_id, amount,
        balance_before + sum(amount) over (partition by account_id order by n)
      from entries join news using (n) left join moved on moved.id = account_id
    )
    select (select count(*) from changes)::int - (select count(*) from moved)::int as unmoved,
      (select jsonb_agg(low) from low) as low`.execute(trx);
  const { unmoved, low } = outcome[0]!;
  if (unmoved > 0) throw new SessionError('INSUFFICIENT_TOKENS');
  const { createdAt } = moving[0]!;
  const told = (low ?? []).map((payload) => ({
    subject: `customer:${payload.customer_id}` as const,
    type: 'wallet.low' as const,
    payload,
    createdAt,
  }));
  await appendEvents(context, trx, told);
}

type LowWallet = MarketplaceEvents['wallet.low'];

const isMoved = ([, amount]: [string, number]) => amount !== 0;
/** Whether the account keeps a balance. */
const isKept = (accountId: string) => /^(wallet|hold):/.test(accountId);

function requireBalanced(amounts: readonly number[]): void {
  const sum = amounts.reduce((total, amount) => total + amount, 0);
  if (sum !== 0 || !amounts.every((amount) => Number.isSafeInteger(amount))) {
    throw new TypeError('the entries of a transaction are whole and sum to zero');
  }
}

/** Opens an account that keeps a balance. */
export async function openAccount(trx: Transaction<Tables>, id: string, customerId: string): Promise<void> {
  await trx.insertInto('accounts').values({ id, customer_id: customerId, balance: 0 }).execute();
}
