import type { Transaction } from 'kysely';
import type { EventRow, Tables } from '../database/schema.js';

/**
 * What a feature does with events, in the transaction of the change that they tell: all of one change at once, in the
 * order of their ids. What it throws undoes the change.
 */
export type EventConsumer = (trx: Transaction<Tables>, events: readonly EventRow[]) => Promise<void>;
