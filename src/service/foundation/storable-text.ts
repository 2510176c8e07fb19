import { InvalidRequest } from './invalid-request.js';

/**
 * Refuses text that PostgreSQL cannot keep: NUL, and halves of surrogate pairs.
 * @param value a validated part of a request: body, query, path parameters or headers.
 * @throws {InvalidRequest}
 */
export function requireStorable(value: unknown): void {
  const pointer = findFault(value);
  if (pointer !== undefined)
    throw new InvalidRequest([{ pointer, message: 'text with a NUL, or that is not Unicode' }]);
}

// With the flag u half a surrogate pair is a character of its own.
const unstorable = /\0|\p{Surrogate}/u;

export const isStorable = (text: string): boolean => !unstorable.test(text);

/** The JSON pointer of the first such text; undefined where there is none. */
function findFault(value: unknown): string | undefined {
  if (typeof value === 'string') return isStorable(value) ? undefined : '';
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, member] of Object.entries(value)) {
    if (!isStorable(name)) return '';
    const pointer = findFault(member);
    if (pointer !== undefined) return `/${name}${pointer}`;
  }
  return undefined;
}
