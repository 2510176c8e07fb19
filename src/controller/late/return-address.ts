import { parseReturnUrl } from '../../protocol/return-url.js';
import type { SessionRun } from '../session-run.js';

/**
 * Where the customer goes after the session: `return_url` with `session_id`. Only the service's own origin, the page's
 * and those of `returnOrigins` are followed.
 * @returns null where the session has no return address.
 * @throws {SessionError} `RETURN_URL_REFUSED`
 */
export function returnAddress({ snapshot, options, endpoint, world }: SessionRun): string | null {
  const { id, return_url: address } = snapshot.session!;
  if (!address) return null;
  const ownOrigins = [endpoint, world.address].map((own) => new URL(own).origin);
  const url = parseReturnUrl(address, [...ownOrigins, ...(options.returnOrigins ?? [])]);
  url.searchParams.set('session_id', id);
  return url.href;
}
