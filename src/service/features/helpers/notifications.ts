import { sql, type RawBuilder, type Transaction } from 'kysely';
import type { NotificationType } from '../../../protocol/help-request.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { NotificationRow, Tables } from '../../foundation/database/schema.js';
import { announceDesk } from './desk-channel.js';

/** Tells helpers of something, for the list that they read later: ids and a kind, and no word that anybody wrote. */
export async function notify(
  trx: Transaction<Tables>,
  helperIds: readonly string[],
  type: NotificationType,
  requestId: string,
  now: number,
): Promise<void> {
  await sql`
    insert into notifications (helper_id, type, request_id, created_at)
    select helper_id, ${type}, ${requestId}, ${now}::bigint from unnest(${helperIds}::text[]) as helper_id`.execute(
    trx,
  );
}

export interface NotificationFilter {
  isUnread: boolean;
  /** Those before this one. */
  before: number | undefined;
  limit: number;
}

/** Newest first. */
export function listNotifications(
  { kysely }: ServiceContext,
  helperId: string,
  { isUnread, before, limit }: NotificationFilter,
): Promise<NotificationRow[]> {
  return kysely
    .selectFrom('notifications')
    .selectAll()
    .where('helper_id', '=', helperId)
    .$if(isUnread, (query) => query.where('read_at', 'is', null))
    .$if(before !== undefined, (query) => query.where('id', '<', before!))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

/** More are not counted. */
const mostCounted = 1_000;

/** How many a helper has not read, by the column that has his id. */
export const unreadCount = (helperId: RawBuilder<unknown>): RawBuilder<number> => sql<number>`(
  select count(*)::int from (select from notifications
    where notifications.helper_id = ${helperId} and read_at is null limit ${mostCounted}) as unread)`;

export async function countUnread({ kysely }: ServiceContext, helperId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`select ${unreadCount(sql`${helperId}`)} as count`.execute(
    kysely,
  );
  return rows[0]!.count;
}

/** Marks notifications of a helper as read: all up to one, and those that are named. */
export async function markRead(
  context: ServiceContext,
  helperId: string,
  { up_to = -1, ids }: { up_to?: number | undefined; ids: readonly number[] },
): Promise<void> {
  await context.kysely.transaction().execute(async (trx) => {
    const { numUpdatedRows } = await trx
      .updateTable('notifications')
      .set({ read_at: context.now() })
      .where('helper_id', '=', helperId)
      .where(sql<boolean>`(id <= ${up_to}::bigint or id = any(${ids}::bigint[]))`)
      .where('read_at', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows > 0n) await announceDesk(trx, helperId);
  });
}
