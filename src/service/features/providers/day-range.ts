import { z } from '@hono/zod-openapi';
import { addDays, dateOf, isTimeZone } from '../../../protocol/calendar-days.js';
import { InvalidRequest } from '../../foundation/invalid-request.js';

/** The name of a time zone (IANA). */
export const timeZoneSchema = z
  .string()
  .max(64)
  .refine(isTimeZone, 'the name of a time zone, such as Europe/Berlin')
  .openapi({ example: 'Europe/Berlin' });

/** A date of the calendar. */
const dateSchema = z.iso
  .date()
  // Two thousand years around now are enough for everybody, and for every clock.
  .refine((text) => text >= '1970-01-01' && text <= '2999-12-31', 'a date from 1970 to 2999')
  .openapi({ example: '2026-01-01' });

/** Days that one answer may have, and how many it has where nothing is said. */
export const maxDays = 366;
const defaultDays = 30;

/** A range of days, in the query of a list. */
export const dayRange = {
  from: dateSchema.optional().describe(`The first day; ${defaultDays} days up to the last one`),
  to: dateSchema.optional().describe('The last day; today'),
  time_zone: timeZoneSchema.optional().describe('That of the provider'),
};

export interface DayRange {
  timeZone: string;
  /** The first and the last date, `YYYY-MM-DD`. */
  from: string;
  to: string;
}

/** @throws {InvalidRequest} where it ends before it begins, or is longer than that many days. */
export function toDayRange(
  query: z.output<z.ZodObject<typeof dayRange>>,
  provider: { time_zone: string },
  now: number,
  most = maxDays,
): DayRange {
  const timeZone = query.time_zone ?? provider.time_zone;
  const to = query.to ?? dateOf(now, timeZone);
  const from = query.from ?? addDays(to, 1 - defaultDays);
  if (from > to) throw new InvalidRequest([{ pointer: '/from', message: 'not after to' }]);
  if (addDays(from, most) <= to)
    throw new InvalidRequest([{ pointer: '/from', message: `at most ${most} days` }]);
  return { timeZone, from, to };
}
