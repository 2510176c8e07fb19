import type { Transaction } from 'kysely';
import { sql } from 'kysely';
import { SessionError } from '../protocol/errors.js';
import type { LedgerTransactionKind, Tables } from './database/schema.js';

/** The names of the accounts. Wallets and holds keep a balance that never falls below zero; the others are sums. */
export const walletAccount = (customerId: string) => `wallet:${customerId}`;
export const holdAccount = (sessionId: string) => `hold:${sessionId}`;
export const revenueAccount = (providerId: string) => `revenue:${providerId}`;
/** Where tokens come from: minus the sum of all credits. */
export const issuanceAccount = 'issuance:marketplace';

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
 * Writes one double-entry transaction and moves the balances, in the caller's transaction. Accounts are locked in the
 * order of their names, after the session's row: two transactions never wait for each other.
 * @throws {SessionError} `INSUFFICIENT_TOKENS` where a balance would fall below zero.
 */
export async function post(trx: Transaction<Tables>, posting: Posting): Promise<void> {
  const amounts = Object.entries(posting.amounts)
    .filter(([, amount]) => amount !== 0)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  if (amounts.length === 0) return;
  const sum = amounts.reduce((total, [, amount]) => total + amount, 0);
  if (sum !== 0 || !amounts.every(([, amount]) => Number.isSafeInteger(amount))) {
    throw new TypeError('the entries of a transaction are whole and sum to zero');
  }
  const { id } = await trx
    .insertInto('ledger_transactions')
    .values({
      kind: posting.kind,
      customer_id: posting.customerId,
      session_id: posting.sessionId ?? null,
      reference: posting.reference ?? null,
      created_at: posting.createdAt,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  for (const [accountId, amount] of amounts) {
    const balanceAfter = await move(trx, accountId, amount);
    await trx
      .insertInto('ledger_entries')
      .values({ transaction_id: id, account_id: accountId, amount, balance_after: balanceAfter })
      .execute();
  }
}

async function move(trx: Transaction<Tables>, accountId: string, amount: number): Promise<number | null> {
  if (!/^(wallet|hold):/.test(accountId)) {
    // Every session of a provider ends here: no row to wait for, the entries alone count.
    await trx
      .insertInto('accounts')
      .values({ id: accountId, customer_id: null, balance: null })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    return null;
  }
  const moved = await trx
    .updateTable('accounts')
    .set({ balance: sql`balance + ${amount}::bigint` })
    .where('id', '=', accountId)
    .where(sql<boolean>`balance + ${amount}::bigint >= 0`)
    .returning('balance')
    .executeTakeFirst();
  if (!moved) throw new SessionError('INSUFFICIENT_TOKENS');
  return moved.balance;
}

/** Opens an account that keeps a balance. */
export async function openAccount(trx: Transaction<Tables>, id: string, customerId: string): Promise<void> {
  await trx.insertInto('accounts').values({ id, customer_id: customerId, balance: 0 }).execute();
}
