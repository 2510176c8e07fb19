/**
 * Whether an id, whoever gave it, can be a segment of a path once it is percent-encoded: URL parsers take `.` and `..` for
 * steps in every spelling, and half a surrogate pair has none.
 */
export function isPathSegment(id: unknown): id is string {
  return typeof id === 'string' && !/^\.{0,2}$/.test(id) && !/\p{Surrogate}/u.test(id);
}
