import type { ExtensionOption } from '../../protocol/session.js';
import { isForMoney } from '../../protocol/extension-option.js';
import type { Plural, Words } from '../words.js';
import { clockTime, fill } from '../wording.js';

/** Times, lengths and prices in the customer's language; always in the digits of the timer. */
export interface Formats {
  /** An instant, ms since the epoch, by the clock. */
  time(instant: number): string;
  /** A length of time: hours and whole minutes, rounded up, above one minute; else whole seconds. */
  duration(seconds: number): string;
  /** An amount of the marketplace's tokens. */
  tokens(amount: number): string;
  /** What an option costs, in money or in tokens. */
  price(option: ExtensionOption): string;
}

export function formatsFor(words: Words, locale: string): Formats {
  const number = (value: number, options: Intl.NumberFormatOptions = {}) =>
    new Intl.NumberFormat(locale, { numberingSystem: 'latn', ...options }).format(value);
  const count = (forms: Plural, value: number) =>
    fill(forms[new Intl.PluralRules(locale).select(value)] ?? forms.other, { count: number(value) });
  const tokens = (amount: number) => count(words.tokens, amount);
  return {
    time: (instant) => clockTime(instant, locale),
    duration(seconds) {
      const minutes = Math.ceil(seconds / 60);
      const amounts =
        seconds < 60 ? { second: seconds } : { hour: Math.floor(minutes / 60), minute: minutes % 60 };
      const parts = Object.entries(amounts).filter(([, value], index) => value || (!index && seconds < 60));
      const texts = parts.map(([unit, value]) =>
        words.units
          ? count(words.units[unit as 'hour'], value)
          : number(value, { style: 'unit', unit, unitDisplay: 'long' }),
      );
      return new Intl.ListFormat(locale, { type: 'unit' }).format(texts);
    },
    tokens,
    price(option) {
      const { tokens: amount, money } = option;
      if (!isForMoney(option) || !money) return amount === null ? '' : tokens(amount);
      const options = { style: 'currency', currency: money.currency } as const;
      const { maximumFractionDigits = 2 } = new Intl.NumberFormat(locale, options).resolvedOptions();
      return number(money.amount / 10 ** maximumFractionDigits, options);
    },
  };
}
