import { sql, type Transaction } from 'kysely';
import type { Tables } from '../database/schema.js';

/** Channels on which a new due time is announced, ms since the epoch as payload, once it is committed. */
export const sessionDueChannel = 'session_due';
export const refundDueChannel = 'refund_due';
export const subscriptionDueChannel = 'subscription_due';
export const helpRequestDueChannel = 'help_request_due';
export const paymentDueChannel = 'payment_due';
export const webhookDueChannel = 'webhook_due';
export const roomDueChannel = 'room_due';
export const fileDueChannel = 'file_due';
export const erasureDueChannel = 'erasure_due';

/** Wakes every instance whose next look would come too late. */
export async function announceDue(
  trx: Transaction<Tables>,
  dueAt: number,
  channel = sessionDueChannel,
): Promise<void> {
  await sql`select pg_notify(${channel}, ${String(dueAt)})`.execute(trx);
}
