import { SessionError } from '../../../protocol/errors.js';
import type { SubscriptionStatus } from '../../../protocol/subscription.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { SubscriptionRow } from '../../foundation/database/schema.js';
import { isBehind, type PageCursor } from '../../foundation/page-cursor.js';

/** @throws {SessionError} `SUBSCRIPTION_NOT_FOUND` */
export async function findSubscription({ kysely }: ServiceContext, id: string): Promise<SubscriptionRow> {
  const row = await kysely.selectFrom('subscriptions').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) throw new SessionError('SUBSCRIPTION_NOT_FOUND');
  return row;
}

export interface SubscriptionFilter {
  customerId?: string | undefined;
  status?: SubscriptionStatus | undefined;
  after?: PageCursor | undefined;
  limit: number;
}

/** Newest first. */
export function listSubscriptions(
  { kysely }: ServiceContext,
  { customerId, status, after, limit }: SubscriptionFilter,
): Promise<SubscriptionRow[]> {
  return kysely
    .selectFrom('subscriptions')
    .selectAll()
    .$if(customerId !== undefined, (query) => query.where('customer_id', '=', customerId!))
    .$if(status !== undefined, (query) => query.where('status', '=', status!))
    .$if(after !== undefined, (query) => query.where(isBehind(after!)))
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

/** Those of a customer that are not over, newest first. */
export function liveSubscriptions(
  { kysely }: ServiceContext,
  customerId: string,
): Promise<SubscriptionRow[]> {
  return kysely
    .selectFrom('subscriptions')
    .selectAll()
    .where('customer_id', '=', customerId)
    .where('status', '<>', 'canceled')
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute();
}
