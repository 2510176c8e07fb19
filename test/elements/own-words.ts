import { words as english } from '../../src/elements/languages/en.js';
import { englishTimer } from '../../src/elements/session/english-timer.js';
import type { OwnWords } from '../../src/elements/shared/words.js';

const units = { one: '{count} unit', other: '{count} units' };

function replaced<T>(value: T, replace: (text: string) => string): T {
  if (typeof value === 'string') return replace(value) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => replaced(item, replace)) as T;
  const entries = Object.entries(value as object);
  return Object.fromEntries(
    entries.map(([name, item]: [string, unknown]) => [name, replaced(item, replace)]),
  ) as T;
}

/** Every word of the elements, and the units of time, each with something in its place. */
export const ownWords = (replace: (text: string) => string): OwnWords =>
  replaced({ ...englishTimer, ...english, units: { hour: units, minute: units, second: units } }, replace);
