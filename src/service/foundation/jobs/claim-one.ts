import type { Transaction } from 'kysely';
import type { ServiceContext } from '../context.js';
import { isAway } from '../database/failures.js';
import type { Tables } from '../database/schema.js';
import { noteFailure } from './failed-work.js';

/**
 * Claims a row that is due in a transaction of its own. One that cannot be claimed is put aside, and the next one taken.
 * @param claim calls `onFound` with the row's id as soon as it has it.
 */
export async function claimOne<Job>(
  context: ServiceContext,
  work: string,
  claim: (trx: Transaction<Tables>, onFound: (id: string) => void) => Promise<Job | undefined>,
): Promise<Job | undefined> {
  for (;;) {
    const found: { id?: string } = {};
    try {
      return await context.kysely.transaction().execute((trx) => claim(trx, (id) => (found.id = id)));
    } catch (error) {
      if (found.id === undefined || isAway(error)) throw error;
      await noteFailure(context, work, found.id, error);
    }
  }
}
