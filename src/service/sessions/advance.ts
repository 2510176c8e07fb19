import type { Transaction } from 'kysely';
import { SessionError } from '../../protocol/errors.js';
import type { ServiceContext } from '../context.js';
import type { SessionRow, Tables } from '../database/schema.js';
import { finishSession } from './finish.js';
import { resumeSession } from './resume.js';
import { warnSession } from './warning.js';

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

/**
 * Does what has come due to a locked session, as of the moment it was due: the end of a pause resumes it, its warning is
 * told, the deadline ends it. All of that may have passed while nobody looked; a warning after the end is left out.
 * @returns whether anything was done.
 */
export async function advance(trx: Transaction<Tables>, session: SessionRow, now: number): Promise<boolean> {
  let row = session;
  while (row.act_at !== null && row.act_at <= now) {
    if (row.status === 'paused') await resumeSession(trx, row, row.due_at!);
    else if (row.due_at! > now) await warnSession(trx, row);
    else await finishSession(trx, row, 'expire', row.due_at!);
    row = await lockSession(trx, session.id);
  }
  return row !== session;
}

/** Does what has come due to one session, in a transaction of its own. */
export async function advanceSession(context: ServiceContext, id: string): Promise<void> {
  await context.kysely
    .transaction()
    .execute(async (trx) => advance(trx, await lockSession(trx, id), context.now()));
}
