import type { Transaction } from 'kysely';
import type { CheckoutRow, HeldPaymentRow, MoneyTransactionKind, Tables } from '../database/schema.js';
import { announceSubject } from '../events/announcements.js';
import { subjectOfOwner } from '../events/subject.js';

/** What came in through Stripe: minus the sum of what customers paid, and neither got back nor have their banks hold. */
export const stripeAccount = 'stripe';
/** What a provider's extensions earned. */
export const salesAccount = (providerId: string) => `sales:${providerId}`;
const providerOf = (account: string) => /^sales:(.+)$/.exec(account)?.[1];
/** Money that came too late, until it has gone back. */
export const refundsDueAccount = 'refunds-due';
/** Money that fits nothing, until a person has looked at it. */
export const exceptionsAccount = 'exceptions';
/** Money that a person has done something about; what that was stands with the exception. */
export const resolvedAccount = 'resolved';

/** What money is about: a checkout, or a payment that fits none. */
export type MoneySubject =
  | Pick<CheckoutRow, 'id' | 'currency' | 'additional_seconds'>
  | Pick<HeldPaymentRow, 'id' | 'currency' | 'exception_id'>;

/**
 * Moves money from one account to another: double entry, one currency a transaction, apart from the tokens' ledger. Who follows a
 * provider whose earnings change is told.
 */
export async function postMoney(
  trx: Transaction<Tables>,
  posting: {
    kind: MoneyTransactionKind;
    about: MoneySubject;
    from: string;
    to: string;
    amount: number;
    now: number;
  },
): Promise<void> {
  const { kind, about, from, to, amount, now } = posting;
  const subject = 'exception_id' in about ? { held_payment_id: about.id } : { checkout_id: about.id };
  const { id } = await trx
    .insertInto('money_transactions')
    .values({ kind, ...subject, currency: about.currency, created_at: now })
    .returning('id')
    .executeTakeFirstOrThrow();
  await trx
    .insertInto('money_entries')
    .values([
      { transaction_id: id, account: from, amount: -amount },
      { transaction_id: id, account: to, amount },
    ])
    .execute();
  for (const account of [from, to]) {
    const providerId = providerOf(account);
    if (providerId !== undefined) await announceSubject(trx, subjectOfOwner(providerId));
  }
}

/** Posts that more of some money is with the customer, or his bank, than before, or less. */
export async function postGone(
  trx: Transaction<Tables>,
  posting: {
    kind: 'refund' | 'dispute';
    about: MoneySubject;
    account: string;
    /** Negative: so much is there again. */
    change: number;
    now: number;
  },
): Promise<void> {
  const { kind, account, change, ...others } = posting;
  await postMoney(trx, {
    ...others,
    ...(change > 0
      ? { kind, from: account, to: stripeAccount }
      : { kind: `${kind}_reversal`, from: stripeAccount, to: account }),
    amount: Math.abs(change),
  });
}
