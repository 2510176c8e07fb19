import { z } from '@hono/zod-openapi';
import { isTimeZone } from '../../foundation/calendar-days.js';

/** The name of a time zone (IANA). */
export const timeZoneSchema = z
  .string()
  .max(64)
  .refine(isTimeZone, 'the name of a time zone, such as Europe/Berlin')
  .openapi({ example: 'Europe/Berlin' });

/** A date of the calendar. */
export const dateSchema = z.iso
  .date()
  // Two thousand years around now are enough for everybody, and for every clock.
  .refine((text) => text >= '1970-01-01' && text <= '2999-12-31', 'a date from 1970 to 2999')
  .openapi({ example: '2026-01-01' });
