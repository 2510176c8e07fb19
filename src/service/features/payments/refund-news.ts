import type Stripe from 'stripe';
import type { ChargeRefundRow, StripeRefundRow } from '../../foundation/database/schema.js';
import { idOf } from './payment-news.js';

/** What an event tells of money that goes back: how much of a charge by then, or how one refund stands. */
export type RefundNews =
  | { paymentIntentId: string; charge: ChargeRefundRow; named: NamedCheckout }
  | { paymentIntentId: string | null; refund: Omit<StripeRefundRow, 'payment_intent_id' | 'is_answered'> };

/** The checkout that a charge says it is for. */
export interface NamedCheckout {
  checkoutId: string | undefined;
  sessionId: string | undefined;
}

/** What an event tells of a refund; undefined where it is about something else. */
export function refundNewsOf(event: Stripe.Event): RefundNews | undefined {
  const toldAt = event.created * 1000;
  switch (event.type) {
    case 'charge.refunded': {
      const { amount, amount_refunded, currency, metadata, payment_intent } = event.data.object;
      const paymentIntentId = idOf(payment_intent);
      // A charge that no checkout of ours has made.
      if (paymentIntentId === null) return undefined;
      return {
        paymentIntentId,
        charge: {
          payment_intent_id: paymentIntentId,
          amount,
          currency,
          refunded_amount: amount_refunded,
          told_at: toldAt,
        },
        named: { checkoutId: metadata?.checkout_id, sessionId: metadata?.session_id },
      };
    }
    case 'refund.created':
    case 'refund.updated':
    case 'refund.failed':
    case 'charge.refund.updated': {
      const { id, amount, created, currency, payment_intent, status } = event.data.object;
      return {
        paymentIntentId: idOf(payment_intent),
        refund: {
          id,
          amount,
          currency,
          is_failed: event.type === 'refund.failed' || hasFailed(status),
          made_at: Math.min(created * 1000, toldAt),
          told_at: toldAt,
        },
      };
    }
    default:
      return undefined;
  }
}

/** Whether the money of a refund has come back. */
export const hasFailed = (status: string | null): boolean => status === 'failed' || status === 'canceled';
