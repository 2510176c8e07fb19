import type { Transaction } from 'kysely';
import type { ServiceContext } from '../../foundation/context.js';
import type { Tables } from '../../foundation/database/schema.js';
import { holdAccount, openAccount } from '../../foundation/ledger/ledger.js';
import { InvalidRequest } from '../../foundation/invalid-request.js';
import { offeredCategory } from '../helpers/index.js';
import { findApplication, holdTokens, requireCustomer } from '../sessions/index.js';
import { lookForHelpers } from './offer.js';
import { tellRequest } from './write-request.js';

export interface NewHelpRequest {
  application_id: string;
  user_id: string;
  category_id: string;
  description: string | null;
}

/**
 * Asks for help: the price is set aside in a hold of the request, and all who can help are asked in the same transaction.
 * @returns the request's id.
 * @throws {SessionError} `APPLICATION_NOT_FOUND`, `CUSTOMER_NOT_FOUND`, `HELP_CATEGORY_NOT_FOUND`, `HELP_CATEGORY_INACTIVE`,
 * `REQUEST_INVALID`, `INSUFFICIENT_TOKENS` with `topUpUrl`
 */
export async function createHelpRequest(
  context: ServiceContext,
  trx: Transaction<Tables>,
  { application_id, user_id, category_id, description }: NewHelpRequest,
): Promise<string> {
  const { provider_id, max_duration_seconds, top_up_url } = await findApplication(trx, application_id);
  await requireCustomer(trx, user_id);
  const category = await offeredCategory(trx, category_id, provider_id);
  const { tokens, duration_seconds, search_seconds } = category;
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
      ...{ tokens, duration_seconds, search_seconds },
      skills: JSON.stringify(category.skills),
      status: 'open',
      ...{ round: 1, version: 1 },
      ...{ created_at: now, opened_at: now, due_at: now + search_seconds * 1000 },
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  const account = holdAccount(id);
  await openAccount(trx, account, user_id);
  await holdTokens(context, trx, { userId: user_id, account, tokens, topUpUrl: top_up_url, now });
  await tellRequest(context, trx, request, 'help_request.opened', now);
  await lookForHelpers(context, trx, request, now);
  return id;
}
