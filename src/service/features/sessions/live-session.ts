import { isFinal } from '../../../protocol/state-machine.js';
import type { ServiceContext } from '../../foundation/context.js';
import { readSession, type SessionView } from './session-view.js';

/**
 * The newest session of a customer that is not over; what is due to one is done first.
 * @param which of which application; of any where that is left out
 */
export async function findLiveSession(
  context: ServiceContext,
  which: { applicationId?: string; customerId: string },
): Promise<SessionView | undefined> {
  const { applicationId, customerId } = which;
  const rows = await context.kysely
    .selectFrom('sessions')
    .select('id')
    .where('user_id', '=', customerId)
    .$if(applicationId !== undefined, (query) => query.where('application_id', '=', applicationId!))
    .where('due_at', 'is not', null)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute();
  for (const { id } of rows) {
    const view = await readSession(context, id);
    if (!isFinal(view.status)) return view;
  }
  return undefined;
}
