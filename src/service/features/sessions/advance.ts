import { sql, type Transaction } from 'kysely';
import { SessionError } from '../../../protocol/errors.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { SessionRow, Tables } from '../../foundation/database/schema.js';
import { settleSessions } from './settlement.js';
import { resumeSession } from './resume.js';
import { warnSessions } from './warning.js';

/** The session's row, locked until the transaction ends. */
export async function lockSession(trx: Transaction<Tables>, id: string): Promise<SessionRow> {
  const row = await trx
    .selectFrom('sessions')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw new SessionError('SESSION_NOT_FOUND');
  return row;
}

/** When the service must act on a session next, ms since the epoch; null once it is over. */
export const actsAt = ({
  waiting_until,
  act_at,
}: Pick<SessionRow, 'waiting_until' | 'act_at'>): number | null => waiting_until ?? act_at;

/**
 * Does what has come due to locked sessions, as of the moment it was due: the end of their waiting cancels them, the end
 * of a pause resumes them, their warning is told, the deadline ends them. All of that may have passed while nobody looked;
 * a warning after the end is left out.
 * @returns whether anything was done.
 */
export async function advance(
  context: ServiceContext,
  trx: Transaction<Tables>,
  sessions: readonly SessionRow[],
  now: number,
): Promise<boolean> {
  const isDue = (session: SessionRow) => (actsAt(session) ?? Infinity) <= now;
  let due = sessions.filter(isDue);
  const isAnyDue = due.length > 0;
  while (due.length > 0) {
    const waiting = due.filter(({ status }) => status === 'waiting');
    const paused = due.filter(({ status }) => status === 'paused');
    const running = due.filter(({ status }) => status === 'active');
    const warned = running.filter(({ due_at }) => due_at! > now);
    const ended = running.filter(({ due_at }) => due_at! <= now);
    await settleSessions(
      context,
      trx,
      waiting.map((session) => ({ session, at: session.waiting_until! })),
      'cancel',
    );
    for (const session of paused) await resumeSession(context, trx, session, session.due_at!);
    await warnSessions(context, trx, warned);
    await settleSessions(
      context,
      trx,
      ended.map((session) => ({ session, at: session.due_at! })),
      'expire',
    );
    // Where a pause was over, the warning or the end may be due as well.
    due = paused.length > 0 ? (await readAgain(trx, paused)).filter(isDue) : [];
  }
  return isAnyDue;
}

function readAgain(trx: Transaction<Tables>, sessions: readonly SessionRow[]): Promise<SessionRow[]> {
  const ids = sessions.map(({ id }) => id);
  return trx
    .selectFrom('sessions')
    .selectAll()
    .where(sql<boolean>`id = any(${ids}::text[])`)
    .execute();
}

/** Does what has come due to one session, in a transaction of its own. */
export async function advanceSession(context: ServiceContext, id: string): Promise<void> {
  await context.kysely
    .transaction()
    .execute(async (trx) => advance(context, trx, [await lockSession(trx, id)], context.now()));
}
