import type { Answered, Load } from '../processes/load.js';
import type { Child } from './child.js';
import type { Bench, Row } from './measurement.js';
import { median } from './statistics.js';

const connections = 64;
/** Short, so that what else happens on the machine meets all servers alike. */
const turnMs = 500;
const rounds = 40;
const warmUpRounds = 6;

/** A server that is loaded in turn with others. */
export interface Contender {
  process: Child;
  /** Whole requests. Asked before each turn, where each is sent once only. */
  requests(): string[];
  isOnce?: boolean;
}

/** Of each round. */
export interface Figures {
  perSecond: number[];
  /** Of the server's process, for one request. */
  processorMicroseconds: number[];
}

/** Loads each server in turn, one at a time, round after round. @param load a process of that name. */
export async function inTurns<N extends string>(
  { note, sized }: Bench,
  load: Child,
  contenders: Record<N, Contender>,
): Promise<Record<N, Figures>> {
  const names = Object.keys(contenders) as N[];
  const none = (): Figures => ({ perSecond: [], processorMicroseconds: [] });
  const measured = Object.fromEntries(names.map((name) => [name, none()])) as Record<N, Figures>;
  const lasting = new Map<N, string[]>();
  for (let round = -warmUpRounds; round < sized(rounds); round += 1)
    for (const name of names) {
      const { process, requests, isOnce = false } = contenders[name];
      const turn: Load = {
        url: await process.ask('url'),
        requests: isOnce ? requests() : (lasting.get(name) ?? requests()),
        isOnce,
        connections,
        durationMs: turnMs,
      };
      if (!isOnce) lasting.set(name, turn.requests);
      const before = await process.ask<number>('processorMs');
      const { count, withinMs } = await load.ask<Answered>('load', turn);
      const usedMs = (await process.ask<number>('processorMs')) - before;
      if (round < 0) continue;
      measured[name].perSecond.push((count * 1000) / withinMs);
      measured[name].processorMicroseconds.push((usedMs * 1000) / count);
    }
  for (const name of names) note(`${name}: ${measured[name].perSecond.map(Math.round).join(' ')}`);
  return measured;
}

/** The median of the rounds' ratios. */
export const ratioOf = (one: Figures, other: Figures): number =>
  median(one.perSecond.map((rate, round) => rate / other.perSecond[round]!));

/** How many a second, and what one cost the processor. */
export const rowsOfServer = (name: string, { perSecond, processorMicroseconds }: Figures): Row[] => [
  { name: `${name}, a second`, value: median(perSecond), unit: '1/s', target: null },
  { name: `${name}, processor`, value: median(processorMicroseconds), unit: 'µs', target: null },
];
