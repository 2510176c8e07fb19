import { SessionError } from '../../../protocol/errors.js';
import type { ExceptionKind } from '../../../protocol/exceptions.js';
import { recordChange, type AskedChange } from '../../foundation/audit.js';
import { exceptionKinds } from '../../../protocol/exceptions.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { ExceptionRow } from '../../foundation/database/schema.js';
import { announceSubject } from '../../foundation/events/announcements.js';
import { subjectOfOwner } from '../../foundation/events/subject.js';
import { isBehind, type PageCursor } from '../../foundation/page-cursor.js';
import { lockMoneyOf } from '../payments/index.js';

export interface ExceptionFilter {
  status?: 'open' | 'resolved' | undefined;
  kind?: ExceptionKind | undefined;
  /** Undefined: whosever they are. */
  providerId?: string | undefined;
  after?: PageCursor | undefined;
  limit: number;
}

/** Newest first. */
export async function listExceptions(
  { kysely }: ServiceContext,
  { status, kind, providerId, after, limit }: ExceptionFilter,
): Promise<ExceptionRow[]> {
  let query = kysely
    .selectFrom('exceptions')
    .selectAll()
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit);
  if (status) query = query.where('resolved_at', status === 'open' ? 'is' : 'is not', null);
  if (kind) query = query.where('kind', '=', kind);
  if (providerId !== undefined) query = query.where('provider_id', '=', providerId);
  if (after) query = query.where(isBehind(after));
  return query.execute();
}

/**
 * An exception, where it is about that provider.
 * @param providerId undefined: whosever it is
 * @throws {SessionError} `EXCEPTION_NOT_FOUND`
 */
export async function findException(
  { kysely }: ServiceContext,
  id: string,
  providerId: string | undefined,
): Promise<ExceptionRow> {
  const row = await kysely.selectFrom('exceptions').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row || (providerId !== undefined && row.provider_id !== providerId))
    throw new SessionError('EXCEPTION_NOT_FOUND');
  return row;
}

/** Closes an exception that somebody has looked at; one that is closed already stays as it is. */
export async function resolveException(
  context: ServiceContext,
  exception: ExceptionRow,
  note: string,
  asked: AskedChange,
): Promise<void> {
  await context.kysely.transaction().execute(async (trx) => {
    const settle = await lockMoneyOf(context, trx, exception);
    const now = context.now();
    const resolved = await trx
      .updateTable('exceptions')
      .set({ resolved_at: now, resolved_by: asked.actor, note })
      .where('id', '=', exception.id)
      .where('resolved_at', 'is', null)
      .returning('id')
      .executeTakeFirst();
    if (!resolved) return;
    await settle(now);
    await announceSubject(trx, subjectOfOwner(exception.provider_id));
    await recordChange(trx, asked, now);
  });
}

/** How many of each kind are open; 0 where none is. */
export async function countOpenExceptions({ kysely }: ServiceContext): Promise<Map<string, number>> {
  const rows = await kysely
    .selectFrom('exceptions')
    .select(({ fn }) => ['kind', fn.countAll<number>().as('count')])
    .where('resolved_at', 'is', null)
    .groupBy('kind')
    .execute();
  const counts = new Map<string, number>(rows.map(({ kind, count }) => [kind, count]));
  return new Map(exceptionKinds.map((kind) => [kind, counts.get(kind) ?? 0]));
}
