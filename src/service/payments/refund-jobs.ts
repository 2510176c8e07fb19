import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { ServiceContext } from '../context.js';
import type { RefundsTable } from '../database/schema.js';
import { refundDueChannel } from '../due-channel.js';
import type { DueWork } from '../due-scheduler.js';
import { lockCheckout } from './lock-checkout.js';
import { recordRefund } from './record-refund.js';
import { describeFailure, stripeStatus, type StripeGateway } from './stripe-gateway.js';

type RefundJob = Selectable<RefundsTable>;

/** Who claimed a job and was not heard of again for this long is taken to have crashed, ms. */
const leaseMs = 60_000;
const firstRetryMs = 5_000;
const lastRetryMs = 3_600_000;

/** Gives back the money that came too late. A job is claimed first and done outside of any transaction. */
export function refundJobs(context: ServiceContext, gateway: StripeGateway): DueWork {
  return {
    name: 'refunds',
    channel: refundDueChannel,
    workers: 2,

    async doNext() {
      const job = await claim(context);
      if (!job) return false;
      try {
        await gateway.refund(job.payment_intent_id, `refund-${job.checkout_id}-${job.key_number}`);
      } catch (error) {
        await postpone(context, job, error);
        return true;
      }
      await settle(context, job);
      return true;
    },

    async earliest() {
      const { next } = await context.kysely
        .selectFrom('refunds')
        .select(({ fn }) => fn.min('due_at').as('next'))
        .where('due_at', 'is not', null)
        .executeTakeFirstOrThrow();
      return next;
    },
  };
}

function claim(context: ServiceContext): Promise<RefundJob | undefined> {
  const now = context.now();
  return context.kysely
    .updateTable('refunds')
    .set({ due_at: now + leaseMs, attempts: sql`attempts + 1` })
    .where('checkout_id', 'in', (query) =>
      query
        .selectFrom('refunds')
        .select('checkout_id')
        .where('due_at', '<=', now)
        .orderBy('due_at')
        .limit(1)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .executeTakeFirst();
}

/** Tries again later, without end: the money is the customer's. */
async function postpone(context: ServiceContext, job: RefundJob, error: unknown): Promise<void> {
  context.logger.error('a refund failed and will be tried again', {
    checkout_id: job.checkout_id,
    attempts: job.attempts,
    ...describeFailure(error),
  });
  const delayMs = Math.min(firstRetryMs * 2 ** (job.attempts - 1), lastRetryMs);
  const status = stripeStatus(error);
  // What Stripe answered to a key it answers again for a day. A payment cannot go back twice, whatever the key is.
  const wasJudged = status !== undefined && status !== 409 && status !== 429;
  await context.kysely
    .updateTable('refunds')
    .set({
      due_at: context.now() + Math.round(delayMs * (0.75 + Math.random() / 2)),
      ...(wasJudged && { key_number: job.key_number + 1 }),
    })
    .where('checkout_id', '=', job.checkout_id)
    .where('due_at', 'is not', null)
    .execute();
}

async function settle(context: ServiceContext, { checkout_id }: RefundJob): Promise<void> {
  const { session_id, amount } = await context.kysely
    .selectFrom('checkouts')
    .select(['session_id', 'amount'])
    .where('id', '=', checkout_id)
    .executeTakeFirstOrThrow();
  await context.kysely
    .transaction()
    .execute(async (trx) =>
      recordRefund(trx, await lockCheckout(trx, session_id, checkout_id, context.now), amount),
    );
}
