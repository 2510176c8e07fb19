import { sql, type Transaction } from 'kysely';
import { SessionError } from '../../../protocol/errors.js';
import { helpRequestTransitions, nextHelpRequestStatus } from '../../../protocol/help-request-machine.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { HelpRequestRow, Tables } from '../../foundation/database/schema.js';
import { holdAccount } from '../../foundation/ledger/ledger.js';
import { takeSeat } from '../helpers/index.js';
import { createHeldSession } from '../sessions/index.js';
import { answerOffer, endOffers, offerStateOf } from './offer.js';
import { joinMs, sessionWaitingSeconds } from './times.js';
import { tellRequest } from './write-request.js';

/**
 * Gives a request to the helper: of however many who ask at the same time to exactly one. The session is there from then on,
 * waits for this helper and the customer, and holds the price. A request that is due, and that nobody has looked at yet, can be
 * taken still.
 * @returns whether it was done now; who has it already has it.
 * @throws {SessionError} `REQUEST_TAKEN`, `REQUEST_CANCELLED`, `REQUEST_EXPIRED`, `NOT_OFFERED`, `HELPER_BUSY`, `HELPER_UNAVAILABLE`,
 * `HELPER_NOT_FOUND`
 */
export async function claimRequest(
  context: ServiceContext,
  trx: Transaction<Tables>,
  { requestId, helperId }: { requestId: string; helperId: string },
): Promise<boolean> {
  const now = context.now();
  const sessionId = crypto.randomUUID();
  const claimed = await trx
    .updateTable('help_requests')
    .set({
      status: helpRequestTransitions.open.claim,
      ...{ helper_id: helperId, session_id: sessionId, claimed_at: now, due_at: now + joinMs },
      version: sql`version + 1`,
    })
    .where('id', '=', requestId)
    .where('status', '=', 'open')
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('help_offers')
          .select('helper_id')
          .where('request_id', '=', requestId)
          .where('helper_id', '=', helperId)
          .where('state', '=', 'offered'),
      ),
    )
    .returningAll()
    .executeTakeFirst();
  if (!claimed) return refuse(trx, requestId, helperId);
  await takeSeat(trx, helperId);
  await answerOffer(trx, { requestId, helperId }, 'accepted', now);
  await endOffers(trx, requestId, 'withdrawn', now);
  await createSessionOf(context, trx, claimed, now);
  await tellRequest(context, trx, claimed, 'help_request.claimed', now);
  return true;
}

/** Who has it himself is answered as he was, and everybody else why not. */
async function refuse(trx: Transaction<Tables>, requestId: string, helperId: string): Promise<false> {
  const { status, helper_id } = await trx
    .selectFrom('help_requests')
    .select(['status', 'helper_id'])
    .where('id', '=', requestId)
    .executeTakeFirstOrThrow();
  const state = await offerStateOf(trx, requestId, helperId);
  if (helper_id === helperId && (status === 'claimed' || status === 'in_progress')) return false;
  if (status === 'open' || state === undefined) throw new SessionError('NOT_OFFERED');
  nextHelpRequestStatus(status, 'claim');
  throw new TypeError(`a claim of a request that is ${status} is refused by the table`);
}

function createSessionOf(
  context: ServiceContext,
  trx: Transaction<Tables>,
  { id, session_id, helper_id, ...request }: HelpRequestRow,
  now: number,
): Promise<void> {
  const { application_id, user_id, duration_seconds, tokens } = request;
  const session = {
    ...{ id: session_id!, application_id, user_id, duration_seconds, tokens },
    heldBy: holdAccount(id),
    help_request_id: id,
    waits_for_id: helper_id!,
    waiting_seconds: sessionWaitingSeconds,
  };
  return createHeldSession(context, trx, session, now);
}
