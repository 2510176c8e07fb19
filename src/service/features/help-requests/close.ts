import type { Transaction } from 'kysely';
import type { HelpRequestReason } from '../../../protocol/help-request.js';
import { nextHelpRequestStatus } from '../../../protocol/help-request-machine.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { HelpRequestRow, Tables } from '../../foundation/database/schema.js';
import { holdAccount, post, walletAccount } from '../../foundation/ledger/ledger.js';
import { freeSeat, notify } from '../helpers/index.js';
import { cancelSession } from '../sessions/index.js';
import type { LockedRequest } from './change-request.js';
import { endOffers } from './offer.js';
import { releasePayment } from './payment/plan-payment.js';
import { tellMissed } from './reopen.js';
import { writeRequest } from './write-request.js';

type ExpiryReason = 'nobody_free' | 'payment_failed';

/**
 * Cancels a locked request that has no talk yet: all that is held goes back, and who had claimed is told.
 * @throws {SessionError} `REQUEST_TRANSITION_REFUSED`, `REQUEST_EXPIRED`, `REQUEST_CANCELLED`
 */
export async function cancel(
  context: ServiceContext,
  trx: Transaction<Tables>,
  { request, session }: LockedRequest,
  reason: Exclude<HelpRequestReason, ExpiryReason>,
  now: number,
): Promise<void> {
  nextHelpRequestStatus(request.status, 'cancel');
  await endOffers(trx, request.id, 'withdrawn', now);
  await writeRequest(context, trx, request, 'cancel', {
    changes: { reason, ended_at: now, due_at: null },
    tells: 'help_request.cancelled',
    now,
  });
  if (session?.status === 'waiting') await cancelSession(context, trx, session, now);
  else if (!session) await release(context, trx, request, now);
  await releasePayment(trx, request, now);
  if (request.helper_id !== null) await dismiss(trx, request, now);
}

/** The helper of a request that came to nothing is free again, and told. */
export async function dismiss(
  trx: Transaction<Tables>,
  { id, helper_id }: HelpRequestRow,
  now: number,
): Promise<void> {
  await freeSeat(trx, helper_id!);
  await notify(trx, [helper_id!], 'request_cancelled', id, now);
}

/** Ends a locked request that nobody has taken, or paid for: all that is held goes back. */
export async function expire(
  context: ServiceContext,
  trx: Transaction<Tables>,
  { request }: LockedRequest,
  reason: ExpiryReason,
  now: number,
): Promise<void> {
  const missedBy = await endOffers(trx, request.id, 'missed', now);
  await writeRequest(context, trx, request, 'expire', {
    changes: { reason, ended_at: now, due_at: null },
    tells: 'help_request.expired',
    now,
  });
  await release(context, trx, request, now);
  await releasePayment(trx, request, now);
  await tellMissed(trx, request.id, missedBy, now);
}

/** What an open request holds of tokens goes back to the wallet. */
function release(
  context: ServiceContext,
  trx: Transaction<Tables>,
  { id, user_id, tokens }: HelpRequestRow,
  now: number,
): Promise<void> {
  const amounts = { [holdAccount(id)]: -tokens, [walletAccount(user_id)]: tokens };
  return post(context, trx, [{ kind: 'settlement', customerId: user_id, createdAt: now, amounts }]);
}
