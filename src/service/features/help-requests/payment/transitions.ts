import type { PaymentStatus } from '../../../../protocol/help-request.js';

/** What can happen to what is held for a help request. */
export type PaymentAction =
  /** The bank holds it, or there is news that it does. */
  | 'authorize'
  /** It is to be taken, or let go. */
  | 'capture'
  | 'release'
  /** It was taken; the bank has let go of it; nobody has paid. */
  | 'captured'
  | 'canceled'
  | 'abandoned';

/**
 * The state machine of an authorisation, whole. What is missing changes nothing: news come twice, late and in any order. An
 * authorisation that comes after all was let go is let go too.
 */
export const paymentTransitions = {
  pending: {
    authorize: 'authorized',
    release: 'releasing',
    captured: 'captured',
    canceled: 'failed',
    abandoned: 'failed',
  },
  authorized: { capture: 'capturing', release: 'releasing', captured: 'captured', canceled: 'expired' },
  capturing: { release: 'releasing', captured: 'captured', canceled: 'expired' },
  releasing: { captured: 'captured', canceled: 'released', abandoned: 'released' },
  released: { authorize: 'releasing', captured: 'captured' },
  failed: { authorize: 'releasing', captured: 'captured' },
  expired: { captured: 'captured' },
  captured: {},
} as const satisfies Record<PaymentStatus, Partial<Record<PaymentAction, PaymentStatus>>>;

/** The status that `action` leads to; undefined where it changes nothing. */
export function nextPaymentStatus(status: PaymentStatus, action: PaymentAction): PaymentStatus | undefined {
  const row: Partial<Record<PaymentAction, PaymentStatus>> = paymentTransitions[status];
  return row[action];
}
