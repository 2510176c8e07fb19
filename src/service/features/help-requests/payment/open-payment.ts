import { sql } from 'kysely';
import type { ServiceContext } from '../../../foundation/context.js';
import { openAtStripe, type StripeGateway } from '../../payments/index.js';
import { changeRequest } from '../change-request.js';
import { expire } from '../close.js';
import { writeAuthorization } from './authorizations.js';

/**
 * Opens the Checkout of a request at Stripe, where that was not done yet and it still waits: outside of any transaction, and always the
 * same one. Where Stripe will not have it the request is over.
 * @throws {SessionError} `CHECKOUT_CLOSED`, `PAYMENTS_UNAVAILABLE`, `PAYMENT_PROVIDER_REFUSED`
 */
export async function openPayment(
  context: ServiceContext,
  gateway: StripeGateway | null,
  requestId: string,
): Promise<void> {
  const { kysely } = context;
  const authorization = await kysely
    .selectFrom('payment_authorizations')
    .selectAll()
    .where('request_id', '=', requestId)
    .executeTakeFirst();
  // It is paid by tokens, or its address is known.
  if (!authorization || authorization.checkout_url !== null) return;
  const { id, status, attempt } = authorization;
  const metadata = { authorization_id: id, help_request_id: requestId };
  const update = kysely.updateTable('payment_authorizations').where('id', '=', id);
  await openAtStripe(context, gateway, {
    order: { ...authorization, metadata, isHeld: true, isOpen: status === 'pending' },
    opened: async (stripe_checkout_id, checkout_url) =>
      void (await update.set({ stripe_checkout_id, checkout_url }).execute()),
    refused: () =>
      changeRequest(context, requestId, undefined, async (trx, locked, now) => {
        if (locked.request.status !== 'awaiting_payment') return;
        await writeAuthorization(trx, id, { status: 'failed', due_at: null, ended_at: now });
        await expire(context, trx, locked, 'payment_failed', now);
      }),
    usedUp: async () =>
      void (await update
        .set({ attempt: sql`attempt + 1` })
        .where('attempt', '=', attempt)
        .execute()),
  });
}
