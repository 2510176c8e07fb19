import { sql, type Transaction } from 'kysely';
import type { SubscriptionRow, Tables } from '../../foundation/database/schema.js';
import { walletAccount } from '../../foundation/ledger/ledger.js';

/** The ledger's reference of a grant. */
export const grantReference = (subscriptionId: string, number: number) =>
  `subscription/${subscriptionId}/${number}`;

/**
 * What expires of the latest grant of each subscription: what was granted and is not spent, and no more than is there.
 * Granted tokens are spent before all others, and what is held for a running session counts as spent. The wallets are
 * locked.
 * @returns by subscription; those of which nothing expires are missing.
 */
export async function unspentGrants(
  trx: Transaction<Tables>,
  subscriptions: readonly SubscriptionRow[],
): Promise<Map<string, number>> {
  if (subscriptions.length === 0) return new Map();
  const latest = subscriptions.map(({ id, customer_id, grant_count }) => ({
    id,
    customer_id,
    wallet: walletAccount(customer_id),
    number: grant_count,
    reference: grantReference(id, grant_count),
  }));
  const { rows } = await sql<{ id: string; wallet: string; unspent: number; available: number }>`
    select latest.id, wallet, accounts.balance as available,
      (grants.tokens - greatest(0, least(grants.tokens, coalesce(spent.tokens, 0))))::bigint as unspent
    from jsonb_to_recordset(${JSON.stringify(latest)}::jsonb)
        as latest(id text, customer_id text, wallet text, number bigint, reference text)
      join subscription_grants grants on grants.subscription_id = latest.id and grants.number = latest.number
      join accounts on accounts.id = wallet
      join ledger_transactions granted on granted.kind = 'credit'
        and granted.customer_id = latest.customer_id and granted.reference = latest.reference,
      lateral (select -sum(amount) as tokens from ledger_entries
        join ledger_transactions moved on moved.id = transaction_id
        where account_id = wallet and transaction_id > granted.id and moved.kind in ('hold', 'settlement')) spent
    where grants.expires
    order by latest.id`.execute(trx);
  const available = new Map(rows.map((row) => [row.wallet, row.available]));
  const expiring = new Map<string, number>();
  for (const { id, wallet, unspent } of rows) {
    const amount = Math.min(unspent, available.get(wallet)!);
    available.set(wallet, available.get(wallet)! - amount);
    if (amount > 0) expiring.set(id, amount);
  }
  return expiring;
}
