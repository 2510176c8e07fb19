import { sql, type Transaction } from 'kysely';
import type { ChargeRefundRow, StripeRefundRow, Tables } from '../../foundation/database/schema.js';
import { sumByCurrency, type Money } from './money.js';

/** Keeps what was told last of a charge. The caller holds a lock on its payment. */
export async function noteChargeRefund(trx: Transaction<Tables>, charge: ChargeRefundRow): Promise<void> {
  await trx
    .insertInto('charge_refunds')
    .values(charge)
    .onConflict((conflict) =>
      // Of two that were told in one second the larger is the later one: it falls by failures alone, which are told apart.
      conflict.column('payment_intent_id').doUpdateSet({
        amount: sql`excluded.amount`,
        currency: sql`excluded.currency`,
        refunded_amount: sql`excluded.refunded_amount`,
        told_at: sql`excluded.told_at`,
      }).where(sql<boolean>`(excluded.told_at, excluded.refunded_amount)
          > (charge_refunds.told_at, charge_refunds.refunded_amount)`),
    )
    .execute();
}

/** Keeps how one refund stands: one that has failed stays so. The caller holds a lock on its payment. */
export async function noteRefund(
  trx: Transaction<Tables>,
  refund: Omit<StripeRefundRow, 'is_answered'>,
): Promise<void> {
  await trx
    .insertInto('stripe_refunds')
    .values(refund)
    .onConflict((conflict) =>
      conflict
        .column('id')
        .doUpdateSet({ is_failed: true, told_at: sql`excluded.told_at` })
        .where(sql<boolean>`excluded.is_failed and not stripe_refunds.is_failed`),
    )
    .execute();
}

export interface RefundFacts {
  charge: ChargeRefundRow | undefined;
  refunds: StripeRefundRow[];
}

/** All that is known of what went back of a payment. */
export async function readRefundFacts(
  trx: Transaction<Tables>,
  paymentIntentId: string,
): Promise<RefundFacts> {
  const charge = await trx
    .selectFrom('charge_refunds')
    .selectAll()
    .where('payment_intent_id', '=', paymentIntentId)
    .executeTakeFirst();
  const refunds = await trx
    .selectFrom('stripe_refunds')
    .selectAll()
    .where('payment_intent_id', '=', paymentIntentId)
    .orderBy('made_at')
    .orderBy('id')
    .execute();
  return { charge, refunds };
}

/**
 * How much of a payment is with the customer, by currency: what the charge said last, without the refunds in it that have
 * failed since, or what is known of single refunds, whichever is more.
 * @param convert into one currency; undefined where that cannot be.
 */
export function refundedOf(
  { charge, refunds }: RefundFacts,
  convert: (money: Money) => number | undefined,
): number {
  const sum = (rows: readonly Money[]) =>
    sumByCurrency(rows).reduce((total, money) => total + (convert(money) ?? 0), 0);
  const live = sum(refunds.filter(({ is_failed }) => !is_failed));
  if (!charge) return live;
  const isIn = ({ made_at, told_at }: StripeRefundRow) =>
    made_at <= charge.told_at && told_at >= charge.told_at;
  const failed = refunds.filter((refund) => refund.is_failed && isIn(refund));
  const { refunded_amount: amount, currency } = charge;
  const left = sumByCurrency([
    { amount, currency },
    ...failed.map((row) => ({ amount: -row.amount, currency: row.currency })),
  ]);
  return Math.max(live, sum(left));
}
