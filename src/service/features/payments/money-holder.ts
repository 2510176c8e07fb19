import type { Transaction } from 'kysely';
import type { ServiceContext } from '../../foundation/context.js';
import type { CheckoutRow, RefundRow, SessionRow, Tables } from '../../foundation/database/schema.js';
import { giveBackTime, takeBackTime } from '../sessions/index.js';
import { refundsDueAccount, resolvedAccount, salesAccount } from '../../foundation/ledger/money-ledger.js';

/** Who holds the money of a paid checkout. */
export interface MoneyHolder {
  account: string;
  providerId: string;
  /** Where it is to go back: how far that has come. */
  refund: RefundRow | undefined;
}

export async function holderOf(
  trx: Transaction<Tables>,
  session: SessionRow,
  checkoutId: string,
): Promise<MoneyHolder> {
  const { provider_id: providerId } = await trx
    .selectFrom('applications')
    .select('provider_id')
    .where('id', '=', session.application_id)
    .executeTakeFirstOrThrow();
  const refund = await trx
    .selectFrom('refunds')
    .selectAll()
    .where('checkout_id', '=', checkoutId)
    .executeTakeFirst();
  if (!refund) return { account: salesAccount(providerId), providerId, refund };
  return { account: refund.resolved_at === null ? refundsDueAccount : resolvedAccount, providerId, refund };
}

/** What an exception about a locked checkout says it is about. */
export async function aboutCheckout(
  trx: Transaction<Tables>,
  { session, checkout }: { session: SessionRow; checkout: CheckoutRow },
): Promise<{ providerId: string; sessionId: string; checkoutId: string }> {
  const { providerId } = await holderOf(trx, session, checkout.id);
  return { providerId, sessionId: session.id, checkoutId: checkout.id };
}

type Gone = Pick<CheckoutRow, 'refunded_amount' | 'disputed_amount'>;

/** Time follows its money: it is taken back when all of the money is gone, and given back when some of it is there again. */
export async function followMoney(
  context: ServiceContext,
  trx: Transaction<Tables>,
  session: SessionRow,
  checkout: CheckoutRow,
  after: Gone,
  now: number,
): Promise<void> {
  const isAllGone = ({ refunded_amount, disputed_amount }: Gone) =>
    refunded_amount + disputed_amount >= checkout.amount;
  if (isAllGone(checkout) === isAllGone(after)) return;
  await (isAllGone(after) ? takeBackTime : giveBackTime)(context, trx, session, checkout.id, now);
}
