import { SessionError } from '../../protocol/errors.js';
import { askOwnServer, requireAvailable } from '../network/own-server.js';
import type { World } from '../world.js';

/**
 * Asks the page's own server for a session token.
 * @param address answers `{session_token}` or `{sessionToken}` to a POST with the page's cookies.
 * @throws {SessionError} `NETWORK_FAILED`, `PAGE_SERVER_UNAVAILABLE`, `TOKEN_MISSING`
 */
export async function requestSessionToken(
  world: World,
  address: string,
  signal: AbortSignal,
): Promise<string> {
  const { response, body } = await askOwnServer(world, address, signal).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw new SessionError('NETWORK_FAILED', { message: 'session-token-url did not answer', cause });
  });
  requireAvailable(response, world);
  const answer = body as Record<string, unknown> | null | undefined;
  const token = answer?.session_token ?? answer?.sessionToken;
  if (!response.ok || typeof token !== 'string') {
    throw new SessionError('TOKEN_MISSING', {
      message: 'session-token-url did not answer with a token',
      status: response.status,
    });
  }
  return token;
}
