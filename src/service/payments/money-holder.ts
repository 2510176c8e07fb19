import type { Transaction } from 'kysely';
import type { CheckoutRow, SessionRow, Tables } from '../database/schema.js';
import { giveBackTime } from '../sessions/give-back-time.js';
import { takeBackTime } from '../sessions/take-back-time.js';
import { refundsDueAccount, salesAccount } from './money-ledger.js';

/** The account that a paid checkout's money went to, and whether it came too late and is to go back. */
export async function holderOf(
  trx: Transaction<Tables>,
  session: SessionRow,
  checkoutId: string,
): Promise<{ account: string; isLate: boolean }> {
  const { provider_id, refund } = await trx
    .selectFrom('applications')
    .leftJoin('refunds', (join) => join.on('refunds.checkout_id', '=', checkoutId))
    .select(['applications.provider_id', 'refunds.checkout_id as refund'])
    .where('applications.id', '=', session.application_id)
    .executeTakeFirstOrThrow();
  const isLate = refund !== null;
  return { account: isLate ? refundsDueAccount : salesAccount(provider_id), isLate };
}

type Gone = Pick<CheckoutRow, 'refunded_amount' | 'disputed_amount'>;

/** Time follows its money: it is taken back when all of the money is gone, and given back when some of it is there again. */
export async function followMoney(
  trx: Transaction<Tables>,
  session: SessionRow,
  checkout: CheckoutRow,
  after: Gone,
  now: number,
): Promise<void> {
  const isAllGone = ({ refunded_amount, disputed_amount }: Gone) =>
    refunded_amount + disputed_amount >= checkout.amount;
  if (isAllGone(checkout) === isAllGone(after)) return;
  await (isAllGone(after) ? takeBackTime : giveBackTime)(trx, session, checkout.id, now);
}
