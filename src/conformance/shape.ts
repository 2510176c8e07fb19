import type { JsonObject } from './backend.js';
import { shown } from './expect.js';

export type Check = (value: unknown) => boolean;
/** The members of an object, with what each may be. */
export type Shape = Record<string, Check>;

export const text: Check = (value) => typeof value === 'string' && value !== '';
export const whole: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
export const truth: Check = (value) => typeof value === 'boolean';
const between =
  (min: number, max: number): Check =>
  (value) =>
    whole(value) && (value as number) >= min && (value as number) <= max;
/** A length in seconds: two days at most, so that ten minutes in milliseconds are none. */
export const duration = between(0, 172_800);
/** A moment in seconds since the epoch: in milliseconds it would be in the year 5000, or later. */
export const instant = between(1e9, 1e11);
/** A moment in milliseconds since the epoch. */
export const instantMs = between(1e12, 1e14);
export const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
/** It may be left out. */
export const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
export const oneOf =
  (...values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value);

/** What is wrong with an object, member by member; more members than these are right. */
export function faultsOf(shape: Shape, value: JsonObject | undefined, name: string): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [`${name} is ${shown(value)}, and no object`];
  return Object.entries(shape)
    .filter(([member, check]) => !check(value[member]))
    .map(([member]) => `${name}.${member} is ${member in value ? shown(value[member]) : 'missing'}`);
}
