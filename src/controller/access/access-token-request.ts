import { SessionError } from '../../protocol/errors.js';
import { networkError } from '../network/http-client.js';
import { askOwnServer, requireAvailable } from '../network/own-server.js';
import type { World } from '../world.js';
import { accessTokenOf, type AccessToken } from './access-token.js';

/**
 * Asks the provider's own server for an access token.
 * @param address answers `{access_token, expires_in}` or `{access_token, expires_at}` (seconds, since the epoch) to a POST
 * with the page's cookies, as the service answers `POST /access-tokens`.
 * @throws {SessionError} `ACCESS_TOKEN_REFUSED`, `ACCESS_TOKEN_MISSING`, `PAGE_SERVER_UNAVAILABLE`, `NETWORK_FAILED`, `TIMED_OUT`
 */
export async function requestAccessToken(
  world: World,
  address: string,
  signal: AbortSignal,
): Promise<AccessToken> {
  const { response, body } = await askOwnServer(world, address, signal).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw networkError(cause);
  });
  const { status, headers } = response;
  requireAvailable(response, world);
  if (!response.ok) throw new SessionError('ACCESS_TOKEN_REFUSED', { status });
  const answer = (body ?? {}) as Record<string, unknown>;
  const lifeMs = lifeOf(answer, Date.parse(headers.get('Date') ?? '') || world.now());
  const { access_token: token } = answer;
  if (typeof token !== 'string' || !token || !(lifeMs > 0))
    throw new SessionError('ACCESS_TOKEN_MISSING', { status });
  return accessTokenOf(world, token, lifeMs);
}

/** @param now by the server's clock, where it says so: the device's may be wrong. Ms since the epoch. */
function lifeOf({ expires_in, expires_at }: Record<string, unknown>, now: number): number {
  if (typeof expires_in === 'number') return expires_in * 1000;
  return typeof expires_at === 'number' ? expires_at * 1000 - now : NaN;
}
