import type { PanelStrings } from './strings.js';

/** A length of time in words: whole minutes rounded up above one minute, else whole seconds. */
export function duration(seconds: number, locale: string | undefined): string {
  const isMinutes = seconds >= 60;
  const format = { style: 'unit', unit: isMinutes ? 'minute' : 'second', unitDisplay: 'long' } as const;
  return new Intl.NumberFormat(locale, format).format(isMinutes ? Math.ceil(seconds / 60) : seconds);
}

/** An amount of the marketplace's tokens in words. */
export function tokens(amount: number, strings: PanelStrings, locale: string | undefined): string {
  return strings.tokens(amount, new Intl.NumberFormat(locale).format(amount));
}
