import type { Transaction } from 'kysely';
import type { ExceptionKind } from '../../../protocol/exceptions.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { HeldPaymentRow, Tables } from '../../foundation/database/schema.js';
import { closeException, openException } from '../../foundation/exceptions/open-exception.js';
import { unmatchedDispute, withdrawnBy } from './follow-disputes.js';
import { answerFailures, returnedRefund } from './follow-refunds.js';
import type { Money } from './money.js';
import {
  exceptionsAccount,
  postGone,
  postMoney,
  resolvedAccount,
  stripeAccount,
} from '../../foundation/ledger/money-ledger.js';
import { readRefundFacts, refundedOf } from './refund-facts.js';

export interface UnfitPayment {
  /** Of the payment intent; of the Checkout at Stripe where there is none. */
  id: string;
  kind: Extract<ExceptionKind, `payment_${string}`>;
  detail: string;
  paid: Money;
  providerId?: string;
  sessionId?: string;
  checkoutId?: string;
}

/** Takes money that fits nothing: it waits for a person. The caller holds a lock on the payment, which is not known yet. */
export async function holdPayment(
  context: ServiceContext,
  trx: Transaction<Tables>,
  { id, kind, detail, paid, ...about }: UnfitPayment,
  now: number,
): Promise<void> {
  const exception = { kind, subject: `payment:${id}`, detail, money: paid, ...about };
  const exceptionId = await openException(context, trx, { ...exception, paymentIntentId: id }, now);
  const held = await trx
    .insertInto('held_payments')
    .values({ id, exception_id: exceptionId!, ...paid })
    .returningAll()
    .executeTakeFirstOrThrow();
  await postMoney(trx, {
    kind: 'payment',
    about: held,
    from: stripeAccount,
    to: exceptionsAccount,
    amount: paid.amount,
    now,
  });
  await followHeldPayment(context, trx, held, now);
}

/** A held payment, as it stands. The caller holds the lock on the payment. */
export function readHeldPayment(trx: Transaction<Tables>, id: string): Promise<HeldPaymentRow> {
  return trx.selectFrom('held_payments').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
}

/**
 * Brings a held payment in line with what is known of its refunds and disputes; once all of it has gone back nobody has to
 * look at it any more. The caller holds a lock on the payment.
 */
export async function followHeldPayment(
  context: ServiceContext,
  trx: Transaction<Tables>,
  held: HeldPaymentRow,
  now: number,
): Promise<void> {
  const exception = await trx
    .selectFrom('exceptions')
    .selectAll()
    .where('id', '=', held.exception_id)
    .forUpdate()
    .executeTakeFirstOrThrow();
  const inItsCurrency = ({ amount, currency }: Money) => (currency === held.currency ? amount : undefined);
  const facts = await readRefundFacts(trx, held.id);
  const refunded_amount = Math.max(0, Math.min(held.amount, refundedOf(facts, inItsCurrency)));
  const disputes = await withdrawnBy(trx, held.id);
  const disputed_amount = disputes.reduce((sum, dispute) => sum + (inItsCurrency(dispute) ?? 0), 0);
  const account = exception.resolved_at === null ? exceptionsAccount : resolvedAccount;
  const changes = [
    { kind: 'refund' as const, change: refunded_amount - held.refunded_amount },
    { kind: 'dispute' as const, change: disputed_amount - held.disputed_amount },
  ];
  for (const { kind, change } of changes)
    if (change !== 0) await postGone(trx, { kind, about: held, account, change, now });
  await trx
    .updateTable('held_payments')
    .set({ refunded_amount, disputed_amount })
    .where('id', '=', held.id)
    .execute();

  const { provider_id: providerId, session_id: sessionId, checkout_id: checkoutId } = exception;
  const about = { providerId, sessionId, checkoutId };
  for (const dispute of disputes)
    if (inItsCurrency(dispute) === undefined)
      await openException(context, trx, { ...unmatchedDispute(dispute), ...about }, now);
  const failed = await answerFailures(trx, facts.refunds);
  // What the bank has taken beside it may still come back.
  if (refunded_amount === held.amount && disputed_amount === 0)
    return void (await closeException(trx, exception, now));
  if (exception.resolved_at === null) return;
  for (const row of failed) await openException(context, trx, { ...returnedRefund(row), ...about }, now);
}
