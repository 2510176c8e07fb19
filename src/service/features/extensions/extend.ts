import type { Transaction } from 'kysely';
import type { ExtendRequest } from '../../../protocol/api.js';
import { SessionError } from '../../../protocol/errors.js';
import { nextStatus } from '../../../protocol/state-machine.js';
import { recordChange, type AskedChange } from '../../foundation/audit.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { ExtensionPrice, SessionRow, Tables } from '../../foundation/database/schema.js';
import { holdAccount } from '../../foundation/ledger/ledger.js';
import { orderCheckout } from '../payments/index.js';
import { addTime, countExtensions, type ExtensionResult, hasRoom, holdTokens } from '../sessions/index.js';

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

function chooseOption(options: readonly ExtensionPrice[], request: ExtendRequest): ExtensionPrice {
  const option = options.find(({ additional_seconds }) => additional_seconds === request.additional_seconds);
  if (!option) throw new SessionError('EXTENSION_REFUSED');
  return option;
}

/**
 * What an option costs in tokens: the price that was shown. Where the request names none, what it cost when the session was
 * sold, or less where it costs less now: nobody pays a price that he has not seen.
 */
function tokensFor(
  { sold_options }: SessionRow,
  { additional_seconds, tokens }: ExtensionPrice,
  { tokens_to_deduct, payment }: ExtendRequest,
): number | null {
  const shown = tokens_to_deduct ?? undefined;
  // A price in money is shown by the payment provider, before it is paid.
  if (payment === 'money' || shown === tokens) return tokens;
  if (shown !== undefined) throw new SessionError('EXTENSION_PRICE_CHANGED');
  if (tokens === null || !sold_options) return tokens;
  const sold = sold_options.find((option) => option.additional_seconds === additional_seconds)?.tokens;
  if (sold === undefined || sold === null) throw new SessionError('EXTENSION_PRICE_CHANGED');
  return Math.min(sold, tokens);
}
