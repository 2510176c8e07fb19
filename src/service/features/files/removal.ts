import { sql, type Kysely, type RawBuilder, type Transaction } from 'kysely';
import type { ServiceContext } from '../../foundation/context.js';
import { isAway } from '../../foundation/database/failures.js';
import type { Tables } from '../../foundation/database/schema.js';
import { claimOne } from '../../foundation/jobs/claim-one.js';
import { announceDue, fileDueChannel } from '../../foundation/jobs/due-channel.js';
import type { DueWork } from '../../foundation/jobs/due-scheduler.js';
import {
  earliestDue,
  forgetFailures,
  isToBeTried,
  noteFailure,
  type DueRows,
} from '../../foundation/jobs/failed-work.js';
import { longestMs } from './incoming-file.js';
import type { FileStorage } from './storage/file-storage.js';

/** Who claimed one and was not heard of again for this long is taken to have crashed, ms. */
const leaseMs = 60_000;

const rows: DueRows = { work: 'file_removal', table: 'file_objects', id: 'id', dueAt: 'due_at' };

/** What makes an object one that is to be removed now: to be followed by `announceRemoval`. */
export const gone = (now: number): RawBuilder<unknown> =>
  sql`state = 'gone', due_at = ${now}::bigint, upload_key = null`;

export const announceRemoval = (trx: Transaction<Tables>, now: number): Promise<void> =>
  announceDue(trx, now, fileDueChannel);

/** Has a file removed that was not kept; nothing is on its way to the storage any more. */
export async function letGo(context: ServiceContext, id: string): Promise<void> {
  await context.kysely.transaction().execute(async (trx) => {
    const now = context.now();
    await sql`update file_objects set ${gone(now)} where id = ${id} and state <> 'kept'`.execute(trx);
    await announceRemoval(trx, now);
  });
}

/**
 * Removes from the storage what was deleted, what was not kept, and what a crash has left. A row is claimed first, its object
 * removed outside of any transaction, and only then the row: so there is no object without one. Whoever takes a file and was not
 * heard of may only be cut off from the database, and still send to the storage: that row stays until nothing can come any more,
 * and its object is removed once more.
 */
export function fileRemoval(context: ServiceContext, storage: FileStorage): DueWork {
  return {
    name: 'removal of files',
    channel: fileDueChannel,
    workers: 2,

    async doNext() {
      const claimed = await claim(context);
      if (!claimed) return false;
      const { id, mayStillCome } = claimed;
      try {
        await storage.delete(id);
        if (mayStillCome) await forgetFailures(context.kysely, rows.work, [id]);
        else await forget(context.kysely, id);
      } catch (error) {
        if (isAway(error)) throw error;
        await noteFailure(context, rows.work, id, error);
      }
      return true;
    },

    earliest: () => earliestDue(context.kysely, rows),
  };
}

interface Claimed {
  id: string;
  mayStillCome: boolean;
}

const claim = (context: ServiceContext): Promise<Claimed | undefined> =>
  claimOne(context, rows.work, async (trx, onFound) => {
    const now = context.now();
    const due = await trx
      .selectFrom('file_objects')
      .select(['id', 'state'])
      .where('due_at', '<=', now)
      .where(isToBeTried(rows, now))
      .orderBy('due_at')
      .limit(1)
      .forUpdate()
      .skipLocked()
      .executeTakeFirst();
    if (!due) return undefined;
    const { id } = due;
    onFound(id);
    const mayStillCome = due.state === 'uploading';
    const again = now + (mayStillCome ? longestMs : leaseMs);
    await sql`update file_objects set ${gone(again)} where id = ${id}`.execute(trx);
    return { id, mayStillCome };
  });

async function forget(kysely: Kysely<Tables>, id: string): Promise<void> {
  await kysely.transaction().execute(async (trx) => {
    await trx.deleteFrom('file_objects').where('id', '=', id).where('state', '=', 'gone').execute();
    await forgetFailures(trx, rows.work, [id]);
  });
}
