import type { Transaction } from 'kysely';
import { SessionError } from '../../../protocol/errors.js';
import type { Outcome } from '../../../protocol/help-request.js';
import { nextHelpRequestStatus } from '../../../protocol/help-request-machine.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { HelpRequestRow, Tables } from '../../foundation/database/schema.js';
import { announceDesk, forgetMissed } from '../helpers/index.js';
import { readPresences } from '../presence/index.js';
import { startSession } from '../sessions/index.js';
import type { LockedRequest } from './change-request.js';
import { answerOffer, lookForHelpers, offerStateOf } from './offer.js';
import { reopen } from './reopen.js';
import { writeRequest } from './write-request.js';

/**
 * What a helper does with a locked request, each of it the same however often it is asked for.
 * @returns whether anything was changed.
 */
export type HelperAnswer = (
  context: ServiceContext,
  trx: Transaction<Tables>,
  locked: LockedRequest & { helperId: string },
  now: number,
) => Promise<boolean>;

/**
 * Does not want it. Once all have declined, the next round begins.
 * @throws {SessionError} `NOT_OFFERED`, `REQUEST_TAKEN`, `REQUEST_CANCELLED`, `REQUEST_EXPIRED`
 */
export const decline: HelperAnswer = async (context, trx, { request, helperId }, now) => {
  const state = await offerStateOf(trx, request.id, helperId);
  if (state === 'declined') return false;
  nextHelpRequestStatus(request.status, 'decline');
  if (state !== 'offered') throw new SessionError('NOT_OFFERED');
  await answerOffer(trx, { requestId: request.id, helperId }, 'declined', now);
  await announceDesk(trx, helperId);
  await lookForHelpers(context, trx, request, now);
  await forgetMissed(trx, helperId);
  return true;
};

/**
 * Gives back what was claimed: the others are asked again.
 * @throws {SessionError} `NOT_OFFERED`, `REQUEST_TRANSITION_REFUSED`, `REQUEST_CANCELLED`, `REQUEST_EXPIRED`
 */
export const withdraw: HelperAnswer = async (context, trx, { request, session, helperId }, now) => {
  if ((await offerStateOf(trx, request.id, helperId)) === 'declined') return false;
  requireOwn(request, helperId);
  await reopen(context, trx, { request, session }, 'declined', now);
  return true;
};

/**
 * Starts the talk by the helper's own hand, where the customer is there: it costs from then on.
 * @throws {SessionError} `NOT_OFFERED`, `CUSTOMER_ABSENT`, `REQUEST_TRANSITION_REFUSED`, `REQUEST_CANCELLED`, `REQUEST_EXPIRED`
 */
export const start: HelperAnswer = async (context, trx, { request, session, helperId }, now) => {
  requireOwn(request, helperId);
  if (request.status === 'in_progress') return false;
  nextHelpRequestStatus(request.status, 'start');
  if (!(await isCustomerThere(trx, session!.id))) throw new SessionError('CUSTOMER_ABSENT');
  await startSession(context, trx, session!, now);
  return true;
};

/**
 * Keeps how the talk ended, once.
 * @throws {SessionError} `NOT_OFFERED`, `OUTCOME_GIVEN`, `REQUEST_TRANSITION_REFUSED`, `REQUEST_CANCELLED`, `REQUEST_EXPIRED`
 */
export const recordOutcome =
  (outcome: Outcome, notes: string | null): HelperAnswer =>
  async (context, trx, { request, helperId }, now) => {
    requireOwn(request, helperId);
    nextHelpRequestStatus(request.status, 'record');
    if (request.outcome !== null) {
      if (request.outcome === outcome && request.notes === notes) return false;
      throw new SessionError('OUTCOME_GIVEN');
    }
    const changes = { outcome, notes, outcome_at: now };
    await writeRequest(context, trx, request, 'record', {
      changes,
      tells: 'help_request.outcome_recorded',
      now,
    });
    return true;
  };

function requireOwn({ helper_id }: HelpRequestRow, helperId: string): void {
  if (helper_id !== helperId) throw new SessionError('NOT_OFFERED');
}

/** With an open stream: who may come back within the time of a reload is not there yet. */
async function isCustomerThere(trx: Transaction<Tables>, sessionId: string): Promise<boolean> {
  const presences = await readPresences(trx, [sessionId]);
  return presences.some(
    ({ role, state, is_attended }) => role === 'customer' && state === 'present' && is_attended,
  );
}
