import { sql } from 'kysely';
import type { ServiceContext } from '../../foundation/context.js';
import { doBatch } from '../../foundation/jobs/due-batch.js';
import { erasureDueChannel } from '../../foundation/jobs/due-channel.js';
import type { DueWork } from '../../foundation/jobs/due-scheduler.js';
import { earliestDue, isToBeTried, type DueRows } from '../../foundation/jobs/failed-work.js';
import { erasureWork, eraseSlice } from './erasure-slice.js';

const rows: DueRows = { work: erasureWork, table: 'erasures', id: 'id', dueAt: 'due_at' };

/** Goes on with erasures that were not done at once, a slice in each transaction. */
export const erasures = (context: ServiceContext): DueWork => ({
  name: 'erasure of customers',
  channel: erasureDueChannel,
  workers: 1,

  async doNext() {
    const { wasAny } = await doBatch(context, {
      rows,
      claim: (trx, now, among) =>
        trx
          .selectFrom('erasures')
          .selectAll()
          .where('due_at', '<=', now)
          .where(isToBeTried(rows, now))
          .$if(among !== undefined, (query) => query.where(sql<boolean>`id = any(${among}::text[])`))
          .orderBy('due_at')
          .limit(1)
          .forUpdate()
          .skipLocked()
          .execute(),
      idOf: ({ id }) => id,
      work: async (trx, [erasure], now) => void (await eraseSlice(trx, erasure!, now)),
    });
    return wasAny;
  },

  earliest: () => earliestDue(context.kysely, rows),
});
