import type { CompleteRequest } from '../../../protocol/api.js';
import { isFinal } from '../../../protocol/state-machine.js';
import { recordChange, type AskedChange } from '../../foundation/audit.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { Idempotency } from '../../foundation/idempotency.js';
import { changeSession } from './change.js';
import { settleSessions } from './settlement.js';

/**
 * Ends a session now and settles it; one that still waits is cancelled. One that has ended already stays as it is. What a
 * client reports of its usage is kept for the record and changes no bill.
 * @throws {SessionError} `SESSION_NOT_FOUND`
 */
export async function completeSession(
  context: ServiceContext,
  id: string,
  report: CompleteRequest,
  asked: AskedChange,
  idempotency: Idempotency | undefined,
): Promise<void> {
  await changeSession(context, id, idempotency, async (trx, session, now) => {
    if (isFinal(session.status)) return {};
    const action = session.status === 'waiting' ? 'cancel' : 'complete';
    await settleSessions(context, trx, [{ session, at: now }], action);
    await recordChange(trx, asked, now);
    if (Object.keys(report).length > 0) {
      await trx
        .updateTable('sessions')
        .set({ reported_usage: JSON.stringify(report) })
        .where('id', '=', id)
        .execute();
    }
    return {};
  });
}
