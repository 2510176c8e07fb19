import type { Transaction } from 'kysely';
import type { ExtendRequest } from '../../../protocol/api.js';
import { parseReturnUrl } from '../../../protocol/return-url.js';
import type { MoneyPrice } from '../../../protocol/session.js';
import { recordChange, type AskedChange } from '../../foundation/audit.js';
import type { ApplicationRow, SessionRow, Tables } from '../../foundation/database/schema.js';
import { InvalidRequest } from '../../foundation/invalid-request.js';
import type { ExtensionResult } from '../sessions/index.js';
import { minLifeMs, lifeMs } from './checkout-life.js';

export interface CheckoutOrder {
  application: ApplicationRow;
  additional_seconds: number;
  price: MoneyPrice;
  request: ExtendRequest;
  asked: AskedChange;
}

/**
 * Writes down that a locked session wants an extension for money; nobody is asked for it yet. While the same is open and
 * can still be paid, it is that one: two tabs, or a click after a reload, pay once.
 * @throws {SessionError} `RETURN_URL_REFUSED`, `REQUEST_INVALID` where there is nowhere to come back to.
 */
export async function orderCheckout(
  trx: Transaction<Tables>,
  session: SessionRow,
  { application, additional_seconds, price, request, asked }: CheckoutOrder,
  now: number,
): Promise<ExtensionResult & { checkout_id: string }> {
  const wanted = {
    session_id: session.id,
    additional_seconds,
    amount: price.amount,
    currency: price.currency,
    ...returnUrls(application, request, session.return_url),
  };
  const open = await trx
    .selectFrom('checkouts')
    .select('id')
    .where('status', '=', 'open')
    .where((eb) => eb.and(wanted))
    .where((eb) =>
      eb.or([
        eb('expires_at', '>', now + minLifeMs),
        eb.and([eb('checkout_url', 'is not', null), eb('expires_at', '>', now)]),
      ]),
    )
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  const id = open?.id ?? crypto.randomUUID();
  if (!open) {
    const minutes = Math.round(additional_seconds / 6) / 10;
    await trx
      .insertInto('checkouts')
      .values({
        ...wanted,
        id,
        status: 'open',
        description: `${application.name}: ${minutes} more ${minutes === 1 ? 'minute' : 'minutes'}`,
        created_at: now,
        expires_at: now + lifeMs,
      })
      .execute();
    await recordChange(trx, asked, now);
  }
  const expiresAt = session.status === 'paused' ? null : session.deadline_at / 1000;
  return { expires_at: expiresAt, additional_seconds: 0, additional_cost: 0, checkout_id: id };
}

/**
 * Where Stripe sends the customer: named by the page and on an origin of the application, or registered with it.
 * @throws {SessionError} `RETURN_URL_REFUSED`, `REQUEST_INVALID` where there is nowhere to come back to.
 */
export function returnUrls(
  application: ApplicationRow,
  request: { success_url?: string | undefined; cancel_url?: string | undefined },
  otherwise: string | null,
): { success_url: string; cancel_url: string } {
  const origins = [...application.allowed_origins, ...application.return_origins];
  for (const url of [request.success_url, request.cancel_url]) if (url) parseReturnUrl(url, origins);
  const success_url = request.success_url ?? application.launch_url ?? otherwise;
  if (!success_url) {
    const message = 'needed, because the application has no launch_url';
    throw new InvalidRequest([{ pointer: '/success_url', message }]);
  }
  return { success_url, cancel_url: request.cancel_url ?? success_url };
}
