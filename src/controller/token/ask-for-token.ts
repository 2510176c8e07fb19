import { SessionError } from '../../protocol/errors.js';
import type { SessionRun } from '../run/session-run.js';
import { untilAnswered } from '../network/http-client.js';
import { requestSessionToken } from './session-token-request.js';

/**
 * Asks the program, or the page's own server, for a session token.
 * @param attempts how often the server is asked where it does not answer, or not now.
 * @throws {SessionError} `TOKEN_MISSING` where neither is set or has one, `NETWORK_FAILED`, `PAGE_SERVER_UNAVAILABLE`.
 */
export async function askForToken(run: SessionRun, attempts?: number): Promise<string> {
  const { getSessionToken, sessionTokenUrl } = run.options;
  const given = await getSessionToken?.();
  if (given) return given;
  if (!sessionTokenUrl) throw new SessionError('TOKEN_MISSING');
  const ask = () => requestSessionToken(run.world, sessionTokenUrl, run.signal);
  return untilAnswered(run, ask, attempts);
}
