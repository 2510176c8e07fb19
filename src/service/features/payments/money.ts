import type { CheckoutRow } from '../../foundation/database/schema.js';

/** An amount in the currency's minor units; the currency is ISO 4217, lower case. */
export interface Money {
  amount: number;
  currency: string;
}

/**
 * What money of a checkout's payment is of its price. A customer may pay in a currency of his own (Stripe's Adaptive
 * Pricing): then it is the same share of the price, and all of it only where it is all of what was paid.
 * @returns undefined where it is in a currency that nothing was paid in.
 */
export function partOfPrice(
  { amount: price, currency, paid_amount, paid_currency }: CheckoutRow,
  money: Money,
): number | undefined {
  if (money.currency === currency) return money.amount;
  if (paid_amount === null || money.currency !== paid_currency) return undefined;
  if (money.amount >= paid_amount) return price;
  return Math.min(Math.round((money.amount / paid_amount) * price), price - 1);
}

/** What the customer has paid: the price, or what it was in a currency of his own. */
export const paidFor = ({ amount, currency, paid_amount, paid_currency }: CheckoutRow): Money =>
  paid_amount === null || paid_currency === null
    ? { amount, currency }
    : { amount: paid_amount, currency: paid_currency };

/** The sums of money by currency. */
export function sumByCurrency(all: readonly Money[]): Money[] {
  const sums = new Map<string, number>();
  for (const { amount, currency } of all) sums.set(currency, (sums.get(currency) ?? 0) + amount);
  return [...sums].map(([currency, amount]) => ({ amount, currency }));
}
