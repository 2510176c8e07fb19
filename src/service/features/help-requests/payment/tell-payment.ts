import { sql, type Transaction } from 'kysely';
import type { PaymentEventType } from '../../../../protocol/help-request.js';
import type { ServiceContext } from '../../../foundation/context.js';
import type { PaymentAuthorizationRow, Tables } from '../../../foundation/database/schema.js';
import { appendEvents } from '../../../foundation/events/append-events.js';

/** Tells what has become of the payment of a locked request, as a change of the request. */
export async function tellPayment(
  context: ServiceContext,
  trx: Transaction<Tables>,
  { request_id, status, amount, currency, captured_amount }: PaymentAuthorizationRow,
  type: PaymentEventType,
  now: number,
): Promise<void> {
  const { version } = await trx
    .updateTable('help_requests')
    .set({ version: sql`version + 1` })
    .where('id', '=', request_id)
    .returning('version')
    .executeTakeFirstOrThrow();
  const payload = { request_id, version, payment_status: status, amount, currency, captured_amount };
  await appendEvents(context, trx, [{ subject: `request:${request_id}`, type, payload, createdAt: now }]);
}
