import { SessionError } from '../../protocol/errors.js';
import type { SessionRun } from '../run/session-run.js';
import { requestSessionToken } from './session-token-request.js';

/**
 * Asks the program, or the page's own server, for a session token.
 * @throws {SessionError} `TOKEN_MISSING` where neither is set or has one, `NETWORK_FAILED`.
 */
export async function askForToken(run: SessionRun): Promise<string> {
  const { getSessionToken, sessionTokenUrl } = run.options;
  const given = await getSessionToken?.();
  if (given) return given;
  if (!sessionTokenUrl) throw new SessionError('TOKEN_MISSING');
  return requestSessionToken(run.world, sessionTokenUrl, run.signal);
}
