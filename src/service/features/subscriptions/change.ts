import type { Transaction } from 'kysely';
import { SessionError } from '../../../protocol/errors.js';
import { nextSubscriptionStatus } from '../../../protocol/subscription.js';
import { recordChange, type AskedChange } from '../../foundation/audit.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { PlanRow, SubscriptionRow, Tables } from '../../foundation/database/schema.js';
import { runOnce, type Idempotency } from '../../foundation/idempotency.js';
import { walletAccount } from '../../foundation/ledger/ledger.js';
import { InvalidRequest } from '../../foundation/invalid-request.js';
import { catchUp, ending, plansOf, resuming } from './advance.js';
import { lockCustomer, requireFree } from './create.js';
import { shareOfRest } from './periods.js';
import { offeredPlan } from './plans.js';
import { writeSubscriptions, type SubscriptionChange } from './write.js';

/** What a wish comes to, for a subscription that is locked and up to date; undefined where nothing is left to change. */
export type SubscriptionWish = (
  trx: Transaction<Tables>,
  subscription: SubscriptionRow,
  now: number,
) => Promise<SubscriptionChange | undefined> | SubscriptionChange | undefined;

/**
 * Changes a subscription. What has come due to it is done first.
 * @throws {SessionError} `SUBSCRIPTION_NOT_FOUND`, and what the wish throws.
 */
export async function changeSubscription(
  context: ServiceContext,
  id: string,
  wish: SubscriptionWish,
  asked: AskedChange,
  idempotency?: Idempotency,
): Promise<void> {
  await runOnce(context.kysely, idempotency, context.now(), async (trx) => {
    const now = context.now();
    const current = await catchUp(context, trx, await lockSubscription(trx, id), now);
    const change = await wish(trx, current, now);
    if (change) {
      await writeSubscriptions(context, trx, [change], now);
      await recordChange(trx, asked, now);
    }
    return {};
  });
}

/** The customer, the subscription, the wallet: locks are taken in that order. */
async function lockSubscription(trx: Transaction<Tables>, id: string): Promise<SubscriptionRow> {
  const found = await trx
    .selectFrom('subscriptions')
    .select('customer_id')
    .where('id', '=', id)
    .executeTakeFirst();
  if (!found) throw new SessionError('SUBSCRIPTION_NOT_FOUND');
  // Who was erased meanwhile has another name.
  if (!(await lockCustomer(trx, found.customer_id))) return lockSubscription(trx, id);
  const row = await trx
    .selectFrom('subscriptions')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirstOrThrow();
  // Before any event is told of the customer: a sale has the wallet first, too.
  await trx
    .selectFrom('accounts')
    .select('id')
    .where('id', '=', walletAccount(found.customer_id))
    .forNoKeyUpdate()
    .executeTakeFirstOrThrow();
  return row;
}

/**
 * To a plan that grants more in the same interval it changes at once, and the rest of the period is granted; to any other at
 * the end of the period. The plan that it has takes back a change that waits. Nothing that was granted is taken back.
 * @throws {SessionError} `PLAN_NOT_FOUND`, `PLAN_INACTIVE`, `SUBSCRIPTION_EXISTS`, `SUBSCRIPTION_TRANSITION_REFUSED`
 */
export const toPlan =
  (planId: string): SubscriptionWish =>
  async (trx, before, now) => {
    nextSubscriptionStatus(before.status, 'change');
    const tells = ['subscription.updated'] as const;
    if (planId === (before.pending_plan_id ?? before.plan_id)) return undefined;
    if (planId === before.plan_id) return { before, after: { ...before, pending_plan_id: null }, tells };
    const plan = await offeredPlan(trx, planId);
    await requireFree(trx, before.customer_id, planId, before.id);
    const current = (await plansOf(trx, [before])).get(before.plan_id)!;
    if (!isMore(plan, current)) return { before, after: { ...before, pending_plan_id: planId }, tells };
    const difference = plan.tokens_per_period - current.tokens_per_period;
    const { period_started_at: startedAt, period_ends_at: endsAt } = before;
    const tokens = shareOfRest(difference, { startedAt, endsAt, now });
    return {
      before,
      after: { ...before, plan_id: planId, pending_plan_id: null },
      grant: { of: 'rest', tokens, expires: !plan.rollover },
      tells,
    };
  };

const isMore = (plan: PlanRow, current: PlanRow) =>
  plan.interval === current.interval &&
  plan.interval_count === current.interval_count &&
  plan.tokens_per_period > current.tokens_per_period;

/**
 * Nothing is granted from now on, until it is resumed; the wallet stays as it is.
 * @param resumesAt when it resumes by itself, ms since the epoch
 * @throws {SessionError} `SUBSCRIPTION_TRANSITION_REFUSED`, `REQUEST_INVALID`
 */
export const paused =
  (resumesAt: number | null): SubscriptionWish =>
  (_trx, before, now) => {
    const status = nextSubscriptionStatus(before.status, 'pause');
    if (resumesAt !== null && resumesAt <= now)
      throw new InvalidRequest([{ pointer: '/resumes_at', message: 'not in the future' }]);
    const after = { ...before, status, paused_at: now, resumes_at: resumesAt };
    return { before, after, tells: ['subscription.paused'] };
  };

/**
 * Goes on, and takes back a cancellation at the end of the period.
 * @throws {SessionError} `SUBSCRIPTION_TRANSITION_REFUSED` where there is neither a pause nor a cancellation.
 */
export const resumed: SubscriptionWish = async (trx, before, now) => {
  nextSubscriptionStatus(before.status, 'resume');
  const kept = { cancel_at_period_end: false, canceled_at: null };
  if (before.status === 'paused') {
    const change = resuming(before, await plansOf(trx, [before]), now - (now % 1000));
    return { ...change, after: { ...change.after, ...kept } };
  }
  if (!before.cancel_at_period_end) throw new SessionError('SUBSCRIPTION_TRANSITION_REFUSED');
  return { before, after: { ...before, ...kept }, tells: ['subscription.updated'] };
};

/**
 * Ends it now, or once the period is over; tokens that were granted stay. A paused one whose period is over ends now.
 * @throws {SessionError} `SUBSCRIPTION_TRANSITION_REFUSED`
 */
export const canceled =
  (atPeriodEnd: boolean): SubscriptionWish =>
  (_trx, before, now) => {
    nextSubscriptionStatus(before.status, 'cancel');
    if (!atPeriodEnd || before.period_ends_at <= now) return ending({ ...before, canceled_at: now }, now);
    if (before.cancel_at_period_end) return undefined;
    const after = { ...before, cancel_at_period_end: true, canceled_at: now };
    return { before, after, tells: ['subscription.updated'] };
  };
