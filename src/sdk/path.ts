import { isPathSegment } from '../protocol/path-segment.js';

/** Makes the path of an operation, each id percent-encoded: path`/sessions/${id}/pause`. */
export const path = (parts: TemplateStringsArray, ...ids: string[]): string =>
  String.raw({ raw: parts }, ...ids.map(segmentOf));

function segmentOf(id: string): string {
  if (!isPathSegment(id)) throw new TypeError(`An id is missing, or none: ${String(id)}`);
  return encodeURIComponent(id);
}
