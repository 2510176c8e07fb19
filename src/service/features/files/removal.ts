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
import { within } from '../../foundation/within.js';
import { longestMs } from './incoming-file.js';
import type { FileStorage } from './storage/file-storage.js';

/** Who claimed one and was not heard of again for this long is taken to have crashed, ms. */
const leaseMs = 60_000;

const rows: DueRows = { work: 'file_removal', table: 'file_objects', id: 'id', dueAt: 'due_at' };

/** What makes an object one that is to be removed now: to be followed by `announceRemoval`. */
export const gone = (now: number): RawBuilder<unknown> =>
  sql`state = 'gone', due_at = ${now}::bigint, upload_key = null`;

/** The same of one that may still be on its way to the storage: whoever sends it hears of it, and it is removed twice. */
export const goneOrLost = (now: number): RawBuilder<unknown> =>
  sql`state = case state when 'uploading' then 'uploading' else 'gone' end, due_at = ${now}::bigint, upload_key = null`;

export const announceRemoval = (trx: Transaction<Tables>, now: number): Promise<void> =>
  announceDue(trx, now, fileDueChannel);

/** Has a file removed that was not kept. @param object what has become of it in the storage. */
export async function letGo(
  context: ServiceContext,
  id: string,
  { mayStillCome }: { mayStillCome: boolean },
): Promise<void> {
  await context.kysely.transaction().execute(async (trx) => {
    const now = context.now();
    const lost = sql`update file_objects set ${goneOrLost(now)} where id = ${id} and state = 'uploading'`;
    const failed = sql`update file_objects set ${gone(now)} where id = ${id} and state <> 'kept'`;
    await (mayStillCome ? lost : failed).execute(trx);
    await announceRemoval(trx, now);
  });
}

/**
 * Removes from the storage what was deleted, what was not kept, and what a crash has left. A row is claimed first, its object
 * removed outside of any transaction, and only then the row: so there is no object without one. What was not said to be kept, nor to
 * have failed, may still come to the storage, as from an instance that is only cut off from the database: that row stays until nothing
 * can come any more, and its object is removed once more.
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
        await within(leaseMs, storage.delete(id));
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
