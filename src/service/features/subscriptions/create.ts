import type { Transaction } from 'kysely';
import { SessionError } from '../../../protocol/errors.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { SubscriptionRow, Tables } from '../../foundation/database/schema.js';
import { periodStart } from './periods.js';
import { offeredPlan } from './plans.js';
import { writeSubscriptions } from './write.js';

export interface NewSubscription {
  customer_id: string;
  plan_id: string;
  metadata: Record<string, string>;
}

/**
 * Subscribes a customer to a plan; the first period begins now, with its grant.
 * @returns the subscription's id.
 * @throws {SessionError} `CUSTOMER_NOT_FOUND`, `PLAN_NOT_FOUND`, `PLAN_INACTIVE`, `SUBSCRIPTION_EXISTS`
 */
export async function createSubscription(
  context: ServiceContext,
  trx: Transaction<Tables>,
  { customer_id, plan_id, metadata }: NewSubscription,
): Promise<string> {
  if (!(await lockCustomer(trx, customer_id))) throw new SessionError('CUSTOMER_NOT_FOUND');
  const plan = await offeredPlan(trx, plan_id);
  await requireFree(trx, customer_id, plan_id);
  const now = context.now();
  const anchor_at = now - (now % 1000);
  const after = {
    ...{ id: crypto.randomUUID(), customer_id, plan_id, pending_plan_id: null },
    status: 'active' as const,
    ...{ anchor_at, periods_since_anchor: 0 },
    period_started_at: anchor_at,
    period_ends_at: periodStart(anchor_at, plan, 1),
    grant_count: 1,
    cancel_at_period_end: false,
    started_at: anchor_at,
    ...{ paused_at: null, resumes_at: null, canceled_at: null, ended_at: null },
    metadata,
    created_at: now,
  } satisfies Omit<SubscriptionRow, 'due_at'>;
  const grant = { of: 'period' as const, tokens: plan.tokens_per_period, expires: !plan.rollover };
  const tells = ['subscription.created'] as const;
  await writeSubscriptions(context, trx, [{ before: undefined, after, grant, tells }], now);
  return after.id;
}

/**
 * Before the subscription and the wallet, as everywhere: who is being erased is waited for, and of several wishes for one
 * customer each finds what those before it have left.
 * @returns whether there is such a customer, who is locked then.
 */
export async function lockCustomer(trx: Transaction<Tables>, id: string): Promise<boolean> {
  const found = await trx
    .selectFrom('customers')
    .select('id')
    .where('id', '=', id)
    .where('erased_as', 'is', null)
    .forNoKeyUpdate()
    .executeTakeFirst();
  return found !== undefined;
}

/**
 * A customer has one subscription to a plan that is not over, those that are about to change to it included.
 * @throws {SessionError} `SUBSCRIPTION_EXISTS`
 */
export async function requireFree(
  trx: Transaction<Tables>,
  customerId: string,
  planId: string,
  exceptId = '',
): Promise<void> {
  const other = await trx
    .selectFrom('subscriptions')
    .select('id')
    .where('customer_id', '=', customerId)
    .where('status', '<>', 'canceled')
    .where('id', '<>', exceptId)
    .where(({ eb, or }) => or([eb('plan_id', '=', planId), eb('pending_plan_id', '=', planId)]))
    .limit(1)
    .executeTakeFirst();
  if (other) throw new SessionError('SUBSCRIPTION_EXISTS');
}
