import { sql, type Transaction } from 'kysely';
import { nextSubscriptionStatus } from '../../../protocol/subscription.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { PlanRow, SubscriptionRow, Tables } from '../../foundation/database/schema.js';
import { periodStart } from './periods.js';
import { writeSubscriptions, type SubscriptionChange } from './write.js';

/**
 * Does the next thing that has come due to each of the locked subscriptions, as of the moment it was due: a period begins
 * with its grant, a pause or the subscription itself ends. More may be due after it.
 */
export async function advanceSubscriptions(
  context: ServiceContext,
  trx: Transaction<Tables>,
  subscriptions: readonly SubscriptionRow[],
  now: number,
): Promise<SubscriptionRow[]> {
  const plans = await plansOf(trx, subscriptions);
  const changes = subscriptions.map((subscription) => dueChange(subscription, plans));
  return writeSubscriptions(context, trx, changes, now);
}

/** Does all that has come due to one subscription, which is locked. */
export async function catchUp(
  context: ServiceContext,
  trx: Transaction<Tables>,
  subscription: SubscriptionRow,
  now: number,
): Promise<SubscriptionRow> {
  let current = subscription;
  while (current.due_at !== null && current.due_at <= now)
    [current] = (await advanceSubscriptions(context, trx, [current], now)) as [SubscriptionRow];
  return current;
}

export type Plans = ReadonlyMap<string, PlanRow>;

export async function plansOf(
  trx: Transaction<Tables>,
  subscriptions: readonly SubscriptionRow[],
): Promise<Plans> {
  const ids = subscriptions.flatMap(({ plan_id, pending_plan_id }) => [plan_id, pending_plan_id ?? plan_id]);
  const rows = await trx
    .selectFrom('plans')
    .selectAll()
    .where(sql<boolean>`id = any(${[...new Set(ids)]}::text[])`)
    .execute();
  return new Map(rows.map((plan) => [plan.id, plan]));
}

function dueChange(subscription: SubscriptionRow, plans: Plans): SubscriptionChange {
  const { status, cancel_at_period_end, period_ends_at } = subscription;
  const at = subscription.due_at!;
  if (cancel_at_period_end && at === period_ends_at) return ending(subscription, at);
  if (status === 'paused') return resuming(subscription, plans, at);
  return nextPeriod(subscription, plans);
}

/** Nothing is granted any more; what was granted stays. */
export function ending(before: SubscriptionRow, at: number): SubscriptionChange {
  const after = {
    ...before,
    status: nextSubscriptionStatus(before.status, 'cancel'),
    ...{ pending_plan_id: null, cancel_at_period_end: false },
    ...{ paused_at: null, resumes_at: null },
    canceled_at: before.canceled_at ?? at,
    ended_at: at,
  };
  return { before, after, tells: ['subscription.canceled'] };
}

/** The period that is paid for goes on; where it is over by then, a new one begins. */
export function resuming(before: SubscriptionRow, plans: Plans, at: number): SubscriptionChange {
  const after = {
    ...before,
    status: nextSubscriptionStatus(before.status, 'resume'),
    ...{ paused_at: null, resumes_at: null },
  };
  if (at < before.period_ends_at) return { before, after, tells: ['subscription.resumed'] };
  const change = beginPeriod(after, plans, at);
  return { ...change, before, tells: ['subscription.resumed', ...change.tells] };
}

/** The period after the one that is over, counted from the anchor. */
function nextPeriod(before: SubscriptionRow, plans: Plans): SubscriptionChange {
  nextSubscriptionStatus(before.status, 'renew');
  const { plan_id, pending_plan_id, periods_since_anchor, anchor_at, period_ends_at } = before;
  const plan = plans.get(pending_plan_id ?? plan_id)!;
  const former = plans.get(plan_id)!;
  const isSameCadence = plan.interval === former.interval && plan.interval_count === former.interval_count;
  if (!isSameCadence) return beginPeriod(before, plans, period_ends_at);
  const number = periods_since_anchor + 1;
  return granting(before, plan, {
    periods_since_anchor: number,
    period_started_at: period_ends_at,
    period_ends_at: periodStart(anchor_at, plan, number + 1),
  });
}

/** Periods are counted anew from here. */
function beginPeriod(before: SubscriptionRow, plans: Plans, anchor_at: number): SubscriptionChange {
  const plan = plans.get(before.pending_plan_id ?? before.plan_id)!;
  return granting(before, plan, {
    ...{ anchor_at, periods_since_anchor: 0 },
    period_started_at: anchor_at,
    period_ends_at: periodStart(anchor_at, plan, 1),
  });
}

function granting(
  before: SubscriptionRow,
  { id, tokens_per_period, rollover }: PlanRow,
  period: Partial<SubscriptionRow>,
): SubscriptionChange {
  const after = {
    ...before,
    ...period,
    ...{ plan_id: id, pending_plan_id: null },
    grant_count: before.grant_count + 1,
  };
  const grant = { of: 'period' as const, tokens: tokens_per_period, expires: !rollover };
  return { before, after, grant, tells: ['subscription.renewed'] };
}
