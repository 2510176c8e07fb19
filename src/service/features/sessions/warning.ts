import { sql, type Transaction } from 'kysely';
import type { ServiceContext } from '../../foundation/context.js';
import type { SessionRow, Tables } from '../../foundation/database/schema.js';
import { appendEvents } from '../../foundation/events/append-events.js';

/**
 * When a session is warned of its deadline, ms since the epoch; null where that moment has passed already, as in a
 * session that is shorter than its warning.
 * @param from the moment from which on the time runs: now, or where a pause began.
 */
export function warningAt(deadlineAt: number, warningSeconds: number, from: number): number | null {
  const at = deadlineAt - warningSeconds * 1000;
  return warningSeconds > 0 && at > from ? at : null;
}

/**
 * The same where no time was bought, and a deadline moves all the same: one that was told is not told again, and one that
 * was not is told at once where less time than that is left.
 */
export function movedWarning(session: SessionRow, deadlineAt: number, from: number): number | null {
  return session.warn_at === null ? null : Math.max(from, deadlineAt - session.warning_seconds * 1000);
}

/** Tells that locked sessions end soon, once for each deadline. */
export async function warnSessions(
  context: ServiceContext,
  trx: Transaction<Tables>,
  sessions: readonly SessionRow[],
): Promise<void> {
  if (sessions.length === 0) return;
  await trx
    .updateTable('sessions')
    .set({ warn_at: null })
    .where(sql<boolean>`id = any(${sessions.map(({ id }) => id)}::text[])`)
    .execute();
  await appendEvents(
    context,
    trx,
    sessions.map(({ id, deadline_at, warn_at }) => ({
      subject: `session:${id}` as const,
      type: 'session.warning' as const,
      payload: {
        session_id: id,
        expires_at: deadline_at / 1000,
        remaining_seconds: Math.ceil((deadline_at - warn_at!) / 1000),
      },
      createdAt: warn_at!,
    })),
  );
}
