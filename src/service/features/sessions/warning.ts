import { sql, type Transaction } from 'kysely';
import type { ServiceContext } from '../../foundation/context.js';
import type { SessionRow, Tables } from '../../foundation/database/schema.js';
import { appendEvents } from '../../foundation/events/append-events.js';

/** Tells that locked sessions end soon, once for each deadline. */
export async function warnSessions(
  context: ServiceContext,
  trx: Transaction<Tables>,
  sessions: readonly SessionRow[],
): Promise<void> {
  if (sessions.length === 0) return;
  await trx
    .updateTable('sessions')
    .set({ warn_at: null })
    .where(sql<boolean>`id = any(${sessions.map(({ id }) => id)}::text[])`)
    .execute();
  await appendEvents(
    context,
    trx,
    sessions.map(({ id, deadline_at, warn_at }) => ({
      subject: `session:${id}` as const,
      type: 'session.warning' as const,
      payload: {
        session_id: id,
        expires_at: deadline_at / 1000,
        remaining_seconds: Math.ceil((deadline_at - warn_at!) / 1000),
      },
      createdAt: warn_at!,
    })),
  );
}
