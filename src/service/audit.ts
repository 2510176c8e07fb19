import type { ServiceContext } from './context.js';
import type { AuditEntryRow } from './database/schema.js';
import type { PageCursor } from './page-cursor.js';

/** How long entries are kept, ms: a year, and a month to look back at it. */
const keptForMs = 400 * 86_400_000;

/** Writes down who changed what. */
export async function recordChange(
  { kysely }: ServiceContext,
  { fields, ...entry }: Omit<AuditEntryRow, 'id'>,
): Promise<void> {
  await kysely
    .insertInto('audit_entries')
    .values({ id: crypto.randomUUID(), ...entry, fields: JSON.stringify(fields) })
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
    .$if(after !== undefined, (query) =>
      query.where(({ eb, refTuple, tuple }) =>
        eb(refTuple('created_at', 'id'), '<', tuple(after!.createdAt, after!.id)),
      ),
    )
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

/** Forgets what is too old to be kept. */
export async function forgetOldChanges({ kysely }: ServiceContext, now: number): Promise<void> {
  await kysely
    .deleteFrom('audit_entries')
    .where('created_at', '<', now - keptForMs)
    .execute();
}
