import type { Transaction } from 'kysely';
import type { ExtendRequest } from '../../../protocol/api.js';
import { SessionError } from '../../../protocol/errors.js';
import { chooseOption, hasRoom, tokensFor } from '../../../protocol/rules/extension-prices.js';
import { nextStatus } from '../../../protocol/state-machine.js';
import { recordChange, type AskedChange } from '../../foundation/audit.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { SessionRow, Tables } from '../../foundation/database/schema.js';
import { holdAccount } from '../../foundation/ledger/ledger.js';
import { orderCheckout } from '../payments/index.js';
import { addTime, countExtensions, type ExtensionResult, holdTokens } from '../sessions/index.js';

/**
 * Sells a locked session one of its application's extensions: by tokens at once, by money as a checkout that is still to
 * be opened and paid.
 * @throws {SessionError} `SESSION_ENDED`, `TRANSITION_REFUSED`, `EXTENSION_REFUSED`, `EXTENSION_PRICE_CHANGED`,
 * `PAYMENT_METHOD_REFUSED`, `EXTENSION_LIMIT_REACHED`, `INSUFFICIENT_TOKENS`, `REQUEST_INVALID`, `RETURN_URL_REFUSED`
 */
export async function extendSession(
  context: ServiceContext,
  trx: Transaction<Tables>,
  session: SessionRow,
  { request, asked }: { request: ExtendRequest; asked: AskedChange },
  now: number,
): Promise<ExtensionResult & { checkout_id?: string }> {
  nextStatus(session.status, 'extend');
  const application = await trx
    .selectFrom('applications')
    .selectAll()
    .where('id', '=', session.application_id)
    .executeTakeFirstOrThrow();
  const option = chooseOption(application.extension_options, request);
  const { additional_seconds, money } = option;
  const tokens = tokensFor(session, option, request);
  const payment = request.payment ?? (tokens === null ? 'money' : 'tokens');
  const price = payment === 'money' ? (context.takesMoney ? money : null) : tokens;
  if (price === null || price === undefined) throw new SessionError('PAYMENT_METHOD_REFUSED');
  const count = await countExtensions(trx, session.id);
  if (!hasRoom(application, session, count, additional_seconds)) {
    throw new SessionError('EXTENSION_LIMIT_REACHED');
  }
  if (typeof price === 'object') {
    const order = { application, additional_seconds, price, request, asked };
    return orderCheckout(trx, session, order, now);
  }
  const topUpUrl = application.top_up_url;
  const hold = { userId: session.user_id, sessionId: session.id, account: holdAccount(session.id) };
  await holdTokens(context, trx, { ...hold, tokens: price, topUpUrl, now });
  await recordChange(trx, asked, now);
  return addTime(context, trx, session, { additional_seconds, tokens: price }, now);
}
