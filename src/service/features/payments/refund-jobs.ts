import { sql, type Transaction } from 'kysely';
import type Stripe from 'stripe';
import { backoffMs, type Backoff } from '../../foundation/jobs/backoff.js';
import type { ServiceContext } from '../../foundation/context.js';
import { isAway } from '../../foundation/database/failures.js';
import type { RefundRow, Tables } from '../../foundation/database/schema.js';
import { refundDueChannel } from '../../foundation/jobs/due-channel.js';
import { claimOne } from '../../foundation/jobs/claim-one.js';
import type { DueWork } from '../../foundation/jobs/due-scheduler.js';
import { openException } from '../../foundation/exceptions/open-exception.js';
import {
  earliestDue,
  forgetFailures,
  isToBeTried,
  noteFailure,
  type DueRows,
} from '../../foundation/jobs/failed-work.js';
import { followRefunds } from './follow-refunds.js';
import { lockCheckout, type LockedCheckout } from './lock-checkout.js';
import { lockPayment } from './lock-payment.js';
import { paidFor } from './money.js';
import { holderOf } from './money-holder.js';
import { unreturned } from './plan-refund.js';
import { noteChargeRefund, noteRefund } from './refund-facts.js';
import { hasFailed } from './refund-news.js';
import { describeFailure, wasJudged, type StripeGateway } from './stripe-gateway.js';

/** Who claimed a job and was not heard of again for this long is taken to have crashed, ms. */
const leaseMs = 60_000;
const retries: Backoff = { firstMs: 5_000, factor: 2, lastMs: 3_600_000 };
/** From then on a person is told of it, some twenty minutes after the first. */
const toldAfterAttempts = 9;

const rows: DueRows = { work: 'refund', table: 'refunds', id: 'checkout_id', dueAt: 'due_at' };

/** Gives back the money that came too late. A job is claimed first and done outside of any transaction. */
export function refundJobs(context: ServiceContext, gateway: StripeGateway): DueWork {
  return {
    name: 'refunds',
    channel: refundDueChannel,
    workers: 2,

    async doNext() {
      const job = await claim(context);
      if (!job) return false;
      const key = `refund-${job.checkout_id}-${job.key_number}`;
      try {
        await gateway.refund(job.payment_intent_id, key).then(
          (refund) => settle(context, job, refund),
          (error: unknown) => postpone(context, job, error),
        );
      } catch (error) {
        // Stripe has answered, and it cannot be written down.
        if (isAway(error)) throw error;
        await noteFailure(context, rows.work, job.checkout_id, error);
      }
      return true;
    },

    earliest: () => earliestDue(context.kysely, rows),
  };
}

const claim = (context: ServiceContext): Promise<RefundRow | undefined> =>
  claimOne(context, rows.work, async (trx, onFound) => {
    const now = context.now();
    const due = await trx
      .selectFrom('refunds')
      .select('checkout_id')
      .where('due_at', '<=', now)
      .where(isToBeTried(rows, now))
      .orderBy('due_at')
      .limit(1)
      .forUpdate()
      .skipLocked()
      .executeTakeFirst();
    if (!due) return undefined;
    onFound(due.checkout_id);
    return trx
      .updateTable('refunds')
      .set({ due_at: now + leaseMs, attempts: sql`attempts + 1` })
      .where('checkout_id', '=', due.checkout_id)
      .returningAll()
      .executeTakeFirstOrThrow();
  });

/** Tries again later, without end: the money is the customer's. */
async function postpone(context: ServiceContext, job: RefundRow, error: unknown): Promise<void> {
  context.logger.error('a refund failed and will be tried again', {
    checkout_id: job.checkout_id,
    attempts: job.attempts,
    ...describeFailure(error),
  });
  await context.kysely.transaction().execute(async (trx) => {
    const now = context.now();
    const { checkout, session } = await lockJob(context, trx, job);
    const isLeft = await trx
      .updateTable('refunds')
      .set({
        due_at: now + backoffMs(retries, job.attempts),
        // A payment cannot go back twice, whatever the key is.
        ...(wasJudged(error) && { key_number: job.key_number + 1 }),
      })
      .where('checkout_id', '=', job.checkout_id)
      .where('due_at', 'is not', null)
      .returning('checkout_id')
      .executeTakeFirst();
    if (!isLeft || job.attempts < toldAfterAttempts) return;
    const { providerId } = await holderOf(trx, session, checkout.id);
    const detail = `It was asked for ${job.attempts} times and refused; it is tried on.`;
    await openException(context, trx, unreturned(checkout, { ...job, providerId }, detail), now);
  });
}

async function settle(
  context: ServiceContext,
  job: RefundRow,
  refund: Stripe.Refund | undefined,
): Promise<void> {
  await context.kysely.transaction().execute(async (trx) => {
    const locked = await lockJob(context, trx, job);
    const { checkout, now } = locked;
    const { payment_intent_id } = job;
    await lockPayment(trx, payment_intent_id);
    const paid = paidFor(checkout);
    if (refund) {
      const { id, amount = paid.amount, currency = paid.currency, created, status } = refund;
      const made_at = Math.min((created ?? Infinity) * 1000, now);
      await noteRefund(trx, {
        ...{ id, payment_intent_id, amount, currency, made_at },
        is_failed: hasFailed(status),
        told_at: now,
      });
    } else {
      const charge = { payment_intent_id, ...paid, refunded_amount: paid.amount, told_at: now };
      await noteChargeRefund(trx, charge);
    }
    await followRefunds(context, trx, locked);
    await forgetFailures(trx, rows.work, [job.checkout_id]);
  });
}

async function lockJob(
  context: ServiceContext,
  trx: Transaction<Tables>,
  { checkout_id }: RefundRow,
): Promise<LockedCheckout> {
  const { session_id } = await trx
    .selectFrom('checkouts')
    .select('session_id')
    .where('id', '=', checkout_id)
    .executeTakeFirstOrThrow();
  return lockCheckout(context, trx, session_id, checkout_id);
}
