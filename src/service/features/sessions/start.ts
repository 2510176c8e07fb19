import type { Transaction } from 'kysely';
import { started } from '../../../protocol/rules/session-changes.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { SessionRow, Tables } from '../../foundation/database/schema.js';
import { appendEvents } from '../../foundation/events/append-events.js';
import { announceDue } from '../../foundation/jobs/due-channel.js';

/** What is needed of a session to start it. */
export type Startable = Pick<SessionRow, 'id' | 'status' | 'duration_limit_seconds' | 'warning_seconds'>;

/**
 * Lets the time of a locked session begin.
 * @throws {SessionError} `SESSION_ENDED`, `TRANSITION_REFUSED`
 */
export async function startSession(
  context: ServiceContext,
  trx: Transaction<Tables>,
  session: Startable,
  now: number,
): Promise<void> {
  const times = started(session, now);
  await trx.updateTable('sessions').set(times).where('id', '=', session.id).execute();
  await tellStart(context, trx, session.id, times, now);
}

/** Tells that a session has started, and when the service must act on it next. */
export async function tellStart(
  context: ServiceContext,
  trx: Transaction<Tables>,
  sessionId: string,
  { deadline_at, warn_at }: Pick<SessionRow, 'deadline_at' | 'warn_at'>,
  now: number,
): Promise<void> {
  const payload = { session_id: sessionId, expires_at: deadline_at / 1000 };
  await appendEvents(context, trx, [
    { subject: `session:${sessionId}`, type: 'session.started', payload, createdAt: now },
  ]);
  await announceDue(trx, warn_at ?? deadline_at);
}
