import { addDays, dateOf, isTimeZone, startOfDay } from '../../protocol/calendar-days.js';
import type { SessionStatus } from '../../protocol/session.js';

/** Days up to today, or a first and a last day of one's own. */
export const periods = ['today', '7', '30', '90', 'custom'] as const;
export type Period = (typeof periods)[number];
export const intervals = ['day', 'hour'] as const;
export type Interval = (typeof intervals)[number];
export const statuses = [
  'waiting',
  'active',
  'paused',
  'completed',
  'expired',
  'cancelled',
] as const satisfies readonly SessionStatus[];

/** Days that the service counts at once, and the same by hour. */
const mostDays = 366;
const mostDaysByHour = 31;

/** What is shown. Undefined is the default. */
export interface DashboardFilters {
  readonly period: Period;
  /** First and last day of `custom`, `YYYY-MM-DD`. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** By hour for a single day where nothing is said, else by day. */
  readonly interval: Interval | undefined;
  /** IANA; that of the provider where nothing is said. */
  readonly timeZone: string | undefined;
  readonly applicationId: string | undefined;
  /** Of the sessions in the list. */
  readonly status: SessionStatus | undefined;
  readonly userId: string | undefined;
  /** The session whose timeline is open. */
  readonly sessionId: string | undefined;
}

export const usualFilters: DashboardFilters = {
  period: '7',
  from: undefined,
  to: undefined,
  interval: undefined,
  timeZone: undefined,
  applicationId: undefined,
  status: undefined,
  userId: undefined,
  sessionId: undefined,
};

const oneOf =
  <T extends string>(names: readonly T[]) =>
  (text: string): T | undefined =>
    names.find((name) => name === text);
const id = (text: string) => (text.length <= 256 ? text : undefined);
const date = (text: string) =>
  /^\d{4}-\d\d-\d\d$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text)
    ? text
    : undefined;

/** How each is written in an address, and read: anybody may write there. */
const written: [name: string, filter: keyof DashboardFilters, read: (text: string) => string | undefined][] =
  [
    ['period', 'period', oneOf(periods)],
    ['from', 'from', date],
    ['to', 'to', date],
    ['by', 'interval', oneOf(intervals)],
    ['zone', 'timeZone', (text) => (isTimeZone(text) ? text : undefined)],
    ['app', 'applicationId', id],
    ['status', 'status', oneOf(statuses)],
    ['user', 'userId', id],
    ['session', 'sessionId', id],
  ];

/** @param prefix stands before each name, with a point: `board.period=30`. What cannot be read is the default. */
export function readFilters(query: URLSearchParams, prefix: string): DashboardFilters {
  const filters = { ...usualFilters } as Record<string, string | undefined>;
  for (const [name, filter, read] of written) {
    const text = query.get(`${prefix}.${name}`);
    if (text) filters[filter] = read(text) ?? usualFilters[filter];
  }
  return filters as unknown as DashboardFilters;
}

/** Writes them into a query; what is as usual is left out, and everything else of it stays. */
export function writeFilters(query: URLSearchParams, prefix: string, filters: DashboardFilters): void {
  for (const [name, filter] of written) {
    const value = filters[filter];
    if (value === undefined || value === usualFilters[filter]) query.delete(`${prefix}.${name}`);
    else query.set(`${prefix}.${name}`, value);
  }
}

/** Days in a time zone. */
export interface DaySpan {
  /** First and last day, `YYYY-MM-DD`. */
  readonly from: string;
  readonly to: string;
  readonly days: number;
  readonly interval: Interval;
}

const daysBetween = (from: string, to: string) =>
  Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);

/** Which days the filters mean, as many as the service counts at most: the last ones. @param now ms since the epoch */
export function spanOf(filters: DashboardFilters, timeZone: string, now: number): DaySpan {
  const today = dateOf(now, timeZone);
  const ends = [filters.from ?? today, filters.to ?? filters.from ?? today].sort() as [string, string];
  const isCustom = filters.period === 'custom';
  const to = isCustom ? ends[1] : today;
  const length = filters.period === 'today' ? 1 : Number(filters.period);
  const days = Math.min(mostDays, isCustom ? daysBetween(...ends) + 1 : length);
  const interval = days > mostDaysByHour ? 'day' : (filters.interval ?? (days === 1 ? 'hour' : 'day'));
  return { from: addDays(to, 1 - days), to, days, interval };
}

/** The same number of days right before. */
export const spanBefore = ({ from, days, interval }: DaySpan): DaySpan => ({
  from: addDays(from, -days),
  to: addDays(from, -1),
  days,
  interval,
});

/** The sessions of the list, as the service is asked. Those that are not over are listed whenever they were sold. */
export function listQuery(filters: DashboardFilters, span: DaySpan, timeZone: string): URLSearchParams {
  const query = new URLSearchParams();
  const { status, applicationId, userId } = filters;
  if (status) query.set('status', status);
  if (applicationId) query.set('application_id', applicationId);
  if (userId) query.set('user_id', userId);
  if (isOfPeriod(filters)) {
    query.set('from', String(Math.floor(startOfDay(span.from, timeZone) / 1000)));
    query.set('to', String(Math.floor(startOfDay(addDays(span.to, 1), timeZone) / 1000)));
  }
  return query;
}

/** Whether the list holds what was sold in the period alone. */
export const isOfPeriod = ({ status }: DashboardFilters): boolean =>
  !(status === 'waiting' || status === 'active' || status === 'paused');
