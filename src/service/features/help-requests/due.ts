import { sql, type Transaction } from 'kysely';
import { isFinal } from '../../../protocol/state-machine.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { HelpRequestRow, SessionRow, Tables } from '../../foundation/database/schema.js';
import { doBatch } from '../../foundation/jobs/due-batch.js';
import { helpRequestDueChannel } from '../../foundation/jobs/due-channel.js';
import type { DueWork } from '../../foundation/jobs/due-scheduler.js';
import { earliestDue, isToBeTried, type DueRows } from '../../foundation/jobs/failed-work.js';
import { notify } from '../helpers/index.js';
import { readPresences } from '../presence/index.js';
import { startSession } from '../sessions/index.js';
import type { LockedRequest } from './change-request.js';
import { cancel, expire } from './close.js';
import { follow } from './follow-sessions.js';
import { widen } from './offer.js';
import { reopen } from './reopen.js';
import { customerMs, lookAfterMs } from './times.js';
import { writeRequest } from './write-request.js';

const rows: DueRows = { work: 'help_request_due', table: 'help_requests', id: 'id', dueAt: 'due_at' };
/** How many that are due are tried for one that nobody else has. */
const lookedAt = 20;

/** Ends rounds and the time to come, one request in a transaction: it locks a session, and wallets before helpers. */
export const dueRequests = (context: ServiceContext): DueWork => ({
  name: 'looking after help requests',
  channel: helpRequestDueChannel,
  workers: 2,

  async doNext() {
    const { wasAny } = await doBatch(context, {
      rows,
      claim: claimDue,
      idOf: ({ request }) => request.id,
      work: async (trx, due, now) => {
        for (const locked of due) await lookAfter(context, trx, locked, now);
      },
    });
    return wasAny;
  },

  earliest: () => earliestDue(context.kysely, rows),
});

/** One request that is due, locked behind its session, as far as nobody else has either. */
async function claimDue(
  trx: Transaction<Tables>,
  now: number,
  among?: readonly string[],
): Promise<LockedRequest[]> {
  const due = await trx
    .selectFrom('help_requests')
    .select(['id', 'session_id'])
    .where('due_at', '<=', now)
    .where(isToBeTried(rows, now))
    .$if(among !== undefined, (query) => query.where(sql<boolean>`id = any(${among}::text[])`))
    .orderBy('due_at')
    .limit(lookedAt)
    .execute();
  for (const { id, session_id } of due) {
    const session = session_id === null ? undefined : await lockFree(trx, session_id);
    if (session_id !== null && !session) continue;
    const request = await trx
      .selectFrom('help_requests')
      .selectAll()
      .where('id', '=', id)
      .where('due_at', '<=', now)
      .forNoKeyUpdate()
      .skipLocked()
      .executeTakeFirst();
    if (request && request.session_id === session_id) return [{ request, session }];
  }
  return [];
}

function lockFree(trx: Transaction<Tables>, sessionId: string): Promise<SessionRow | undefined> {
  return trx
    .selectFrom('sessions')
    .selectAll()
    .where('id', '=', sessionId)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
}

async function lookAfter(
  context: ServiceContext,
  trx: Transaction<Tables>,
  { request, session }: LockedRequest,
  now: number,
): Promise<void> {
  if (!session) {
    if (request.status === 'awaiting_payment')
      await expire(context, trx, { request, session }, 'payment_failed', now);
    else if (request.round === 1) await widen(context, trx, request, now);
    else await expire(context, trx, { request, session }, 'nobody_free', now);
  } else if (isFinal(session.status)) await follow(context, trx, request, endOf(session), now);
  else if (session.status === 'waiting') await lookAfterClaim(context, trx, { request, session }, now);
  // An older instance has started it, or it was given more time.
  else if (request.status === 'claimed')
    await follow(context, trx, request, { isOver: false, deadlineAt: session.deadline_at }, now);
  else await waitUntil(context, trx, request, Math.max(session.deadline_at, now) + lookAfterMs, now);
}

const endOf = ({ status, used_seconds, final_cost }: SessionRow) => ({
  isOver: true as const,
  wasHeld: status !== 'cancelled',
  usedSeconds: used_seconds!,
  finalCost: final_cost!,
});

/** Whether both have come by now, and who is to be waited for no longer. */
async function lookAfterClaim(
  context: ServiceContext,
  trx: Transaction<Tables>,
  { request, session }: { request: HelpRequestRow; session: SessionRow },
  now: number,
): Promise<void> {
  const presences = await readPresences(trx, [session.id]);
  const isHere = (role: string, id: string) =>
    presences.some((one) => one.role === role && one.participant_id === id && one.state === 'present');
  const customerUntil = request.claimed_at! + customerMs;
  if (!isHere('helper', request.helper_id!)) {
    await reopen(context, trx, { request, session }, 'missed', now);
    await notify(trx, [request.helper_id!], 'claim_missed', request.id, now);
  } else if (isHere('customer', request.user_id)) await startSession(context, trx, session, now);
  else if (now < customerUntil) await waitUntil(context, trx, request, customerUntil, now);
  else await cancel(context, trx, { request, session }, 'customer_absent', now);
}

async function waitUntil(
  context: ServiceContext,
  trx: Transaction<Tables>,
  request: HelpRequestRow,
  dueAt: number,
  now: number,
): Promise<void> {
  await writeRequest(context, trx, request, 'wait', { changes: { due_at: dueAt }, now });
}
