import type { ExtendRequest } from '../api.js';
import { SessionError } from '../errors.js';
import type { ExtensionOption } from '../session.js';
import { isFinal } from '../state-machine.js';
import type { ApplicationTerms, ExtensionPrice, SessionFacts } from './session-facts.js';

/** Whether the limits of the application leave room for one more extension. */
export function hasRoom(
  limits: Pick<ApplicationTerms, 'max_duration_seconds' | 'max_extensions'>,
  session: Pick<SessionFacts, 'duration_limit_seconds'>,
  extensionCount: number,
  additionalSeconds: number,
): boolean {
  const isShortEnough = session.duration_limit_seconds + additionalSeconds <= limits.max_duration_seconds;
  return isShortEnough && (limits.max_extensions === null || extensionCount < limits.max_extensions);
}

/** What a session is sold with just now: its application's options, and why one of them cannot be had. */
export interface Purse {
  wallet_balance: number;
  extension_count: number;
  /** Whether anything is sold for money at all. */
  takes_money: boolean;
}

export function extensionOptions(
  session: Pick<SessionFacts, 'status' | 'duration_limit_seconds'>,
  terms: Pick<ApplicationTerms, 'extension_options' | 'max_duration_seconds' | 'max_extensions'>,
  { wallet_balance, extension_count, takes_money }: Purse,
): ExtensionOption[] {
  // Who waits is sold nothing more: all of it would have to go back if nobody comes.
  if (session.status === 'waiting' || isFinal(session.status)) return [];
  const offers = terms.extension_options.filter(({ tokens }) => tokens !== null || takes_money);
  return offers.map(({ additional_seconds, tokens, money }) => {
    const option = { additional_seconds, tokens };
    if (!hasRoom(terms, session, extension_count, additional_seconds))
      return { ...option, available: false, unavailable_reason: 'EXTENSION_LIMIT_REACHED' };
    const priced = { ...option, ...(money && takes_money && { money }) };
    if (tokens !== null && tokens > wallet_balance)
      return { ...priced, available: false, unavailable_reason: 'INSUFFICIENT_TOKENS' };
    return { ...priced, available: true };
  });
}

/** The option that is asked for. @throws {SessionError} `EXTENSION_REFUSED` */
export function chooseOption(
  options: readonly ExtensionPrice[],
  request: Pick<ExtendRequest, 'additional_seconds'>,
): ExtensionPrice {
  const option = options.find(({ additional_seconds }) => additional_seconds === request.additional_seconds);
  if (!option) throw new SessionError('EXTENSION_REFUSED');
  return option;
}

/**
 * What an option costs in tokens: the price that was shown. Where the request names none, what it cost when the session was
 * sold, or less where it costs less now: nobody pays a price that he has not seen.
 * @returns null where it is sold for money alone.
 * @throws {SessionError} `EXTENSION_PRICE_CHANGED`
 */
export function tokensFor(
  { sold_options }: Pick<SessionFacts, 'sold_options'>,
  { additional_seconds, tokens }: ExtensionPrice,
  { tokens_to_deduct, payment }: Pick<ExtendRequest, 'tokens_to_deduct' | 'payment'>,
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
