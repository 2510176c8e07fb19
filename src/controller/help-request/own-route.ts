import { SessionError } from '../../protocol/errors.js';
import { goodAnswer, networkError } from '../network/http-client.js';
import { askOwnServer } from '../network/own-server.js';
import type { World } from '../world.js';

/**
 * Asks a route of the provider's own server, with the page's cookies, by a POST of JSON.
 * @returns what it answers; problems (RFC 9457) are told by their code, as those of the service.
 * @throws {SessionError} the code it answers, or `NETWORK_FAILED`, `TIMED_OUT`, `ANSWER_INVALID`.
 */
export async function askOwnRoute(
  world: World,
  address: string,
  { body, idempotencyKey }: { body: object; idempotencyKey?: string },
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  const headers = {
    Accept: 'application/json',
    'Content-Type': 'application/json',
    ...(idempotencyKey && { 'Idempotency-Key': idempotencyKey }),
  };
  const answer = await askOwnServer(world, address, signal, { body: JSON.stringify(body), headers }).catch(
    (cause: unknown) => {
      signal.throwIfAborted();
      throw networkError(cause);
    },
  );
  return goodAnswer<Record<string, unknown>>(answer, world.now()).body;
}

/**
 * An address to go to, which came from elsewhere.
 * @param base the page's own address.
 * @throws {SessionError} `ANSWER_INVALID` where it is none of the web's.
 */
export function checkedDestination(address: unknown, base: string): string {
  const text = typeof address === 'string' ? address : '';
  if (!text || !URL.canParse(text, base) || !/^https?:$/.test(new URL(text, base).protocol))
    throw new SessionError('ANSWER_INVALID');
  // As it was written: it may be signed.
  return text;
}
