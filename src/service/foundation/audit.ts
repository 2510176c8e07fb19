import type { Transaction } from 'kysely';
import type { ServiceContext } from './context.js';
import type { AuditEntryRow, Tables } from './database/schema.js';
import { isBehind, type PageCursor } from './page-cursor.js';

/** A change that somebody asks for: what will be written down of it, once it is made. */
export type AskedChange = Omit<AuditEntryRow, 'id' | 'created_at'>;

/**
 * Writes down who changed what, in the transaction of the change: neither is ever there without the other. Whoever makes
 * a change that was asked for calls this; where nothing was left to change, nothing is written.
 * @param madeId the id of what was newly made
 */
export async function recordChange(
  trx: Transaction<Tables>,
  { fields, subject, ...asked }: AskedChange,
  now: number,
  madeId?: string,
): Promise<void> {
  await trx
    .insertInto('audit_entries')
    .values({
      id: crypto.randomUUID(),
      ...asked,
      subject: madeId === undefined ? subject : `${subject}/${madeId}`,
      fields: JSON.stringify(fields),
      created_at: now,
    })
    .execute();
}

export interface AuditFilter {
  actor?: string | undefined;
  subject?: string | undefined;
  after?: PageCursor | undefined;
  limit: number;
}

/** Newest first. */
export async function listChanges({ kysely }: ServiceContext, filter: AuditFilter): Promise<AuditEntryRow[]> {
  const { actor, subject, after, limit } = filter;
  return kysely
    .selectFrom('audit_entries')
    .selectAll()
    .$if(actor !== undefined, (query) => query.where('actor', '=', actor!))
    .$if(subject !== undefined, (query) => query.where('subject', '=', subject!))
    .$if(after !== undefined, (query) => query.where(isBehind(after!)))
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}
