import type { Slot } from '../../controller/dashboard/answers.js';
import { localesFor } from '../shared/locales.js';

/** Numbers, days and moments in the language of the words, by the clocks of the time zone that is shown. */
export interface DashboardFormats {
  number(value: number): string;
  /** By how much one is more than another, in per cent; undefined where there is nothing to compare with. */
  change(value: number, before: number): string | undefined;
  /** A day or an hour, whole, and as short as an axis wants it. */
  slot(slot: Pick<Slot, 'date' | 'startsAt'>): string;
  shortSlot(slot: Pick<Slot, 'date' | 'startsAt'>): string;
  moment(instant: number): string;
  /** With seconds. */
  exactMoment(instant: number): string;
  clock(instant: number): string;
}

export function dashboardFormats(locale: string, timeZone: string): DashboardFormats {
  const locales = localesFor(locale);
  const number = (options: Intl.NumberFormatOptions = {}) =>
    new Intl.NumberFormat(locales, { numberingSystem: 'latn', ...options });
  const date = (options: Intl.DateTimeFormatOptions, zone = timeZone) =>
    new Intl.DateTimeFormat(locales, { numberingSystem: 'latn', timeZone: zone, ...options });
  const whole = number();
  const percent = number({ style: 'percent', maximumFractionDigits: 0, signDisplay: 'exceptZero' });
  const day = date({ weekday: 'short', day: 'numeric', month: 'long', year: 'numeric' }, 'UTC');
  const shortDay = date({ day: 'numeric', month: 'short' }, 'UTC');
  const hour = date({ weekday: 'short', day: 'numeric', month: 'long', hour: 'numeric', minute: '2-digit' });
  const shortHour = date({ hour: 'numeric' });
  const moment = date({ dateStyle: 'medium', timeStyle: 'short' });
  const exact = date({ dateStyle: 'medium', timeStyle: 'medium' });
  const clock = date({ timeStyle: 'short' });
  return {
    number: (value) => whole.format(value),
    change: (value, before) => (before > 0 ? percent.format((value - before) / before) : undefined),
    slot: ({ date, startsAt }) =>
      startsAt === undefined ? day.format(Date.parse(date)) : hour.format(startsAt),
    shortSlot: ({ date, startsAt }) =>
      startsAt === undefined ? shortDay.format(Date.parse(date)) : shortHour.format(startsAt),
    moment: (instant) => moment.format(instant),
    exactMoment: (instant) => exact.format(instant),
    clock: (instant) => clock.format(instant),
  };
}
