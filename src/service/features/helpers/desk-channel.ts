import { sql, type Transaction } from 'kysely';
import type { Tables } from '../../foundation/database/schema.js';

/** Channel on which it is announced that desks have news, once that is committed: one announcement, however many desks. */
export const deskChannel = 'help_desk';

/** A helper's own desk has news, and he may be free for what waits. */
export async function announceDesk(trx: Transaction<Tables>, helperId: string): Promise<void> {
  await sql`select pg_notify(${deskChannel}, ${`helper ${helperId}`})`.execute(trx);
}

/** The desks of all to whom a request is or was offered have news. */
export async function announceRequest(trx: Transaction<Tables>, requestId: string): Promise<void> {
  await sql`select pg_notify(${deskChannel}, ${`request ${requestId}`})`.execute(trx);
}

/** Whose desk, or which request, an announcement names; undefined where some may have been lost. */
export function readAnnouncement(
  payload: string | null,
): { kind: 'helper' | 'request'; id: string } | undefined {
  const [, kind, id] = /^(helper|request) (.+)$/.exec(payload ?? '') ?? [];
  return id === undefined ? undefined : { kind: kind as 'helper' | 'request', id };
}
