import type { ServiceContext } from '../../foundation/context.js';
import { addDays, dateOf, datesOf, startOfDay } from '../../../protocol/calendar-days.js';
import type { DayRange } from '../providers/index.js';
import { countBuyers, countRange, type Buyers } from './count-buyers.js';
import type { FigureOwner } from './figure-owner.js';
import { noFigures, readFigures, type Figures } from './read-figures.js';
import type { MoneyTotal } from './statistics.js';

export interface Hour extends Figures {
  /** Its first moment, ms since the epoch. */
  startsAt: number;
  isRunning: boolean;
}

export interface Day extends Figures {
  /** `YYYY-MM-DD` */
  date: string;
  /** The day is not over yet: its figures still grow. */
  isRunning: boolean;
  hours?: Hour[];
}

export interface Total extends Figures {
  from: string;
  to: string;
  /** Who bought a day or more apart is counted by the day, so that the number may be a little off. */
  areUsersEstimated: boolean;
}

export interface Analytics {
  days: Day[];
  total: Total;
  /** The same number of days right before. */
  previous: Total;
}

/** The figures of a provider day by day, each day of the range, the first one first. */
export async function readAnalytics(
  context: ServiceContext,
  owner: FigureOwner,
  { timeZone, from, to, hasHours }: DayRange & { hasHours: boolean },
): Promise<Analytics> {
  const dates = datesOf(from, to);
  const previousFrom = addDays(from, -dates.length);
  const dayStarts = [...dates, addDays(to, 1)].map((date) => startOfDay(date, timeZone));
  const spans = hasHours ? hourStarts(dayStarts) : dayStarts;
  const [start, end] = [dayStarts[0]!, dayStarts.at(-1)!];
  const previousStart = startOfDay(previousFrom, timeZone);
  const [figures, [previous], buyers, buyersOfDays, ofRange, ofPrevious] = await Promise.all([
    readFigures(context, owner, spans),
    readFigures(context, owner, [previousStart, start]),
    countBuyers(context, owner, spans),
    hasHours ? countBuyers(context, owner, dayStarts) : [],
    countRange(context, owner, start, end),
    countRange(context, owner, previousStart, start),
  ]);
  const ofSpans = figures.map((of, index): Figures => ({ ...of, users: buyers[index]! }));
  const now = context.now();
  const today = dateOf(now, timeZone);
  const days = dates.map((date, index): Day => {
    const isRunning = date === today;
    if (!hasHours) return { date, isRunning, ...ofSpans[index]! };
    const hours = ofSpans.flatMap((ofHour, hour): Hour[] => {
      const [startsAt, endsAt] = [spans[hour]!, spans[hour + 1]!];
      const isOfDay = dayStarts[index]! <= startsAt && startsAt < dayStarts[index + 1]!;
      return isOfDay ? [{ startsAt, isRunning: startsAt <= now && now < endsAt, ...ofHour }] : [];
    });
    return { date, isRunning, ...sum(hours), users: buyersOfDays[index]!, hours };
  });
  return {
    days,
    total: { from, to, ...sum(days), ...usersOf(ofRange) },
    previous: { from: previousFrom, to: addDays(from, -1), ...previous!, ...usersOf(ofPrevious) },
  };
}

const usersOf = ({ count, isExact }: Buyers) => ({ users: count, areUsersEstimated: !isExact });

const hourMs = 3_600_000;

/** Each hour of days that begin then, from the day's own beginning on, and where the last day ends. */
function hourStarts(dayStarts: readonly number[]): number[] {
  const starts: number[] = [];
  for (const [index, next] of dayStarts.slice(1).entries())
    for (let at = dayStarts[index]!; at < next; at += hourMs) starts.push(at);
  return [...starts, dayStarts.at(-1)!];
}

/** Of several spans together; customers are no sum. */
function sum(parts: readonly Figures[]): Figures {
  const total = { ...noFigures };
  for (const part of parts)
    for (const name of Object.keys(noFigures) as (keyof Figures)[])
      if (name === 'revenueMoney' || name === 'returnedMoney')
        total[name] = addMoney(total[name], part[name]);
      else total[name] += part[name];
  return total;
}

function addMoney(one: readonly MoneyTotal[], other: readonly MoneyTotal[]): MoneyTotal[] {
  const amounts = new Map<string, number>();
  for (const { currency, amount } of [...one, ...other])
    amounts.set(currency, (amounts.get(currency) ?? 0) + amount);
  return [...amounts].sort().map(([currency, amount]) => ({ currency, amount }));
}
