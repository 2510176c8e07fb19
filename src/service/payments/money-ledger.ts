import type { Transaction } from 'kysely';
import type { CheckoutRow, MoneyTransactionKind, Tables } from '../database/schema.js';

/** What came in through Stripe: minus the sum of what customers paid, and neither got back nor have their banks hold. */
export const stripeAccount = 'stripe';
/** What a provider's extensions earned. */
export const salesAccount = (providerId: string) => `sales:${providerId}`;
/** Money that came too late, until it has gone back. */
export const refundsDueAccount = 'refunds-due';

/** Moves money from one account to another: double entry, one currency a transaction, apart from the tokens' ledger. */
export async function postMoney(
  trx: Transaction<Tables>,
  posting: {
    kind: MoneyTransactionKind;
    checkout: CheckoutRow;
    from: string;
    to: string;
    amount: number;
    now: number;
  },
): Promise<void> {
  const { kind, checkout, from, to, amount, now } = posting;
  const { id } = await trx
    .insertInto('money_transactions')
    .values({ kind, checkout_id: checkout.id, currency: checkout.currency, created_at: now })
    .returning('id')
    .executeTakeFirstOrThrow();
  await trx
    .insertInto('money_entries')
    .values([
      { transaction_id: id, account: from, amount: -amount },
      { transaction_id: id, account: to, amount },
    ])
    .execute();
}
