const dayMs = 86_400_000;
const minuteMs = 60_000;

/** Whether a name is one of a time zone (IANA), such as `Europe/Berlin`. */
export function isTimeZone(name: string): boolean {
  // An offset is no time zone: it knows no summer.
  if (!/^[A-Za-z][\w+/-]*$/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) instanceof Intl.DateTimeFormat;
  } catch {
    return false;
  }
}

/** The date of a moment in a time zone, `YYYY-MM-DD`. */
export function dateOf(instantMs: number, timeZone: string): string {
  return partsOf(instantMs, timeZone).slice(0, 10);
}

/** The date that many days later. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(date) + days * dayMs).toISOString().slice(0, 10);
}

/** Each date from the first to the last. */
export function datesOf(from: string, to: string): string[] {
  const dates: string[] = [];
  for (let date = from; date <= to; date = addDays(date, 1)) dates.push(date);
  return dates;
}

/** The first moment of a date in a time zone, ms since the epoch; where clocks change at midnight it is not 0:00. */
export function startOfDay(date: string, timeZone: string): number {
  const midnight = Date.parse(date);
  const offsets = [midnight - dayMs, midnight + dayMs].map((at) => offsetAt(at, timeZone));
  const candidates = offsets.map((offset) => midnight - offset).sort((one, other) => one - other);
  return candidates.find((at) => dateOf(at, timeZone) >= date) ?? midnight;
}

/** A moment by the clocks of a time zone, ISO 8601 with their offset, in whole seconds: `2026-01-01T01:00:00+01:00`. */
export function isoIn(instantMs: number, timeZone: string): string {
  // Offsets of seconds, which ISO 8601 cannot write, ended in 1972.
  const minutes = Math.round(offsetAt(instantMs, timeZone) / minuteMs);
  const local = isoUtc(instantMs + minutes * minuteMs).slice(0, -1);
  const [hour, minute] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60].map((part) =>
    String(part).padStart(2, '0'),
  );
  return `${local}${minutes < 0 ? '-' : '+'}${hour}:${minute}`;
}

/** The same in UTC, `2026-01-01T00:00:00Z`. */
export const isoUtc = (instantMs: number): string => `${new Date(instantMs).toISOString().slice(0, 19)}Z`;

/** How far local time is ahead of UTC at that moment, ms. */
function offsetAt(instantMs: number, timeZone: string): number {
  return Date.parse(`${partsOf(instantMs, timeZone)}Z`) - Math.floor(instantMs / 1000) * 1000;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Local time as `YYYY-MM-DDTHH:MM:SS`. */
function partsOf(instantMs: number, timeZone: string): string {
  let format = formats.get(timeZone);
  if (!format) {
    // Swedish writes dates as ISO 8601 does.
    format = new Intl.DateTimeFormat('sv', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
    formats.set(timeZone, format);
  }
  return format.format(instantMs).replace(' ', 'T');
}
