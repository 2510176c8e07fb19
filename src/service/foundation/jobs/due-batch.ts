import type { Transaction } from 'kysely';
import type { ServiceContext } from '../context.js';
import { isAway } from '../database/failures.js';
import type { Tables } from '../database/schema.js';
import { forgetFailures, noteFailure, type DueRows } from './failed-work.js';
import { inHalves } from './in-halves.js';

/** Due rows that are done many in one transaction. */
export interface DueBatch<Row> {
  rows: DueRows;
  /** Locks what is due, as far as nobody else has it. @param among only of these, where they are named. */
  claim(trx: Transaction<Tables>, now: number, among?: readonly string[]): Promise<Row[]>;
  idOf(row: Row): string;
  work(trx: Transaction<Tables>, rows: readonly Row[], now: number): Promise<void>;
}

/**
 * Claims a batch and does it. Where it fails its rows are done by halves, and one that fails alone is put aside: the others
 * do not wait for it.
 * @returns what was done, and whether there was anything to do.
 */
export async function doBatch<Row>(
  context: ServiceContext,
  { rows: { work }, claim, idOf, ...batch }: DueBatch<Row>,
): Promise<{ done: Row[]; wasAny: boolean }> {
  const done: Row[] = [];
  let claimed: Row[] = [];
  const attempt = async (among?: readonly string[]) => {
    claimed = [];
    await context.kysely.transaction().execute(async (trx) => {
      const now = context.now();
      claimed = await claim(trx, now, among);
      if (claimed.length === 0) return;
      await batch.work(trx, claimed, now);
      await forgetFailures(trx, work, claimed.map(idOf));
    });
    done.push(...claimed);
  };
  try {
    await attempt();
  } catch (error) {
    if (claimed.length === 0 || isAway(error)) throw error;
    const ids = [...new Set(claimed.map(idOf))];
    await inHalves(ids, attempt, (id, alone) => noteFailure(context, work, id, alone));
    return { done, wasAny: true };
  }
  return { done, wasAny: done.length > 0 };
}
