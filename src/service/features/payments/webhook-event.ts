import type Stripe from 'stripe';
import { SessionError } from '../../../protocol/errors.js';
import { requireSingleMembers } from '../../foundation/http/single-members.js';
import type { StripeGateway } from './stripe-gateway.js';

/** How far the time of a signature may be from now, both ways, seconds. */
const toleranceSeconds = 300;

/**
 * `t`, then one signature or several: a secret that is being replaced signs beside its successor. The form is checked
 * here, because the SDK forgives what follows a number, and times in the future.
 */
const signatureForm = /^t=([1-9]\d{0,10})(?:,v\d{1,2}=[0-9a-f]{64}){1,8}$/;

/**
 * The event of a webhook, if it is Stripe's, of now, and of the mode that the service works in.
 * @param body the bytes as they came
 * @param now milliseconds since the epoch
 * @throws {SessionError} `WEBHOOK_SIGNATURE_INVALID`, `BODY_MEMBER_REPEATED`, `WEBHOOK_MODE_MISMATCH`
 */
export async function readWebhookEvent(
  gateway: StripeGateway,
  body: ArrayBuffer,
  signature: string | undefined,
  now: number,
): Promise<Stripe.Event> {
  const signedAt = Number(signatureForm.exec(signature ?? '')?.[1] ?? NaN);
  if (!(Math.abs(now / 1000 - signedAt) <= toleranceSeconds)) {
    throw new SessionError('WEBHOOK_SIGNATURE_INVALID');
  }
  const { payload, event } = await verify(gateway, body, signature!, now);
  requireSingleMembers(payload);
  if (event.livemode !== gateway.isLive) throw new SessionError('WEBHOOK_MODE_MISMATCH');
  return event;
}

async function verify(gateway: StripeGateway, body: ArrayBuffer, signature: string, now: number) {
  try {
    // Only text that has these very bytes: what is signed is what is read.
    const payload = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
    return { payload, event: await gateway.readEvent(payload, signature, toleranceSeconds, now) };
  } catch {
    // The SDK's error holds the body and the header.
    throw new SessionError('WEBHOOK_SIGNATURE_INVALID');
  }
}
