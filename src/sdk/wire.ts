// The wire says snake_case and whole seconds, the SDK camelCase and `Date`; nothing else differs.

/** Members whose own members are the program's, not the protocol's: they stay as they are. */
type OpaqueMember = 'metadata' | 'data' | 'counts' | 'values';
export const opaqueMembers: readonly string[] = [
  'metadata',
  'data',
  'counts',
  'values',
] satisfies OpaqueMember[];

/** A name as the SDK says it, as a type. */
export type CamelCase<Name> = Name extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Name;

/** What `fromWire` makes of a type of the wire. */
export type FromWire<T> = T extends readonly (infer Member)[]
  ? FromWire<Member>[]
  : T extends object
    ? {
        [Name in keyof T as CamelCase<Name>]: Name extends `${string}_at`
          ? InstantFromWire<T[Name]>
          : Name extends OpaqueMember
            ? T[Name]
            : FromWire<T[Name]>;
      }
    : T;

type InstantFromWire<T> = T extends number ? Date : T;

export const toCamelCase = (name: string) =>
  name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
export const toSnakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** What a JSON text holds, where it is an object. */
export function objectOf(text: string): object | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Each `*_at` is whole seconds since the epoch. */
export function fromWire(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromWire);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const isInstant = name.endsWith('_at') && typeof member === 'number';
      return [
        toCamelCase(name),
        opaqueMembers.includes(name) ? member : isInstant ? new Date(member * 1000) : fromWire(member),
      ];
    }),
  );
}

/** What is undefined is left out. */
export function toWire(value: unknown): unknown {
  if (value instanceof Date) return Math.floor(value.getTime() / 1000);
  if (Array.isArray(value)) return value.map(toWire);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => [toSnakeCase(name), opaqueMembers.includes(name) ? member : toWire(member)]),
  );
}
