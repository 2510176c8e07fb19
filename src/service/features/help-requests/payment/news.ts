import type Stripe from 'stripe';
import { idOf } from '../../payments/index.js';

/** What Stripe says of a payment that is held, by an event or when it is asked. */
export interface IntentNews {
  /** `waiting` says nothing yet: somebody has paid, and how it stands is to be asked. */
  outcome: 'authorize' | 'captured' | 'canceled' | 'abandoned' | 'waiting';
  paymentIntentId: string | null;
  /** Of the Checkout that it is about, where it is about one. */
  stripeCheckoutId: string | null;
  /** What is held, or was taken, in minor units. */
  amount: number;
  currency: string;
  /** When the bank lets go of it, ms; null where that is not said. */
  captureBefore: number | null;
}

/** An event's, and what it says it is about. */
export interface NamedNews extends IntentNews {
  authorizationId: string | undefined;
}

/** What an event tells of a payment that is held; undefined where it is about something else. */
export function intentNewsOf(event: Stripe.Event): NamedNews | undefined {
  switch (event.type) {
    case 'payment_intent.amount_capturable_updated':
    case 'payment_intent.canceled':
    case 'payment_intent.payment_failed': {
      const { object } = event.data;
      return { ...newsOfIntent(object), authorizationId: object.metadata?.authorization_id };
    }
    case 'charge.captured':
    case 'charge.expired':
      return newsOfCharge(event.data.object, event.type === 'charge.captured');
    case 'checkout.session.completed':
    case 'checkout.session.expired': {
      const { object } = event.data;
      return { ...newsOfCheckout(object), authorizationId: object.metadata?.authorization_id };
    }
    default:
      return undefined;
  }
}

/** How a payment stands. */
export function newsOfIntent(intent: Stripe.PaymentIntent): IntentNews {
  const { id, status, amount_capturable, amount_received, currency, latest_charge } = intent;
  const common = { paymentIntentId: id, stripeCheckoutId: null, currency };
  const charge = typeof latest_charge === 'object' ? latest_charge : null;
  const captureBefore = charge?.payment_method_details?.card?.capture_before;
  switch (status) {
    case 'requires_capture': {
      const instant = captureBefore === undefined ? null : captureBefore * 1000;
      return { ...common, outcome: 'authorize', amount: amount_capturable, captureBefore: instant };
    }
    case 'succeeded':
      return { ...common, outcome: 'captured', amount: amount_received, captureBefore: null };
    case 'canceled':
      return { ...common, outcome: 'canceled', amount: 0, captureBefore: null };
    default:
      // A card that was refused ends nothing: the customer may take another one.
      return { ...common, outcome: 'waiting', amount: 0, captureBefore: null };
  }
}

/** How a Checkout stands, and its payment where that is read with it. */
export function newsOfCheckout(checkout: Stripe.Checkout.Session): IntentNews {
  const { id, status, currency, payment_intent } = checkout;
  if (typeof payment_intent === 'object' && payment_intent !== null && status === 'complete')
    return { ...newsOfIntent(payment_intent), stripeCheckoutId: id };
  return {
    outcome: status === 'expired' ? 'abandoned' : 'waiting',
    paymentIntentId: status === 'complete' ? idOf(payment_intent) : null,
    stripeCheckoutId: id,
    ...{ amount: 0, currency: currency ?? '', captureBefore: null },
  };
}

function newsOfCharge(
  { amount_captured, currency, metadata, payment_intent }: Stripe.Charge,
  isCaptured: boolean,
): NamedNews {
  return {
    outcome: isCaptured ? 'captured' : 'canceled',
    paymentIntentId: idOf(payment_intent),
    stripeCheckoutId: null,
    amount: isCaptured ? amount_captured : 0,
    currency,
    captureBefore: null,
    // Stripe copies it from the payment.
    authorizationId: metadata?.authorization_id,
  };
}
