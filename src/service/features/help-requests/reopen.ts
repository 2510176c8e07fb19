import type { Transaction } from 'kysely';
import type { ServiceContext } from '../../foundation/context.js';
import type { Tables } from '../../foundation/database/schema.js';
import { holdAccount } from '../../foundation/ledger/ledger.js';
import { countMissed, freeSeat, notify } from '../helpers/index.js';
import { cancelHeldSession } from '../sessions/index.js';
import type { LockedRequest } from './change-request.js';
import { answerOffer, lookForHelpers } from './offer.js';
import { writeRequest } from './write-request.js';

/**
 * Opens a locked request again that was claimed, and leaves that helper out. Its session is cancelled, and what that held is held
 * by the request again: nothing passes through the wallet.
 * @param answer how it is kept: given back, or not come
 */
export async function reopen(
  context: ServiceContext,
  trx: Transaction<Tables>,
  { request, session }: LockedRequest,
  answer: 'declined' | 'missed',
  now: number,
): Promise<void> {
  const helperId = request.helper_id!;
  const changes = {
    ...{ helper_id: null, session_id: null, claimed_at: null },
    ...{ round: 1, opened_at: now, due_at: now + request.search_seconds * 1000 },
  };
  const opened = await writeRequest(context, trx, request, 'reopen', {
    changes,
    tells: 'help_request.reopened',
    now,
  });
  await answerOffer(trx, { requestId: request.id, helperId }, answer, now);
  await cancelHeldSession(context, trx, { session: session!, heldBy: holdAccount(request.id) }, now);
  await lookForHelpers(context, trx, opened, now);
  await freeSeat(trx, helperId);
  if (answer === 'missed') await tellMissed(trx, request.id, [helperId], now);
}

/** Counts what helpers have missed, who are told where their switch went to away for it. */
export async function tellMissed(
  trx: Transaction<Tables>,
  requestId: string,
  helperIds: readonly string[],
  now: number,
): Promise<void> {
  const away = await countMissed(trx, helperIds);
  await notify(trx, away, 'set_away', requestId, now);
}
