import { addParameter } from '../../protocol/add-parameter.js';
import { parseReturnUrl } from '../../protocol/return-url.js';
import { words } from '../option-values.js';
import type { SessionRun } from '../run/session-run.js';

/**
 * Where the customer goes after the session: `return_url` with `session_id`. Only the service's own origin, the page's,
 * those that the application has registered and those of `returnOrigins` are followed.
 * @returns null where the session has no return address.
 * @throws {SessionError} `RETURN_URL_REFUSED`
 */
export function returnAddress({ snapshot, options, endpoint, world }: SessionRun): string | null {
  const { id, return_url: address, return_origins } = snapshot.session!;
  if (!address) return null;
  const ownOrigins = [endpoint, world.address].map((own) => new URL(own).origin);
  const registered = Array.isArray(return_origins) ? return_origins : [];
  parseReturnUrl(address, [...ownOrigins, ...registered, ...(words(options.returnOrigins) ?? [])]);
  // As it was written, and never as it was parsed: it may be signed.
  return addParameter(address, 'session_id', id);
}
