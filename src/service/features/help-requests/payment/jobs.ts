import { sql } from 'kysely';
import type { ServiceContext } from '../../../foundation/context.js';
import { isAway } from '../../../foundation/database/failures.js';
import type { PaymentAuthorizationRow } from '../../../foundation/database/schema.js';
import { openException } from '../../../foundation/exceptions/open-exception.js';
import { backoffMs, type Backoff } from '../../../foundation/jobs/backoff.js';
import { claimOne } from '../../../foundation/jobs/claim-one.js';
import { paymentDueChannel } from '../../../foundation/jobs/due-channel.js';
import type { DueWork } from '../../../foundation/jobs/due-scheduler.js';
import {
  earliestDue,
  forgetFailures,
  isToBeTried,
  noteFailure,
  type DueRows,
} from '../../../foundation/jobs/failed-work.js';
import { describeFailure, wasJudged, type StripeGateway } from '../../payments/index.js';
import { changeRequest } from '../change-request.js';
import { writeAuthorization } from './authorizations.js';
import { followIntent, unsettled } from './follow-intent.js';
import { newsOfCheckout, newsOfIntent, type IntentNews } from './news.js';
import { releasePayment } from './plan-payment.js';

/** Who claimed a job and was not heard of again for this long is taken to have crashed, ms. */
const leaseMs = 60_000;
const retries: Backoff = { firstMs: 5_000, factor: 2, lastMs: 3_600_000 };
/** From then on a person is told of it, some twenty minutes after the first. */
const toldAfterAttempts = 9;

const rows: DueRows = { work: 'payment', table: 'payment_authorizations', id: 'id', dueAt: 'due_at' };

/** What a try has come to: news, or that so little cannot be taken. */
type Outcome = IntentNews | 'too_small';

/**
 * Takes and lets go of what is held for help, and looks after it until then: news may be lost, and nothing is held for ever. A job is
 * claimed first and done outside of any transaction.
 */
export function paymentJobs(context: ServiceContext, gateway: StripeGateway): DueWork {
  return {
    name: 'payments of help',
    channel: paymentDueChannel,
    workers: 2,

    async doNext() {
      const job = await claim(context);
      if (!job) return false;
      try {
        await act(gateway, job).then(
          (outcome) => settle(context, job, outcome),
          (error: unknown) => postpone(context, job, error),
        );
      } catch (error) {
        // Stripe has answered, and it cannot be written down.
        if (isAway(error)) throw error;
        await noteFailure(context, rows.work, job.id, error);
      }
      return true;
    },

    earliest: () => earliestDue(context.kysely, rows),
  };
}

const claim = (context: ServiceContext): Promise<PaymentAuthorizationRow | undefined> =>
  claimOne(context, rows.work, async (trx, onFound) => {
    const now = context.now();
    const due = await trx
      .selectFrom('payment_authorizations')
      .select('id')
      .where('due_at', '<=', now)
      .where(isToBeTried(rows, now))
      .orderBy('due_at')
      .limit(1)
      .forUpdate()
      .skipLocked()
      .executeTakeFirst();
    if (!due) return undefined;
    onFound(due.id);
    return trx
      .updateTable('payment_authorizations')
      .set({ due_at: now + leaseMs, attempts: sql`attempts + 1` })
      .where('id', '=', due.id)
      .returningAll()
      .executeTakeFirstOrThrow();
  });

/** Asks Stripe for what is to be done. @throws what Stripe's SDK throws. */
function act(gateway: StripeGateway, job: PaymentAuthorizationRow): Promise<Outcome> {
  if (job.status === 'capturing') return capture(gateway, job);
  if (job.status === 'releasing') return release(gateway, job);
  return look(gateway, job);
}

async function look(
  gateway: StripeGateway,
  { payment_intent_id, stripe_checkout_id }: PaymentAuthorizationRow,
): Promise<IntentNews> {
  if (payment_intent_id !== null) return newsOfIntent(await gateway.readIntent(payment_intent_id));
  if (stripe_checkout_id === null) return nothingPaid('waiting');
  return newsOfCheckout(await gateway.readCheckout(stripe_checkout_id));
}

async function capture(gateway: StripeGateway, job: PaymentAuthorizationRow): Promise<Outcome> {
  const { id, payment_intent_id, amount_to_capture, key_number } = job;
  try {
    const key = `capture-${id}-${key_number}`;
    return newsOfIntent(await gateway.capture(payment_intent_id!, amount_to_capture!, key));
  } catch (error) {
    if ((error as { code?: unknown }).code === 'amount_too_small') return 'too_small';
    return insteadOf(gateway, job, error);
  }
}

async function release(gateway: StripeGateway, job: PaymentAuthorizationRow): Promise<IntentNews> {
  const { id, payment_intent_id, stripe_checkout_id, key_number } = job;
  try {
    if (payment_intent_id !== null)
      return newsOfIntent(await gateway.cancel(payment_intent_id, `release-${id}-${key_number}`));
    // Nobody has the address of what may have been opened.
    if (stripe_checkout_id === null) return nothingPaid('abandoned');
    return newsOfCheckout(await gateway.expireCheckout(stripe_checkout_id));
  } catch (error) {
    // What is not held yet goes with its Checkout alone.
    if (payment_intent_id !== null && stripe_checkout_id !== null && wasJudged(error))
      await gateway.expireCheckout(stripe_checkout_id).catch(() => {});
    return insteadOf(gateway, job, error);
  }
}

/** What was refused may have been done before, or by somebody else: then it counts how it stands. */
async function insteadOf(
  gateway: StripeGateway,
  job: PaymentAuthorizationRow,
  error: unknown,
): Promise<IntentNews> {
  if (!wasJudged(error)) throw error;
  const news = await look(gateway, job);
  const isOver = news.outcome !== 'authorize' && news.outcome !== 'waiting';
  // Somebody has paid, and that was not told yet.
  const isFound = job.payment_intent_id === null && news.paymentIntentId !== null;
  if (!isOver && !isFound) throw error;
  return news;
}

const nothingPaid = (outcome: 'abandoned' | 'waiting'): IntentNews => ({
  outcome,
  ...{ paymentIntentId: null, stripeCheckoutId: null, amount: 0, currency: '', captureBefore: null },
});

async function settle(
  context: ServiceContext,
  job: PaymentAuthorizationRow,
  outcome: Outcome,
): Promise<void> {
  await changeRequest(context, job.request_id, undefined, async (trx, locked, now) => {
    if (outcome === 'too_small') await releasePayment(trx, locked.request, now);
    else await followIntent(context, trx, locked, outcome, now);
    await forgetFailures(trx, rows.work, [job.id]);
  });
}

/** Tries again later, without end: the money is held meanwhile. */
async function postpone(
  context: ServiceContext,
  job: PaymentAuthorizationRow,
  error: unknown,
): Promise<void> {
  context.logger.error('a payment of help failed and will be tried again', {
    authorization_id: job.id,
    payment_status: job.status,
    attempts: job.attempts,
    ...describeFailure(error),
  });
  await changeRequest(context, job.request_id, undefined, async (trx, { request }, now) => {
    const row = await trx
      .selectFrom('payment_authorizations')
      .selectAll()
      .where('id', '=', job.id)
      .forUpdate()
      .executeTakeFirstOrThrow();
    // What is to be done has changed meanwhile.
    if (row.status !== job.status || row.attempts !== job.attempts) return;
    await writeAuthorization(trx, job.id, {
      due_at: now + backoffMs(retries, job.attempts),
      ...(wasJudged(error) && { key_number: job.key_number + 1 }),
    });
    const isToBeSettled = job.status === 'capturing' || job.status === 'releasing';
    if (!isToBeSettled || job.attempts < toldAfterAttempts) return;
    const detail = `It is ${job.status}, and was refused ${job.attempts} times; it is tried on.`;
    const money = { amount: job.amount_to_capture ?? job.amount, currency: job.currency };
    await openException(context, trx, { ...unsettled(request, job), detail, money }, now);
  });
}
