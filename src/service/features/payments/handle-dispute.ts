import { sql, type Transaction } from 'kysely';
import type Stripe from 'stripe';
import type { ServiceContext } from '../../foundation/context.js';
import type { DisputeRow, Tables } from '../../foundation/database/schema.js';
import { isNewer } from './dispute-news.js';
import { findPayment } from './find-payment.js';
import { followDisputes, tellUnmatched } from './follow-disputes.js';
import { followHeldPayment, readHeldPayment } from './hold-payment.js';
import { lockCheckout } from './lock-checkout.js';
import { lockPayment } from './lock-payment.js';
import { partOfPrice } from './money.js';
import { noteEvent } from './note-event.js';

/**
 * Does what the news of a dispute ask for. Stripe names the payment and not the checkout, and may tell of the dispute
 * before it tells of the payment: then it is kept until that is known.
 */
export async function handleDispute(
  context: ServiceContext,
  event: Stripe.Event,
  dispute: DisputeRow,
): Promise<void> {
  const { kysely } = context;
  const { payment_intent_id } = dispute;
  let isDone = false;
  while (!isDone) {
    const owner = await findPayment(kysely, payment_intent_id);
    isDone = await kysely.transaction().execute(async (trx) => {
      if (owner?.kind === 'checkout') {
        const locked = await lockCheckout(context, trx, owner.sessionId, owner.id);
        if (!(await noteEvent(trx, event, locked.now))) return true;
        await lockPayment(trx, payment_intent_id);
        if (partOfPrice(locked.checkout, dispute) === undefined)
          await tellUnmatched(context, trx, dispute, locked);
        else await noteDispute(trx, dispute);
        await followDisputes(context, trx, locked);
        return true;
      }
      await lockPayment(trx, payment_intent_id);
      // It was paid meanwhile: once more, with the locks in their order.
      if ((await findPayment(trx, payment_intent_id))?.kind !== owner?.kind) return false;
      const now = context.now();
      if (!(await noteEvent(trx, event, now))) return true;
      await noteDispute(trx, dispute);
      if (owner) await followHeldPayment(context, trx, await readHeldPayment(trx, owner.id), now);
      return true;
    });
  }
}

/** Keeps what tells most of a dispute, in whatever order it comes. The caller holds a lock on its payment. */
async function noteDispute(trx: Transaction<Tables>, dispute: DisputeRow): Promise<void> {
  const known = await trx.selectFrom('disputes').selectAll().where('id', '=', dispute.id).executeTakeFirst();
  if (known && !isNewer(dispute, known)) return;
  await trx
    .insertInto('disputes')
    .values(dispute)
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet({
        amount: sql`excluded.amount`,
        state: sql`excluded.state`,
        told_at: sql`excluded.told_at`,
      }),
    )
    .execute();
}
