import type { ExtensionOption, MoneyPrice } from '../../protocol/session.js';
import { minorUnitDigits } from '../../protocol/currencies.js';
import { isForMoney } from '../../protocol/extension-option.js';
import type { Plural, Unit, Words } from './words.js';
import { localesFor } from './locales.js';
import { clockTime } from '../languages/clock-time.js';
import { fill } from './wording.js';

/** Times, lengths and prices in the customer's language; always in the digits of the timer. */
export interface Formats {
  /** An instant, ms since the epoch, by the clock. */
  time(instant: number): string;
  /** A length of time: hours and whole minutes, rounded up, above one minute; else whole seconds. */
  duration(seconds: number): string;
  /** A length of time to the second, as a bill has it; `short` where there is little room. */
  exactDuration(seconds: number, unitDisplay?: 'long' | 'short'): string;
  /** An amount of the marketplace's tokens. */
  tokens(amount: number): string;
  /** An amount of money. */
  money(price: MoneyPrice): string;
  /** A number, in the text for it. */
  count(forms: Plural, value: number): string;
  /** An amount of money. */
  money(price: MoneyPrice): string;
  /** What an option costs, in money or in tokens. */
  price(option: ExtensionOption): string;
}

export function formatsFor(words: Pick<Words, 'tokens' | 'units'>, locale: string): Formats {
  const locales = localesFor(locale);
  const number = (value: number, options: Intl.NumberFormatOptions = {}) =>
    new Intl.NumberFormat(locales, { numberingSystem: 'latn', ...options }).format(value);
  const count = (forms: Plural, value: number) =>
    fill(forms[new Intl.PluralRules(locales).select(value)] ?? forms.other, { count: number(value) });
  const tokens = (amount: number) => count(words.tokens, amount);
  const money = ({ amount, currency }: MoneyPrice) => {
    const digits = minorUnitDigits(currency);
    const value = amount / 10 ** digits;
    // `Intl` throws at what is no code.
    if (!/^[a-z]{3}$/i.test(currency))
      return `${number(value, { minimumFractionDigits: digits })} ${currency}`.trim();
    const style = { style: 'currency', currency } as const;
    const usual = new Intl.NumberFormat(locales, style).resolvedOptions().maximumFractionDigits!;
    // As many as people are used to; all of them where that would hide a part of it.
    const isWhole = amount % 10 ** Math.max(0, digits - usual) === 0;
    return number(value, { ...style, ...(!isWhole && { minimumFractionDigits: digits }) });
  };
  const exactDuration = (seconds: number, unitDisplay: 'long' | 'short' = 'long') => {
    const amounts = {
      hour: Math.floor(seconds / 3600),
      minute: Math.floor(seconds / 60) % 60,
      second: seconds % 60,
    };
    const parts = Object.entries(amounts).filter(([unit, value]) => value || (!seconds && unit === 'second'));
    const texts = parts.map(([unit, value]) => {
      const own = words.units?.[unit as Unit];
      return own ? count(own, value) : number(value, { style: 'unit', unit, unitDisplay });
    });
    return new Intl.ListFormat(locales, { type: 'unit', style: unitDisplay }).format(texts);
  };
  return {
    time: (instant) => clockTime(instant, locale),
    duration: (seconds) => exactDuration(seconds < 60 ? seconds : Math.ceil(seconds / 60) * 60),
    exactDuration,
    tokens,
    money,
    count,
    price(option) {
      const { tokens: amount, money: price } = option;
      if (!isForMoney(option) || !price) return amount === null ? '' : tokens(amount);
      return money(price);
    },
  };
}
