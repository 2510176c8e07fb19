import { sql, type Transaction } from 'kysely';
import type { Tables } from './database/schema.js';

/** Channel on which each new due time is announced, ms since the epoch as payload, once it is committed. */
export const dueChannel = 'session_due';

/** Wakes every instance whose next look would come too late. */
export async function announceDue(trx: Transaction<Tables>, dueAt: number): Promise<void> {
  await sql`select pg_notify(${dueChannel}, ${String(dueAt)})`.execute(trx);
}
