import { sql, type Transaction, type Updateable } from 'kysely';
import type { HelpRequestEventType, HelpRequestNews } from '../../../protocol/help-request.js';
import { nextHelpRequestStatus, type HelpRequestAction } from '../../../protocol/help-request-machine.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { HelpRequestRow, HelpRequestsTable, Tables } from '../../foundation/database/schema.js';
import { appendEvents } from '../../foundation/events/append-events.js';
import { announceDue, helpRequestDueChannel } from '../../foundation/jobs/due-channel.js';
import { announceRequest } from '../helpers/index.js';

/** What becomes of a request beside its status. */
export type RequestChanges = Omit<Updateable<HelpRequestsTable>, 'id' | 'status' | 'version' | 'skills'>;

/**
 * Does to a locked request what the table allows, tells of it, and has the desks look.
 * @param tells the event; undefined where nobody but the desks hears of it
 * @throws {SessionError} `REQUEST_CANCELLED`, `REQUEST_EXPIRED`, `REQUEST_TAKEN`, `REQUEST_TRANSITION_REFUSED`
 */
export async function writeRequest(
  context: ServiceContext,
  trx: Transaction<Tables>,
  { id, status }: Pick<HelpRequestRow, 'id' | 'status'>,
  action: HelpRequestAction,
  { changes, tells, now }: { changes: RequestChanges; tells?: HelpRequestEventType; now: number },
): Promise<HelpRequestRow> {
  const written = await trx
    .updateTable('help_requests')
    .set({ ...changes, status: nextHelpRequestStatus(status, action), version: sql`version + 1` })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
  if (tells) await tellRequest(context, trx, written, tells, now);
  else await announceChange(trx, written);
  return written;
}

/** Tells of a request as it was just written. */
export async function tellRequest(
  context: ServiceContext,
  trx: Transaction<Tables>,
  written: HelpRequestRow,
  type: HelpRequestEventType,
  now: number,
): Promise<void> {
  await appendEvents(context, trx, [
    { subject: `request:${written.id}`, type, payload: newsOf(written), createdAt: now },
  ]);
  await announceChange(trx, written);
}

async function announceChange(trx: Transaction<Tables>, { id, due_at }: HelpRequestRow): Promise<void> {
  if (due_at !== null) await announceDue(trx, due_at, helpRequestDueChannel);
  await announceRequest(trx, id);
}

const newsOf = (row: HelpRequestRow): HelpRequestNews => ({
  request_id: row.id,
  category_id: row.category_id,
  version: row.version,
  status: row.status,
  reason: row.reason,
  helper_id: row.helper_id,
  session_id: row.session_id,
  outcome: row.outcome,
});
