import type { Transaction } from 'kysely';
import type { ServiceContext } from '../../foundation/context.js';
import type { Tables } from '../../foundation/database/schema.js';
import { followDisputes } from './follow-disputes.js';
import { followRefunds } from './follow-refunds.js';
import { lockCheckout } from './lock-checkout.js';

/** Brings a paid checkout in line with its refunds and disputes, which may be told before its payment. */
export async function followGone(
  context: ServiceContext,
  trx: Transaction<Tables>,
  sessionId: string,
  checkoutId: string,
  now: number,
): Promise<void> {
  const lockAgain = () => lockCheckout(context, trx, sessionId, checkoutId, () => now);
  await followRefunds(context, trx, await lockAgain());
  await followDisputes(context, trx, await lockAgain());
}
