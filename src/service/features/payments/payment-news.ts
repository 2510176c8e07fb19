import type Stripe from 'stripe';
import type { Money } from './money.js';

/** What an event of Stripe tells of one Checkout. */
export interface CheckoutNews {
  stripeCheckoutId: string;
  /** What it says it is for, as we wrote it there. */
  checkoutId: string | undefined;
  sessionId: string | undefined;
  paymentIntentId: string | null;
  outcome: 'paid' | 'failed' | 'expired' | 'waiting';
  /** What the customer has paid. */
  paid: Money;
  /** The same in the currency in which the Checkout was opened: another one where the customer paid in his own. */
  price: Money;
}

/** What an event tells of a Checkout; undefined where it is about something else. */
export function checkoutNewsOf(event: Stripe.Event): CheckoutNews | undefined {
  switch (event.type) {
    case 'checkout.session.completed': {
      const isPaid = event.data.object.payment_status === 'paid';
      return newsOf(event.data.object, isPaid ? 'paid' : 'waiting');
    }
    case 'checkout.session.async_payment_succeeded':
      return newsOf(event.data.object, 'paid');
    case 'checkout.session.async_payment_failed':
      return newsOf(event.data.object, 'failed');
    case 'checkout.session.expired':
      return newsOf(event.data.object, 'expired');
    default:
      return undefined;
  }
}

function newsOf(object: Stripe.Checkout.Session, outcome: CheckoutNews['outcome']): CheckoutNews {
  const { id, metadata, amount_total, currency, payment_intent } = object;
  const told = { amount: amount_total ?? 0, currency: currency ?? '' };
  return {
    stripeCheckoutId: id,
    checkoutId: metadata?.checkout_id,
    sessionId: metadata?.session_id,
    paymentIntentId: idOf(payment_intent),
    outcome,
    ...amountsOf(object, told),
  };
}

/**
 * What was paid, and what that was of the price. Stripe tells it in one of two ways (Adaptive Pricing): Checkouts of before
 * 2025-03-31 are in the customer's currency, with `currency_conversion` beside; later ones stay in ours, with
 * `presentment_details` beside.
 */
function amountsOf(
  { currency_conversion: conversion, presentment_details: presentment }: Stripe.Checkout.Session,
  told: Money,
): Pick<CheckoutNews, 'paid' | 'price'> {
  if (conversion) {
    return { paid: told, price: { amount: conversion.amount_total, currency: conversion.source_currency } };
  }
  if (!presentment) return { paid: told, price: told };
  const { presentment_amount: amount, presentment_currency } = presentment;
  return { paid: { amount, currency: presentment_currency }, price: told };
}

export const idOf = (reference: string | { id: string } | null | undefined): string | null =>
  typeof reference === 'object' ? (reference?.id ?? null) : (reference ?? null);
