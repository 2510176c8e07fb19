import type { Transaction, Updateable } from 'kysely';
import type { ServiceContext } from '../../../foundation/context.js';
import type {
  ApplicationRow,
  HelpCategoryRow,
  HelpRequestRow,
  PaymentAuthorizationRow,
  PaymentAuthorizationsTable,
  Tables,
} from '../../../foundation/database/schema.js';
import { announceDue, paymentDueChannel } from '../../../foundation/jobs/due-channel.js';
import { returnUrls } from '../../payments/index.js';
import { lifeMs, lookAgainMs } from './times.js';

/** Where the customer comes back to from Stripe. */
export interface PaymentOrder {
  success_url?: string | undefined;
  cancel_url?: string | undefined;
}

/**
 * Writes down that the price of a new request is to be held; nobody is asked for it yet.
 * @throws {SessionError} `RETURN_URL_REFUSED`, `REQUEST_INVALID` where there is nowhere to come back to.
 */
export async function orderAuthorization(
  trx: Transaction<Tables>,
  { id, amount, currency, created_at: now }: HelpRequestRow,
  {
    application,
    category,
    urls,
  }: { application: ApplicationRow; category: HelpCategoryRow; urls: PaymentOrder },
): Promise<void> {
  const due_at = now + lookAgainMs;
  await trx
    .insertInto('payment_authorizations')
    .values({
      ...{ id: crypto.randomUUID(), request_id: id, status: 'pending', amount: amount!, currency: currency! },
      description: `${application.name}: ${category.name}`,
      ...returnUrls(application, urls, null),
      ...{ created_at: now, expires_at: now + lifeMs, due_at },
    })
    .execute();
  await announceDue(trx, due_at, paymentDueChannel);
}

/** The authorisation of a request that is locked; undefined where it is paid by tokens. */
export function readAuthorization(
  trx: Transaction<Tables>,
  requestId: string,
): Promise<PaymentAuthorizationRow | undefined> {
  return trx
    .selectFrom('payment_authorizations')
    .selectAll()
    .where('request_id', '=', requestId)
    .forUpdate()
    .executeTakeFirst();
}

/** Changes it under the lock of its request, and says when it is to be looked at. */
export async function writeAuthorization(
  trx: Transaction<Tables>,
  id: string,
  changes: Updateable<PaymentAuthorizationsTable>,
): Promise<PaymentAuthorizationRow> {
  const written = await trx
    .updateTable('payment_authorizations')
    .set(changes)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
  if (written.due_at !== null) await announceDue(trx, written.due_at, paymentDueChannel);
  return written;
}

/** Those whom an event may be about: the one that it names, or whose payment or Checkout it is. */
export async function findAuthorization(
  { kysely }: ServiceContext,
  named: {
    authorizationId: string | undefined;
    paymentIntentId: string | null;
    stripeCheckoutId: string | null;
  },
): Promise<PaymentAuthorizationRow | undefined> {
  const { authorizationId = '', paymentIntentId, stripeCheckoutId } = named;
  return kysely
    .selectFrom('payment_authorizations')
    .selectAll()
    .where(({ or, eb }) =>
      or([
        eb('id', '=', authorizationId),
        eb('payment_intent_id', '=', paymentIntentId ?? ''),
        eb('stripe_checkout_id', '=', stripeCheckoutId ?? ''),
      ]),
    )
    .executeTakeFirst();
}
