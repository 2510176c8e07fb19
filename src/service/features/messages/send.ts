import type { Transaction } from 'kysely';
import { SessionError } from '../../../protocol/errors.js';
import { isFinal } from '../../../protocol/state-machine.js';
import { recordChange, type AskedChange } from '../../foundation/audit.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { MessageRow, SessionRow, Tables } from '../../foundation/database/schema.js';
import { appendEvents } from '../../foundation/events/append-events.js';
import { sideOfSender, type Sender } from '../presence/index.js';

const minuteMs = 60_000;

/** A message that somebody wants to send. */
export interface NewMessage {
  sender: Sender;
  clientId: string;
  text: string;
  asked: AskedChange;
}

/**
 * Writes a message into a locked session. What its sender has written by the same `client_id` is there already, also once the
 * session is over: it is answered again.
 * @throws {SessionError} `SESSION_ENDED`, `MESSAGE_ID_REUSED`, `MESSAGE_LIMIT_REACHED`, `RATE_LIMITED`
 */
export async function sendMessage(
  context: ServiceContext,
  trx: Transaction<Tables>,
  session: SessionRow,
  { sender, clientId, text, asked }: NewMessage,
  now: number,
): Promise<{ message: MessageRow; isRepeated: boolean }> {
  const written = await trx
    .selectFrom('messages')
    .selectAll()
    .where('session_id', '=', session.id)
    .where('sender', '=', sender.sender)
    .where('client_id', '=', clientId)
    .executeTakeFirst();
  if (written) {
    if (written.text !== text) throw new SessionError('MESSAGE_ID_REUSED');
    return { message: written, isRepeated: true };
  }
  if (isFinal(session.status)) throw new SessionError('SESSION_ENDED');
  const position = (await lastPosition(trx, session.id)) + 1;
  if (position > context.limits.messagesPerSession) throw new SessionError('MESSAGE_LIMIT_REACHED');
  await requireQuota(context, trx, session.id, sender, now);
  const message = await trx
    .insertInto('messages')
    .values({
      ...sender,
      id: crypto.randomUUID(),
      session_id: session.id,
      position,
      client_id: clientId,
      text,
      created_at: now,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await recordChange(trx, asked, now, message.id);
  const payload = {
    session_id: session.id,
    message_id: message.id,
    position,
    sent_by: sideOfSender(sender),
  };
  await appendEvents(context, trx, [
    { subject: `session:${session.id}`, type: 'message.created', payload, createdAt: now },
  ]);
  return { message, isRepeated: false };
}

/** 0 where nothing is written yet. */
async function lastPosition(trx: Transaction<Tables>, sessionId: string): Promise<number> {
  const last = await trx
    .selectFrom('messages')
    .select('position')
    .where('session_id', '=', sessionId)
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst();
  return last?.position ?? 0;
}

/** @throws {SessionError} `RATE_LIMITED` until the oldest message of the last minute is a minute old. */
async function requireQuota(
  { limits }: ServiceContext,
  trx: Transaction<Tables>,
  sessionId: string,
  { sender }: Sender,
  now: number,
): Promise<void> {
  const oldest = await trx
    .selectFrom('messages')
    .select('created_at')
    .where('session_id', '=', sessionId)
    .where('sender', '=', sender)
    .where('created_at', '>', now - minuteMs)
    .orderBy('position', 'desc')
    .offset(limits.messagesPerMinute - 1)
    .limit(1)
    .executeTakeFirst();
  if (!oldest) return;
  const retryAfterSeconds = Math.ceil((oldest.created_at + minuteMs - now) / 1000);
  throw new SessionError('RATE_LIMITED', { retryAfterSeconds });
}
