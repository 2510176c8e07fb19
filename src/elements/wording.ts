/** Puts parts in their places: `ends {time}`. */
export const fill = (text: string, parts: Record<string, string>): string =>
  text.replace(/{(\w+)}/g, (_, name: string) => parts[name]!);

/**
 * An instant by the customer's own clock and habits, such as `15:00` or `3:00 PM`; in the digits of the timer. Browsers
 * have no Welsh times, and Britain's are the same.
 */
export const clockTime = (instant: number, locale: string): string =>
  new Intl.DateTimeFormat(locale.replace(/^cy/, 'en-GB'), {
    timeStyle: 'short',
    numberingSystem: 'latn',
  }).format(instant);
