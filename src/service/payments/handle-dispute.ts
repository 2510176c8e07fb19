import { sql, type Transaction } from 'kysely';
import type Stripe from 'stripe';
import type { ServiceContext } from '../context.js';
import type { DisputeRow, Tables } from '../database/schema.js';
import { isNewer } from './dispute-news.js';
import { followDisputes } from './follow-disputes.js';
import { lockCheckout } from './lock-checkout.js';
import { lockPayment } from './lock-payment.js';
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
  let isDone = false;
  while (!isDone) {
    const checkout = await findCheckout(kysely, dispute);
    isDone = await kysely.transaction().execute(async (trx) => {
      if (!checkout) {
        await lockPayment(trx, dispute.payment_intent_id);
        // It was paid meanwhile: once more, with the locks in their order.
        if (await findCheckout(trx, dispute)) return false;
        if (await noteEvent(trx, event, context.now())) await noteDispute(trx, dispute);
        return true;
      }
      const locked = await lockCheckout(trx, checkout.session_id, checkout.id, context.now);
      if (!(await noteEvent(trx, event, locked.now))) return true;
      if (locked.checkout.currency !== dispute.currency) {
        context.logger.error('a dispute is in another currency than the checkout that it is about', {
          event_id: event.id,
          checkout_id: checkout.id,
        });
        return true;
      }
      await noteDispute(trx, dispute);
      await followDisputes(trx, locked);
      return true;
    });
  }
}

function findCheckout(db: ServiceContext['kysely'], { payment_intent_id }: DisputeRow) {
  return db
    .selectFrom('checkouts')
    .select(['id', 'session_id'])
    .where('payment_intent_id', '=', payment_intent_id)
    .executeTakeFirst();
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
