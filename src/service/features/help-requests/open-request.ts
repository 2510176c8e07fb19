import type { Transaction } from 'kysely';
import type { ServiceContext } from '../../foundation/context.js';
import type { HelpRequestRow, Tables } from '../../foundation/database/schema.js';
import { lookForHelpers } from './offer.js';
import { writeRequest } from './write-request.js';

/** Opens a locked request whose price is held: all who can help are asked from now on. */
export async function openPaidRequest(
  context: ServiceContext,
  trx: Transaction<Tables>,
  request: HelpRequestRow,
  now: number,
): Promise<void> {
  const dueAt = now + request.search_seconds * 1000;
  const opened = await writeRequest(context, trx, request, 'authorize', {
    changes: { authorized_at: now, opened_at: now, due_at: dueAt },
    tells: 'help_request.opened',
    now,
  });
  await lookForHelpers(context, trx, opened, now);
}
