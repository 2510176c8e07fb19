import type { Transaction } from 'kysely';
import type { ExtendRequest } from '../../protocol/api.js';
import { SessionError } from '../../protocol/errors.js';
import { nextStatus } from '../../protocol/state-machine.js';
import { recordChange, type AskedChange } from '../audit.js';
import type { ServiceContext } from '../context.js';
import type { ExtensionPrice, SessionRow, Tables } from '../database/schema.js';
import { orderCheckout } from '../payments/order-checkout.js';
import { addTime, countExtensions, hasRoom, type ExtensionResult } from './add-time.js';
import { holdTokens } from './hold-tokens.js';

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
  const { additional_seconds, tokens, money } = chooseOption(application.extension_options, request);
  const payment = request.payment ?? (tokens === null ? 'money' : 'tokens');
  const price = payment === 'money' ? context.payments && money : tokens;
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
  const hold = { userId: session.user_id, sessionId: session.id, tokens: price, topUpUrl, now };
  await holdTokens(trx, hold);
  await recordChange(trx, asked, now);
  return addTime(trx, session, { additional_seconds, tokens: price }, now);
}

function chooseOption(options: readonly ExtensionPrice[], request: ExtendRequest): ExtensionPrice {
  const option = options.find(({ additional_seconds }) => additional_seconds === request.additional_seconds);
  if (!option) throw new SessionError('EXTENSION_REFUSED');
  const { tokens_to_deduct: shown } = request;
  if (shown !== undefined && shown !== null && request.payment !== 'money' && shown !== option.tokens) {
    throw new SessionError('EXTENSION_PRICE_CHANGED');
  }
  return option;
}
