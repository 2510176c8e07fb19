import type { Transaction } from 'kysely';
import type { ServiceContext } from '../../foundation/context.js';
import type { SessionRow, Tables } from '../../foundation/database/schema.js';
import { settleSessions } from './settlement.js';

/**
 * Cancels a locked session that has not started: all that it had cost goes back.
 * @throws {SessionError} `SESSION_ENDED`, `TRANSITION_REFUSED`
 */
export const cancelSession = (
  context: ServiceContext,
  trx: Transaction<Tables>,
  session: SessionRow,
  now: number,
): Promise<void> => settleSessions(context, trx, [{ session, at: now }], 'cancel');

/**
 * The same, but what it held goes back to another hold, and not to the wallet.
 * @throws {SessionError} `SESSION_ENDED`, `TRANSITION_REFUSED`
 */
export const cancelHeldSession = (
  context: ServiceContext,
  trx: Transaction<Tables>,
  { session, heldBy }: { session: SessionRow; heldBy: string },
  now: number,
): Promise<void> => settleSessions(context, trx, [{ session, at: now, refundTo: heldBy }], 'cancel');
