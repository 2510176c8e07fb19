import type Stripe from 'stripe';
import type { CheckoutRow } from '../../foundation/database/schema.js';

export interface StripeOptions {
  /** `sk_live_...` or `sk_test_...` (or a restricted key, `rk_`); its mode is the mode of every webhook. */
  secretKey: string;
  /** `whsec_...`, of the webhook endpoint. */
  webhookSecret: string;
  /** Where Stripe's API answers, for tests: `https://api.stripe.com` where none is named. */
  apiUrl?: string;
  /** How long one request may take, ms. */
  timeoutMs?: number;
}

/** What a Checkout is opened for. */
export interface CheckoutOrder extends Pick<
  CheckoutRow,
  'id' | 'attempt' | 'amount' | 'currency' | 'description' | 'success_url' | 'cancel_url' | 'expires_at'
> {
  /** By which its events name what it is for. */
  metadata: Record<string, string>;
  /** Whether the money is only held until somebody takes it. */
  isHeld?: boolean;
}

/**
 * Stripe, through its own SDK, which is imported late: a service without payments does not need it installed. Nothing is
 * retried in here: who asks knows what he asked.
 */
export class StripeGateway {
  readonly isLive: boolean;
  readonly #options: StripeOptions;
  #stripe: Promise<Stripe> | undefined;

  /** @throws {TypeError} where a key is none. */
  constructor(options: StripeOptions) {
    const mode = /^[sr]k_(live|test)_\w+$/.exec(options.secretKey)?.[1];
    if (mode === undefined) throw new TypeError('the secret key of Stripe begins with sk_live_ or sk_test_');
    if (!/^whsec_\S+$/.test(options.webhookSecret)) {
      throw new TypeError('the webhook secret of Stripe begins with whsec_');
    }
    this.isLive = mode === 'live';
    this.#options = options;
  }

  /** @throws where the package `stripe` is not installed. */
  load(): Promise<Stripe> {
    return (this.#stripe ??= this.#load());
  }

  /** Opens a Checkout; with the same attempt of the same order always the same one. */
  async openCheckout(checkout: CheckoutOrder): Promise<{ stripeCheckoutId: string; url: string }> {
    const stripe = await this.load();
    const { metadata, isHeld } = checkout;
    const { id, url } = await stripe.checkout.sessions.create(
      {
        mode: 'payment',
        line_items: [
          {
            quantity: 1,
            price_data: {
              currency: checkout.currency,
              unit_amount: checkout.amount,
              product_data: { name: checkout.description },
            },
          },
        ],
        client_reference_id: checkout.id,
        metadata,
        // Stripe copies it to the charge: a refund then names its checkout, whatever else was lost.
        payment_intent_data: { metadata, ...(isHeld && { capture_method: 'manual' }) },
        // Other means of payment cannot be held.
        ...(isHeld && { payment_method_types: ['card'] }),
        success_url: checkout.success_url,
        cancel_url: checkout.cancel_url,
        expires_at: Math.floor(checkout.expires_at / 1000),
      },
      { idempotencyKey: `checkout-${checkout.id}-${checkout.attempt}` },
    );
    if (!url) throw new TypeError('Stripe answered a Checkout without an address');
    return { stripeCheckoutId: id, url };
  }

  /**
   * Gives back what is left of a payment; with the same key once.
   * @returns the refund, which may have failed at once; undefined where the money went back before.
   */
  async refund(paymentIntentId: string, idempotencyKey: string): Promise<Stripe.Refund | undefined> {
    const stripe = await this.load();
    try {
      return await stripe.refunds.create({ payment_intent: paymentIntentId }, { idempotencyKey });
    } catch (error) {
      if ((error as { code?: unknown }).code === 'charge_already_refunded') return undefined;
      throw error;
    }
  }

  /** Takes a part or all of what is held, once: the rest goes back by itself. */
  async capture(id: string, amount: number, idempotencyKey: string): Promise<Stripe.PaymentIntent> {
    const stripe = await this.load();
    return stripe.paymentIntents.capture(id, { amount_to_capture: amount }, { idempotencyKey });
  }

  /** Lets go of what is held. */
  async cancel(id: string, idempotencyKey: string): Promise<Stripe.PaymentIntent> {
    const stripe = await this.load();
    return stripe.paymentIntents.cancel(id, {}, { idempotencyKey });
  }

  /** Lets nobody pay a Checkout any more. */
  async expireCheckout(id: string): Promise<Stripe.Checkout.Session> {
    const stripe = await this.load();
    return stripe.checkout.sessions.expire(id);
  }

  /** A payment as it stands, with its charge. */
  async readIntent(id: string): Promise<Stripe.PaymentIntent> {
    const stripe = await this.load();
    return stripe.paymentIntents.retrieve(id, { expand: ['latest_charge'] });
  }

  /** A Checkout as it stands, with its payment and that one's charge. */
  async readCheckout(id: string): Promise<Stripe.Checkout.Session> {
    const stripe = await this.load();
    return stripe.checkout.sessions.retrieve(id, { expand: ['payment_intent.latest_charge'] });
  }

  /**
   * The event that a webhook carries, once the signature is known to be Stripe's.
   * @param payload the body as it came
   * @param receivedAt milliseconds since the epoch
   * @throws where the signature does not match, or is too old.
   */
  async readEvent(payload: string, signature: string, toleranceSeconds: number, receivedAt: number) {
    const { webhooks } = await this.load();
    const { webhookSecret } = this.#options;
    return webhooks.constructEvent(
      payload,
      signature,
      webhookSecret,
      toleranceSeconds,
      undefined,
      receivedAt,
    );
  }

  async #load(): Promise<Stripe> {
    const { secretKey, apiUrl = 'https://api.stripe.com', timeoutMs = 10_000 } = this.#options;
    const { hostname, port, protocol } = new URL(apiUrl);
    const { default: Client } = await import('stripe');
    return new Client(secretKey, {
      host: hostname,
      ...(port !== '' && { port }),
      protocol: protocol === 'http:' ? 'http' : 'https',
      timeout: timeoutMs,
      maxNetworkRetries: 0,
      telemetry: false,
    });
  }
}

/** What a failed request to Stripe means: the HTTP status that it answered, or undefined where it did not. */
export function stripeStatus(error: unknown): number | undefined {
  const { statusCode } = error as { statusCode?: unknown };
  return typeof statusCode === 'number' ? statusCode : undefined;
}

/** Whether the same request may succeed later (RFC 9110; 409 is one with the same key that still runs). */
export function isTransient(error: unknown): boolean {
  const { type } = error as { type?: unknown };
  const status = stripeStatus(error);
  return type === 'StripeConnectionError' || status === 409 || status === 429 || (status ?? 0) >= 500;
}

/** Whether Stripe has answered a request for good: it answers the same to the same key for a day. */
export function wasJudged(error: unknown): boolean {
  const status = stripeStatus(error);
  return status !== undefined && status !== 409 && status !== 429;
}

/** What may be said of a failure in a log: Stripe's messages may name customers and keys. */
export function describeFailure(error: unknown): Record<string, unknown> {
  const { type, code, requestId } = error as Record<string, unknown>;
  return {
    ...(typeof type === 'string' ? { type, stripe_code: code } : { error: String(error) }),
    status: stripeStatus(error),
    stripe_request_id: requestId,
  };
}
