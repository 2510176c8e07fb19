import { SessionError } from '../../protocol/errors.js';
import type { MoneyPrice, SessionStatus } from '../../protocol/session.js';
import { statuses } from './filters.js';

/** What happened in a span of time. */
export interface Figures {
  readonly sessions: number;
  readonly users: number;
  /** What ended sessions have cost, and what was given back of what was held for them. */
  readonly tokens: number;
  readonly returnedTokens: number;
  /** What arrived without what went back, and what went back; by currency, minor units. */
  readonly money: readonly MoneyPrice[];
  readonly returnedMoney: readonly MoneyPrice[];
  readonly averageSeconds: number | null;
  readonly extensions: number;
  readonly extendedSeconds: number;
  readonly warnings: number;
  readonly warningsAnswered: number;
}

/** A day or an hour. */
export interface Slot extends Figures {
  /** `YYYY-MM-DD` */
  readonly date: string;
  /** Of an hour, ms since the epoch. */
  readonly startsAt: number | undefined;
  /** It is not over: its figures still grow. */
  readonly isRunning: boolean;
}

export interface FigureTotal extends Figures {
  readonly areUsersEstimated: boolean;
}

export interface FigureAnswer {
  readonly slots: readonly Slot[];
  readonly total: FigureTotal;
  readonly previous: FigureTotal;
}

/** Sessions that are not over. */
export type Running = Record<'active' | 'paused' | 'waiting', number>;

export interface Waiting {
  readonly kind: string;
  readonly count: number;
}

/** What help requests came to. */
export interface HelpFigures {
  readonly requests: number;
  readonly completed: number;
  /** From the request to the claim, half of them at most. */
  readonly waitSeconds: number | null;
}

/** What pages counted under one name. */
export interface PageMetric {
  readonly name: string;
  readonly total: number;
  /** In as many days right before. */
  readonly previous: number;
  /** By date, `YYYY-MM-DD`; days without are left out. */
  readonly days: ReadonlyMap<string, number>;
}

/** A session in the list. Instants are ms since the epoch. */
export interface ListedSession {
  readonly id: string;
  readonly status: SessionStatus;
  readonly userId: string;
  readonly applicationId: string;
  readonly soldAt: number;
  readonly usedSeconds: number | null;
  /** What it has cost, or holds so far. */
  readonly tokens: number;
}

export interface TimelineEntry {
  readonly id: number;
  readonly type: string;
  readonly at: number;
}

type Raw = Record<string, unknown>;

const raw = (value: unknown): Raw => (typeof value === 'object' && value !== null ? (value as Raw) : {});
/** What has to be a list is one, or the answer is none. */
function list(value: unknown): Raw[] {
  if (!Array.isArray(value)) throw new SessionError('ANSWER_INVALID', { message: 'a list is missing' });
  return value.map(raw);
}
const count = (value: unknown): number => (Number.isSafeInteger(value) ? (value as number) : 0);
const countOrNull = (value: unknown): number | null =>
  Number.isSafeInteger(value) ? (value as number) : null;
const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
/** Seconds since the epoch, as `Date` can hold them. */
const instant = (value: unknown): number | undefined =>
  Number.isFinite(value) && Math.abs(value as number) <= 8.64e12 ? (value as number) * 1000 : undefined;

const money = (value: unknown): MoneyPrice[] =>
  (Array.isArray(value) ? value.map(raw) : []).flatMap(({ currency, amount }) =>
    isText(currency) && Number.isSafeInteger(amount) ? [{ currency, amount: amount as number }] : [],
  );

const figures = (value: Raw): Figures => ({
  sessions: count(value.sessions),
  users: count(value.users),
  tokens: count(value.revenue_tokens),
  returnedTokens: count(value.returned_tokens),
  money: money(value.revenue_money),
  returnedMoney: money(value.returned_money),
  averageSeconds: countOrNull(value.average_used_seconds),
  extensions: count(value.extensions),
  extendedSeconds: count(value.extended_seconds),
  warnings: count(value.warnings),
  warningsAnswered: count(value.warnings_answered),
});

const total = (value: unknown): FigureTotal => ({
  ...figures(raw(value)),
  areUsersEstimated: raw(value).users_estimated === true,
});

/** @throws {SessionError} `ANSWER_INVALID` */
export function readFigures(answer: unknown): FigureAnswer {
  const { days, total: ofAll, previous } = raw(answer);
  const slots = list(days).flatMap((day): Slot[] => {
    const date = isText(day.date) ? day.date : '';
    if (!/^\d{4}-\d\d-\d\d$/.test(date)) return [];
    const slot = (of: Raw, startsAt?: number) => ({
      ...figures(of),
      ...{ date, startsAt, isRunning: of.is_running === true },
    });
    if (!Array.isArray(day.hours)) return [slot(day)];
    return list(day.hours).flatMap((hour) => {
      const startsAt = instant((hour.starts_at as number) / 1000);
      return startsAt === undefined ? [] : [slot(hour, startsAt)];
    });
  });
  return { slots, total: total(ofAll), previous: total(previous) };
}

/** @throws {SessionError} `ANSWER_INVALID` */
export function readRunning(answer: unknown): Running {
  const { sessions_by_status: byStatus } = raw(answer);
  if (typeof byStatus !== 'object') throw new SessionError('ANSWER_INVALID');
  const { active, paused, waiting } = raw(byStatus);
  return { active: count(active), paused: count(paused), waiting: count(waiting) };
}

/** Those of which there are some. @throws {SessionError} `ANSWER_INVALID` */
export const readAttention = (answer: unknown): Waiting[] =>
  list(raw(answer).attention).flatMap(({ kind, count: many }) =>
    isText(kind) && count(many) > 0 ? [{ kind, count: count(many) }] : [],
  );

export function readHelp(answer: unknown): HelpFigures {
  const { requests, by_status: byStatus, wait_seconds_p50: wait } = raw(answer);
  return {
    requests: count(requests),
    completed: count(raw(byStatus).completed),
    waitSeconds: countOrNull(wait),
  };
}

/** @throws {SessionError} `ANSWER_INVALID` */
export function readPageMetrics(answer: unknown): PageMetric[] {
  const amount = (value: unknown): number => (Number.isFinite(value) ? (value as number) : 0);
  return list(raw(answer).metrics).flatMap(({ name, total, previous, days }): PageMetric[] => {
    if (!isText(name)) return [];
    const counted = list(days).flatMap(({ date, amount: many }): [string, number][] =>
      isText(date) ? [[date, amount(many)]] : [],
    );
    return [{ name, total: amount(total), previous: amount(previous), days: new Map(counted) }];
  });
}

/** @throws {SessionError} `ANSWER_INVALID` */
export function readSessions(answer: unknown): { sessions: ListedSession[]; cursor: string | null } {
  const { sessions, next_cursor: cursor } = raw(answer);
  const read = list(sessions).flatMap((session): ListedSession[] => {
    const { id, user_id: userId, application_id: applicationId } = session;
    const status = statuses.find((name) => name === session.status);
    const soldAt = instant(session.created_at);
    if (!isText(id) || !isText(userId) || !isText(applicationId) || !status || soldAt === undefined)
      return [];
    return [
      {
        ...{ id, status, userId, applicationId, soldAt },
        usedSeconds: countOrNull(session.used_seconds),
        tokens: countOrNull(session.final_cost) ?? count(session.tokens_allocated),
      },
    ];
  });
  return { sessions: read, cursor: isText(cursor) ? cursor : null };
}

/** @throws {SessionError} `ANSWER_INVALID` */
export function readTimeline(answer: unknown): {
  entries: TimelineEntry[];
  isComplete: boolean;
  cursor: string | null;
} {
  const { timeline, is_complete: isComplete, next_cursor: cursor } = raw(answer);
  const entries = list(timeline).flatMap(({ id, type, created_at }): TimelineEntry[] => {
    const at = instant(created_at);
    return isText(type) && at !== undefined ? [{ id: count(id), type, at }] : [];
  });
  return { entries, isComplete: isComplete !== false, cursor: isText(cursor) ? cursor : null };
}

/** The name of an application, and the time zone of a provider, where they are said. */
export const readName = (answer: unknown): string | undefined =>
  isText(raw(answer).name) ? (raw(answer).name as string) : undefined;
export const readTimeZone = (answer: unknown): string | undefined =>
  isText(raw(answer).time_zone) ? (raw(answer).time_zone as string) : undefined;

/** The service's clock in an answer or a frame, ms since the epoch. */
export const readServerTime = (answer: unknown): number | undefined =>
  Number.isFinite(raw(answer).server_time) ? (raw(answer).server_time as number) : undefined;
