import { isAway } from '../database/failures.js';

/**
 * Does work on many at once, and where that fails on each half by itself, down to what fails alone: one that can never be
 * done holds up none of the others.
 * @param onFailure what becomes of one that fails alone.
 * @throws where the database is away: then none of them is to blame.
 */
export async function inHalves<T>(
  items: readonly T[],
  work: (items: readonly T[]) => Promise<void>,
  onFailure: (item: T, error: unknown) => Promise<void> | void,
): Promise<void> {
  if (items.length === 0) return;
  try {
    await work(items);
  } catch (error) {
    if (isAway(error)) throw error;
    if (items.length === 1) return onFailure(items[0]!, error);
    const middle = Math.ceil(items.length / 2);
    await inHalves(items.slice(0, middle), work, onFailure);
    await inHalves(items.slice(middle), work, onFailure);
  }
}
