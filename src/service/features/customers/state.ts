import { isFinal } from '../../../protocol/state-machine.js';
import type { ServiceContext } from '../../foundation/context.js';
import { readSession, type SessionView } from '../sessions/index.js';
import { liveSubscriptions } from '../subscriptions/index.js';
import { readCustomer } from './customers.js';

/**
 * What a page about a customer shows, in one read.
 * @throws {SessionError} `CUSTOMER_NOT_FOUND`
 */
export async function readState(context: ServiceContext, id: string) {
  const customer = await readCustomer(context, id);
  const subscriptions = await liveSubscriptions(context, id);
  return { customer, subscriptions, session: await readLiveSession(context, id) };
}

/** The newest session that is not over. */
async function readLiveSession(context: ServiceContext, userId: string): Promise<SessionView | undefined> {
  const rows = await context.kysely
    .selectFrom('sessions')
    .select('id')
    .where('user_id', '=', userId)
    .where('due_at', 'is not', null)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute();
  for (const { id } of rows) {
    // What has come due to it is done first.
    const view = await readSession(context, id);
    if (!isFinal(view.status)) return view;
  }
  return undefined;
}
