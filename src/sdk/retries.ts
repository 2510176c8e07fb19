import type { SessionError } from '../protocol/errors.js';

/** With these a request was refused before anything was done. */
const refusedUnread: readonly (number | undefined)[] = [408, 429];
/** These may have come after the change; so may no answer at all. */
const unclear: readonly (number | undefined)[] = [undefined, 500, 502, 503, 504];

const firstPauseMs = 500;
const longestPauseMs = 8_000;

/**
 * Whether the same request may have another answer, and does no harm if the first one was done after all.
 * @param isRepeatable whether the service does it once, however often it is asked for.
 */
export function mayTryAgain({ status, code }: SessionError, isRepeatable: boolean): boolean {
  // Another try of the same change is on its way.
  if (code === 'IDEMPOTENCY_KEY_IN_USE' || refusedUnread.includes(status)) return true;
  return isRepeatable && unclear.includes(status);
}

/** How long to wait after a try: as long as the service wants, or else a random time that grows (full jitter), ms. */
export function pauseMsAfter(attempt: number, retryAfterSeconds: number | undefined): number {
  if (retryAfterSeconds !== undefined) return retryAfterSeconds * 1000;
  return Math.random() * Math.min(longestPauseMs, firstPauseMs * 2 ** (attempt - 1));
}

/** `Retry-After`, in seconds or as a date (RFC 9110, 10.2.3); undefined where it is missing or none. */
export function retryAfterSecondsOf({ headers }: Response): number | undefined {
  const text = headers.get('retry-after') ?? '';
  if (/^\d+$/.test(text)) return Number(text);
  const seconds = Math.ceil((Date.parse(text) - Date.now()) / 1000);
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}
