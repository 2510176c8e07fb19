/**
 * Why something waits for a person of the marketplace.
 *
 * - `payment_unmatched`: a payment names a checkout that is not there, or one that it does not belong to
 * - `payment_amount_mismatch`: a payment is of another amount than its checkout
 * - `payment_currency_mismatch`: a payment is in another currency, and no conversion leads to the price
 * - `refund_failed`: money that was to go back has come back
 * - `refund_unmatched`: a refund does not fit the payment that it is of
 * - `dispute_unmatched`: a dispute does not fit the payment that it is about
 * - `payment_unsettled`: money that a bank holds can be neither taken nor let go
 * - `job_failed`: work that fell due failed again and again
 */
export const exceptionKinds = [
  'payment_unmatched',
  'payment_amount_mismatch',
  'payment_currency_mismatch',
  'refund_failed',
  'refund_unmatched',
  'dispute_unmatched',
  'payment_unsettled',
  'job_failed',
] as const;

export type ExceptionKind = (typeof exceptionKinds)[number];

/** Something that the service could not decide by itself: a person has to look at it (`GET /exceptions`). */
export interface ServiceException {
  id: string;
  kind: ExceptionKind;
  status: 'open' | 'resolved';
  /** What it is about: `payment:<id>`, `refund:<id>`, `dispute:<id>`, or the row whose job failed. */
  subject: string;
  /** What does not fit, for whoever looks at it. */
  detail: string;
  provider_id: string | null;
  session_id: string | null;
  checkout_id: string | null;
  /** Of the payment provider. */
  payment_intent_id: string | null;
  /** The money that waits, in the currency's minor units; null where it is about none. */
  amount: number | null;
  /** ISO 4217, lower case. */
  currency: string | null;
  /** Seconds since the epoch, as the others. */
  created_at: number;
  resolved_at: number | null;
  /** Whose credential it was, or `payment-provider` where the money went back meanwhile. */
  resolved_by: string | null;
  /** What was done about it. */
  note: string | null;
}
