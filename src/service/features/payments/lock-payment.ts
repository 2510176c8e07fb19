import { sql, type Transaction } from 'kysely';
import type { Tables } from '../../foundation/database/schema.js';

/**
 * Lets one transaction at a time connect a payment with its disputes: whichever of the two is told first, the other one
 * finds it. Taken after the session and the checkout, where those are locked too.
 */
export async function lockPayment(trx: Transaction<Tables>, paymentIntentId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`payment\n${paymentIntentId}`}, 0))`.execute(trx);
}
