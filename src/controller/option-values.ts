import type { HttpHooks } from './options.js';

/**
 * Readers of what a page sets, as attribute, property or option: a text or the value itself, one or several. Each gives the
 * legal value, its default where nothing is set (null, undefined, false), and null for what is illegal.
 */
export type Reader = (value: unknown) => unknown;

/** A list as it is written: an array's commas serve as well. */
const items = (value: unknown): string[] =>
  String(value)
    .split(/[\s,]+/)
    .filter(Boolean);

const reader =
  <T>(read: (value: unknown) => T) =>
  (value: unknown): T | undefined =>
    value == null || value === false ? undefined : read(value);

/** Texts; addresses too. */
export const words: (value: unknown) => readonly string[] | undefined = reader(items);

/** Positive whole numbers. An empty list is one, an empty text is none. */
export const numbers = reader((value): readonly number[] | null => {
  const found = items(value).map(Number);
  return value !== '' && found.every((number) => number > 0 && number % 1 === 0) ? found : null;
});

/** The first of such numbers. */
export const oneNumber = (value: unknown): number | null | undefined => {
  const found = numbers(value);
  return found && (found[0] ?? null);
};

/** A text; an address or a number too. */
export const text = reader(String);

/** Yes or no. An attribute that is there says yes, unless its text is `false`. */
export const flag = (value: unknown): boolean => value === '' || (!!value && value !== 'false');

/** One of some words; the first is the default. */
export const oneOf =
  (...names: string[]) =>
  (value: unknown): string | null =>
    names.find((name) => name === (value || names[0])) ?? null;

/** A function. */
export const callback = reader((value) => (typeof value === 'function' ? value : null));

/** Functions that are called around each request, each of them or none. */
export const hooks = reader((value): HttpHooks | null => {
  const { request, response } = value as HttpHooks;
  return callback(request) === null || callback(response) === null ? null : (value as HttpHooks);
});
