import { browserWorld } from '../../controller/browser-world.js';
import { canonical, localesFor } from '../shared/locales.js';

/** Whether a clock counts 24 hours there; where no place is named, where the browser says it is. */
const has24Hours = (locale?: string): boolean =>
  /h2/.test(new Intl.DateTimeFormat(locale, { timeStyle: 'short' }).resolvedOptions().hourCycle!);

/**
 * An instant by the customer's own clock and habits, such as `15:00` or `3:00 PM`, with its day where that is not today;
 * in the digits of the timer. Twelve hours only where both the language and the customer's own settings have them: the
 * other clock is understood everywhere. A page chooses by `lang="en-u-hc-h12"`.
 */
export function clockTime(instant: number, locale: string): string {
  const own = [undefined, canonical(navigator.languages[0]) || undefined];
  const hourCycle = !locale.includes('-hc-') && own.some(has24Hours) ? 'h23' : undefined;
  const locales = localesFor(locale);
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locales, { numberingSystem: 'latn', ...options }).format(instant);
  const time = format({ timeStyle: 'short', hourCycle });
  if (new Date(instant).toDateString() === new Date(browserWorld().now()).toDateString()) return time;
  const [isKnown] = Intl.DateTimeFormat.supportedLocalesOf(locale);
  const day = isKnown ? ({ weekday: 'long', day: 'numeric', month: 'short' } as const) : undefined;
  return `${time} (${format(day ?? { dateStyle: 'short' })})`;
}
