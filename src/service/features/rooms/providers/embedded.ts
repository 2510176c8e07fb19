import type { IceServer } from '../../../../protocol/room.js';
import type { RoomProvider } from '../room-provider.js';

export interface EmbeddedOptions {
  /** Servers that tell a browser how it is seen from outside, such as `stun:turn.example`. None by default. */
  stunUrls?: readonly string[];
  /** A relay, for the browsers that find no way to each other. */
  turn?: TurnOptions;
}

export interface TurnOptions {
  /** Such as `turn:turn.example` and `turns:turn.example:443?transport=tcp`. */
  urls: readonly string[];
  /** Shared with the relay: `static-auth-secret` of coturn. */
  secret: string;
}

/**
 * The room in the page itself: the two browsers talk to each other (WebRTC), and signal over the service.
 * @throws {TypeError} where an address is none, or a relay has no secret.
 */
export function embedded({ stunUrls = [], turn }: EmbeddedOptions = {}): RoomProvider {
  requireUrls('stunUrls', stunUrls, ['stun', 'stuns']);
  if (turn) requireUrls('turn.urls', turn.urls, ['turn', 'turns']);
  if (turn && (turn.secret === '' || turn.urls.length === 0))
    throw new TypeError('turn must have urls and a secret');
  const servers: IceServer[] = stunUrls.length > 0 ? [{ urls: [...stunUrls] }] : [];
  return {
    name: 'embedded',
    open: async ({ sessionId }) => ({ roomId: sessionId }),
    async join({ sessionId }, { expiresAt }) {
      if (!turn) return { iceServers: servers };
      const username = `${Math.floor(expiresAt / 1000)}:${sessionId}`;
      const relay = {
        urls: [...turn.urls],
        username,
        credential: await credentialFor(username, turn.secret),
      };
      return { iceServers: [...servers, relay] };
    },
    close: async () => {},
  };
}

/** The password of a name that says until when it counts (draft-uberti-behave-turn-rest-00, 2.2). */
async function credentialFor(username: string, secret: string): Promise<string> {
  const encoder = new TextEncoder();
  const algorithm = { name: 'HMAC', hash: 'SHA-1' };
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), algorithm, false, ['sign']);
  return Buffer.from(await crypto.subtle.sign('HMAC', key, encoder.encode(username))).toString('base64');
}

function requireUrls(name: string, urls: readonly string[], schemes: readonly string[]): void {
  const isOne = (url: string) => schemes.some((scheme) => new RegExp(`^${scheme}:[^/\\s]+$`).test(url));
  const wrong = urls.find((url) => !isOne(url));
  if (wrong !== undefined) throw new TypeError(`${name} holds ${wrong}: write ${schemes[0]}:host`);
}
