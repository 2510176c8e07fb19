import type { ServiceContext } from '../../foundation/context.js';
import { findLiveSession } from '../sessions/index.js';
import { liveSubscriptions } from '../subscriptions/index.js';
import { readCustomer } from './customers.js';

/**
 * What a page about a customer shows, in one read.
 * @throws {SessionError} `CUSTOMER_NOT_FOUND`
 */
export async function readState(context: ServiceContext, id: string) {
  const customer = await readCustomer(context, id);
  const subscriptions = await liveSubscriptions(context, id);
  return { customer, subscriptions, session: await findLiveSession(context, { customerId: id }) };
}
