/** Puts parts in their places: `ends {time}`. */
export const fill = (text: string, parts: Record<string, string>): string =>
  `${text}`.replace(/{(\w+)}/g, (_, name: string) => parts[name]!);

/** An instant in the digits of the timer, until the customer's habits and the day are looked at. */
export const plainTime = (
  instant: number,
  locales: readonly string[],
  options: Intl.DateTimeFormatOptions = { timeStyle: 'short' },
): string => new Intl.DateTimeFormat(locales, { numberingSystem: 'latn', ...options }).format(instant);
