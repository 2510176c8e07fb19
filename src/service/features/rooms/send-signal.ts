import type { Transaction } from 'kysely';
import type { Participant } from '../../../protocol/events.js';
import { SessionError } from '../../../protocol/errors.js';
import type { SignalType } from '../../../protocol/room.js';
import { isFinal } from '../../../protocol/state-machine.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { SessionRow, Tables } from '../../foundation/database/schema.js';
import { announceSubject } from '../../foundation/events/announcements.js';

const minuteMs = 60_000;

export interface NewSignal {
  from: Participant;
  senderId: string;
  type: SignalType;
  data: Record<string, unknown> | undefined;
}

/**
 * Keeps a signal of a locked session for the streams of the other side. Of a session their ids become visible in their order.
 * @throws {SessionError} `SESSION_ENDED`, `RATE_LIMITED`
 */
export async function sendSignal(
  context: ServiceContext,
  trx: Transaction<Tables>,
  session: SessionRow,
  { from, senderId, type, data }: NewSignal,
  now: number,
): Promise<{ id: number }> {
  if (isFinal(session.status)) throw new SessionError('SESSION_ENDED');
  await requireQuota(context, trx, session.id, from, now);
  const sent = await trx
    .insertInto('signals')
    .values({
      session_id: session.id,
      participant: from,
      sender_id: senderId,
      type,
      data: data === undefined ? null : JSON.stringify(data),
      created_at: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await announceSubject(trx, `session:${session.id}`);
  return sent;
}

/** @throws {SessionError} `RATE_LIMITED` until the oldest signal of the last minute is a minute old. */
async function requireQuota(
  { limits }: ServiceContext,
  trx: Transaction<Tables>,
  sessionId: string,
  from: Participant,
  now: number,
): Promise<void> {
  const oldest = await trx
    .selectFrom('signals')
    .select('created_at')
    .where('session_id', '=', sessionId)
    .where('participant', '=', from)
    .where('created_at', '>', now - minuteMs)
    .orderBy('id', 'desc')
    .offset(limits.signalsPerMinute - 1)
    .limit(1)
    .executeTakeFirst();
  if (!oldest) return;
  const retryAfterSeconds = Math.ceil((oldest.created_at + minuteMs - now) / 1000);
  throw new SessionError('RATE_LIMITED', { retryAfterSeconds });
}
