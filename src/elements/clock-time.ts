/** An instant by the customer's own clock and habits, such as `15:00` or `3:00 PM`. */
export function clockTime(instant: number, locale: string | undefined): string {
  return new Intl.DateTimeFormat(locale, { timeStyle: 'short' }).format(instant);
}
