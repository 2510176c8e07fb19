import { SessionError } from '../../protocol/errors.js';
import { InvalidRequest } from './problem.js';

/** The JSON object of a request. */
export type Members = Record<string, unknown>;

/** @throws {SessionError} `BODY_MALFORMED` */
export function parseMembers(text: string): Members {
  if (text === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Members;
  } catch {
    // Said below.
  }
  throw new SessionError('BODY_MALFORMED');
}

/** Each throws {InvalidRequest} where the member is there and is none. */
export function optionalText(members: Members, name: string): string | undefined {
  const value = members[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' && value !== '') return value;
  throw new InvalidRequest(`/${name}`, 'a text');
}

export function optionalWhole(members: Members, name: string, min = 0, max = Infinity): number | undefined {
  const value = members[name];
  if (value === undefined || value === null) return undefined;
  if (Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max)
    return value as number;
  throw new InvalidRequest(`/${name}`, `a whole number from ${min} on${max < Infinity ? `, to ${max}` : ''}`);
}

export function optionalTexts(members: Members, name: string): string[] | undefined {
  const value = members[name];
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value;
  throw new InvalidRequest(`/${name}`, 'a list of texts');
}

export function optionalOneOf<T extends string>(
  members: Members,
  name: string,
  known: readonly T[],
): T | undefined {
  const value = members[name];
  if (value === undefined || value === null) return undefined;
  const found = known.find((one) => one === value);
  if (found !== undefined) return found;
  throw new InvalidRequest(`/${name}`, `one of ${known.join(', ')}`);
}

/** The same, where it must be there. */
export function needed<T>(value: T | undefined, name: string): T {
  if (value !== undefined) return value;
  throw new InvalidRequest(`/${name}`, 'is missing');
}
