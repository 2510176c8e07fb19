import { sql, type Transaction } from 'kysely';
import { SessionError } from '../../../protocol/errors.js';
import { recordChange, type AskedChange } from '../../foundation/audit.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { FileRow, SessionRow, Tables } from '../../foundation/database/schema.js';
import { appendEvents } from '../../foundation/events/append-events.js';
import { isBehind, type PageCursor } from '../../foundation/page-cursor.js';
import type { Purge } from '../../foundation/housekeeping/purge.js';
import { changeSome } from '../../foundation/housekeeping/some-rows.js';
import type { Sender } from '../presence/index.js';
import { announceRemoval, gone, goneOrLost } from './removal.js';

/** Newest first. */
export function listFiles(
  { kysely }: ServiceContext,
  sessionId: string,
  { after, limit }: { after: PageCursor | undefined; limit: number },
): Promise<FileRow[]> {
  return kysely
    .selectFrom('files')
    .selectAll()
    .where('session_id', '=', sessionId)
    .$if(after !== undefined, (query) => query.where(isBehind(after!)))
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

export const findFile = ({ kysely }: ServiceContext, id: string): Promise<FileRow | undefined> =>
  kysely.selectFrom('files').selectAll().where('id', '=', id).executeTakeFirst();

/**
 * Deletes a file of a locked session: nobody finds it any more, and its content is removed soon after.
 * @throws {SessionError} `FILE_NOT_FOUND`; also for a customer, where somebody else has sent it.
 */
export async function deleteFile(
  context: ServiceContext,
  trx: Transaction<Tables>,
  session: SessionRow,
  { id, sender, asked }: { id: string; sender: Sender; asked: AskedChange },
  now: number,
): Promise<{ id: string }> {
  const deleted = await trx
    .deleteFrom('files')
    .where('id', '=', id)
    .where('session_id', '=', session.id)
    .$if(sender.role === 'customer', (query) => query.where('sender', '=', sender.sender))
    .returning('id')
    .executeTakeFirst();
  if (!deleted) throw new SessionError('FILE_NOT_FOUND');
  await sql`update file_objects set ${gone(now)} where id = ${id}`.execute(trx);
  await announceRemoval(trx, now);
  await recordChange(trx, asked, now);
  const payload = { session_id: session.id, file_id: id };
  await appendEvents(context, trx, [
    { subject: `session:${session.id}`, type: 'file.deleted', payload, createdAt: now },
  ]);
  return deleted;
}

/** Takes away files of sessions of a customer who is being erased, by whomever they were sent, so many at most. @returns how many. */
export async function eraseFiles(
  trx: Transaction<Tables>,
  sessionIds: readonly string[],
  limit: number,
  now: number,
): Promise<number> {
  const ofSessions = sql`session_id = any(${sessionIds}::text[])`;
  const deleted = await changeSome(trx, { table: 'files', which: ofSessions }, limit);
  if (deleted >= limit) return deleted;
  const change = goneOrLost(now);
  const which = sql`${ofSessions} and (state = 'kept' or state = 'uploading' and due_at > ${now}::bigint)`;
  const removed = await changeSome(trx, { table: 'file_objects', which, change }, limit - deleted);
  if (removed > 0) await announceRemoval(trx, now);
  return deleted + removed;
}

/** Files of sessions that are over, by when they were sent. */
export function filePurge(keptForMs: number): Purge {
  const old = ({ now }: ServiceContext) => sql`
    from files join sessions on sessions.id = files.session_id
    where files.created_at <= ${now() - keptForMs}::bigint and sessions.ended_at is not null
    order by files.created_at`;
  return {
    kind: 'files',
    everyMs: 3_600_000,
    async putAway(context, limit) {
      if (keptForMs === Infinity) return 0;
      return context.kysely.transaction().execute(async (trx) => {
        const now = context.now();
        const { numAffectedRows } = await sql`
          with old as (select files.id ${old(context)} limit ${limit} for update of files skip locked),
            deleted as (delete from files using old where files.id = old.id returning files.id)
          update file_objects set ${gone(now)} from deleted where file_objects.id = deleted.id`.execute(trx);
        await announceRemoval(trx, now);
        return Number(numAffectedRows);
      });
    },
    async overdueSince(context) {
      if (keptForMs === Infinity) return null;
      const { rows } = await sql<{ since: number }>`
        select files.created_at as since ${old(context)} limit 1`.execute(context.kysely);
      return rows[0] === undefined ? null : rows[0].since + keptForMs;
    },
  };
}
