import type { Transaction } from 'kysely';
import { SessionError } from '../../../protocol/errors.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { Tables } from '../../foundation/database/schema.js';
import { announceDue, helpRequestDueChannel } from '../../foundation/jobs/due-channel.js';
import { holdAccount, openAccount } from '../../foundation/ledger/ledger.js';
import { InvalidRequest } from '../../foundation/invalid-request.js';
import { offeredCategory } from '../helpers/index.js';
import { findApplication, holdTokens, requireCustomer } from '../sessions/index.js';
import { lookForHelpers } from './offer.js';
import { lifeMs, newsMs, orderAuthorization, type PaymentOrder } from './payment/index.js';
import { tellRequest } from './write-request.js';

export interface NewHelpRequest extends PaymentOrder {
  application_id: string;
  user_id: string;
  category_id: string;
  description: string | null;
}

/**
 * Asks for help: the price is set aside in a hold of the request, and all who can help are asked in the same transaction. A price in
 * money is to be held by the customer's bank first: nobody is asked until then.
 * @returns the request's id.
 * @throws {SessionError} `APPLICATION_NOT_FOUND`, `CUSTOMER_NOT_FOUND`, `HELP_CATEGORY_NOT_FOUND`, `HELP_CATEGORY_INACTIVE`,
 * `REQUEST_INVALID`, `INSUFFICIENT_TOKENS` with `topUpUrl`, `PAYMENT_METHOD_REFUSED`, `RETURN_URL_REFUSED`
 */
export async function createHelpRequest(
  context: ServiceContext,
  trx: Transaction<Tables>,
  { application_id, user_id, category_id, description, ...urls }: NewHelpRequest,
): Promise<string> {
  const application = await findApplication(trx, application_id);
  const { provider_id, max_duration_seconds, top_up_url } = application;
  await requireCustomer(trx, user_id);
  const category = await offeredCategory(trx, category_id, provider_id);
  const { amount, currency, capture, duration_seconds, search_seconds } = category;
  const tokens = category.tokens ?? 0;
  const isHeldFirst = amount !== null;
  if (isHeldFirst && !context.takesMoney) throw new SessionError('PAYMENT_METHOD_REFUSED');
  if (duration_seconds > max_duration_seconds) {
    const message = `it takes ${duration_seconds} seconds, and the application sells ${max_duration_seconds} at most`;
    throw new InvalidRequest([{ pointer: '/category_id', message }]);
  }
  const id = crypto.randomUUID();
  const now = context.now();
  const request = await trx
    .insertInto('help_requests')
    .values({
      ...{ id, provider_id, application_id, user_id, category_id, description },
      ...{ tokens, amount, currency, capture, duration_seconds, search_seconds },
      skills: JSON.stringify(category.skills),
      status: isHeldFirst ? 'awaiting_payment' : 'open',
      ...{ round: 1, version: 1 },
      ...{ created_at: now, opened_at: now },
      due_at: now + (isHeldFirst ? lifeMs + newsMs : search_seconds * 1000),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  if (isHeldFirst) {
    await orderAuthorization(trx, request, { application, category, urls });
    await announceDue(trx, request.due_at!, helpRequestDueChannel);
    return id;
  }
  const account = holdAccount(id);
  await openAccount(trx, account, user_id);
  await holdTokens(context, trx, { userId: user_id, account, tokens, topUpUrl: top_up_url, now });
  await tellRequest(context, trx, request, 'help_request.opened', now);
  await lookForHelpers(context, trx, request, now);
  return id;
}
