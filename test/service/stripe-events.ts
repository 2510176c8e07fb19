import Stripe from 'stripe';
import type { HeldIntent } from './stripe-server.js';

export const webhookSecret = 'whsec_of_the_tests';
export const secretKey = 'sk_test_of_the_tests';

const { webhooks } = new Stripe(secretKey);

export interface Checkout {
  id: string;
  object: 'checkout.session';
  amount_total: number;
  currency: string;
  metadata: { checkout_id: string; session_id: string };
}

export interface Price {
  amount: number;
  currency: string;
}

export interface StripeEvent {
  id: string;
  type: string;
  livemode: boolean;
  created: number;
  data: { object: object };
}

export function eventOf(type: string, object: object, fields: object = {}): StripeEvent {
  const id = `evt_${crypto.randomUUID().replaceAll('-', '')}`;
  return {
    id,
    type,
    livemode: false,
    created: 1_767_225_600,
    data: { object },
    ...{ object: 'event', api_version: null },
    ...fields,
  };
}

export const paymentIntentOf = (checkout: Checkout) => `pi_${checkout.id.slice(8)}`;

/** The checkout as it is once it is paid. */
export const paid = (checkout: Checkout) => ({
  ...checkout,
  status: 'complete',
  payment_status: 'paid',
  payment_intent: paymentIntentOf(checkout),
});

export const completed = (checkout: Checkout) => eventOf('checkout.session.completed', paid(checkout));

/** The same, paid in a currency of the customer's own (Adaptive Pricing), as Stripe told it until 2025-03-31, or since. */
export const converted = (checkout: Checkout, paidIn: Price, way: 'conversion' | 'presentment') => {
  const { amount_total, currency } = checkout;
  const conversion = {
    amount_subtotal: amount_total,
    amount_total,
    fx_rate: String(paidIn.amount / amount_total),
    source_currency: currency,
  };
  const presentment = { presentment_amount: paidIn.amount, presentment_currency: paidIn.currency };
  return eventOf('checkout.session.completed', {
    ...paid(checkout),
    ...(way === 'conversion'
      ? { amount_total: paidIn.amount, currency: paidIn.currency, currency_conversion: conversion }
      : { currency_conversion: null, presentment_details: presentment }),
  });
};

export const expired = (checkout: Checkout) =>
  eventOf('checkout.session.expired', { ...checkout, status: 'expired' });

/** What Stripe tells of a payment that is held, as it stands now. */
export const heldNews = (
  intent: HeldIntent,
  type: 'amount_capturable_updated' | 'canceled' | 'payment_failed',
) => eventOf(`payment_intent.${type}`, { ...intent, latest_charge: `ch_${intent.id}` });

/** What it tells of its charge: taken, or lapsed. What was held beyond counts as refunded. */
export const chargeNews = (intent: HeldIntent, type: 'captured' | 'expired' | 'refunded', refunded = 0) => {
  const { id, amount, amount_received, currency, metadata } = intent;
  const charge = {
    id: `ch_${id}`,
    object: 'charge',
    payment_intent: id,
    amount,
    currency,
    metadata,
    livemode: false,
  };
  const amounts = { amount_captured: amount_received, amount_refunded: amount - amount_received + refunded };
  return eventOf(`charge.${type}`, { ...charge, ...amounts, captured: amount_received > 0 });
};

/** All of it went back, or a part. */
export const refunded = (checkout: Checkout, amount_refunded = checkout.amount_total) =>
  eventOf('charge.refunded', {
    id: `ch_${checkout.id.slice(8)}`,
    object: 'charge',
    amount: checkout.amount_total,
    amount_refunded,
    currency: checkout.currency,
    livemode: false,
    metadata: checkout.metadata,
    paid: true,
    payment_intent: paymentIntentOf(checkout),
    refunded: amount_refunded === checkout.amount_total,
  });

/** How one refund stands. */
export const refundNews = (
  checkout: Checkout,
  type: 'refund.created' | 'refund.updated' | 'refund.failed' | 'charge.refund.updated',
  fields: { id?: string; amount?: number; currency?: string; status?: string; payment_intent?: string } = {},
) =>
  eventOf(type, {
    id: `re_${checkout.id.slice(8)}`,
    object: 'refund',
    amount: checkout.amount_total,
    charge: `ch_${checkout.id.slice(8)}`,
    created: 1_767_225_600,
    currency: checkout.currency,
    metadata: {},
    payment_intent: paymentIntentOf(checkout),
    reason: null,
    status: type === 'refund.failed' ? 'failed' : 'succeeded',
    ...fields,
  });

export type DisputeStatus =
  | 'warning_needs_response'
  | 'warning_closed'
  | 'needs_response'
  | 'under_review'
  | 'appeal_under_review'
  | 'won'
  | 'lost';

/** What Stripe tells of a dispute: its payment is named, and nothing of ours. */
export const disputed = (
  checkout: Checkout,
  type: 'created' | 'updated' | 'closed' | 'funds_withdrawn' | 'funds_reinstated',
  status: DisputeStatus,
  fields: { id?: string; amount?: number; currency?: string; created?: number } = {},
) => {
  const { created = 1_767_225_600, ...others } = fields;
  const object = {
    id: `du_${checkout.id.slice(8)}`,
    object: 'dispute',
    amount: checkout.amount_total,
    currency: checkout.currency,
    balance_transactions: [],
    charge: `ch_${checkout.id.slice(8)}`,
    livemode: false,
    metadata: {},
    payment_intent: paymentIntentOf(checkout),
    reason: 'fraudulent',
    status,
    ...others,
  };
  return eventOf(`charge.dispute.${type}`, object, { created });
};

/** Stripe's header for a body; the time in whole seconds since the epoch. */
export const signatureOf = (payload: string, timestamp: number, secret = webhookSecret) =>
  webhooks.generateTestHeaderString({ payload, secret, timestamp });
