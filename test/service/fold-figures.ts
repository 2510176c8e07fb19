import type { Kysely } from 'kysely';
import { allChanges } from '../../src/service/features/figures/fold.js';
import type { Tables } from '../../src/service/foundation/database/schema.js';

/** Folds now what stands by itself, without waiting for the service's own turn. */
export async function foldFigures(kysely: Kysely<Tables>): Promise<void> {
  for (const { claim, work } of allChanges) {
    let count = 1;
    while (count > 0)
      count = await kysely.transaction().execute(async (trx) => {
        const claimed = await claim(trx, Date.now());
        if (claimed.length) await work(trx, claimed, Date.now());
        return claimed.length;
      });
  }
}
