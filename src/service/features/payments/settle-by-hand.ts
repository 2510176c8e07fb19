import type { Transaction } from 'kysely';
import type { ServiceContext } from '../../foundation/context.js';
import type { ExceptionRow, Tables } from '../../foundation/database/schema.js';
import { lockCheckout } from './lock-checkout.js';
import { lockPayment } from './lock-payment.js';
import { holderOf } from './money-holder.js';
import {
  exceptionsAccount,
  postMoney,
  refundsDueAccount,
  resolvedAccount,
  type MoneySubject,
} from '../../foundation/ledger/money-ledger.js';

type Left = MoneySubject & { amount: number; refunded_amount: number; disputed_amount: number };

/**
 * Locks the money that an exception is about, where it waits for a person, in the order in which everybody does.
 * @returns what books it as settled once the exception is resolved, and ends all tries to send it back.
 */
export async function lockMoneyOf(
  context: ServiceContext,
  trx: Transaction<Tables>,
  { id, kind, session_id, checkout_id, payment_intent_id }: ExceptionRow,
): Promise<(now: number) => Promise<void>> {
  if (kind === 'refund_failed' && session_id !== null && checkout_id !== null) {
    const { session, checkout } = await lockCheckout(context, trx, session_id, checkout_id);
    const { account } = await holderOf(trx, session, checkout_id);
    // Money that is not on its way back is the provider's again, and was given for.
    const isDue = account === refundsDueAccount && checkout.payment_intent_id === payment_intent_id;
    if (!isDue) return async () => {};
    return async (now) => {
      const done = { due_at: null, resolved_at: now };
      await trx.updateTable('refunds').set(done).where('checkout_id', '=', checkout_id).execute();
      await settle(trx, checkout, refundsDueAccount, now);
    };
  }
  if (payment_intent_id !== null) await lockPayment(trx, payment_intent_id);
  const held = await trx
    .selectFrom('held_payments')
    .selectAll()
    .where('exception_id', '=', id)
    .executeTakeFirst();
  return async (now) => {
    if (held) await settle(trx, held, exceptionsAccount, now);
  };
}

async function settle(trx: Transaction<Tables>, about: Left, from: string, now: number): Promise<void> {
  const amount = about.amount - about.refunded_amount - about.disputed_amount;
  if (amount > 0) await postMoney(trx, { kind: 'resolution', about, from, to: resolvedAccount, amount, now });
}
