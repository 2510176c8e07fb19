import { SignJWT } from 'jose';
import type { RoomProvider } from '../room-provider.js';
import { askApi, requireOk } from './provider-api.js';
import { requireWebAddress } from './web-address.js';

export interface LiveKitOptions {
  /** Of the server, such as `wss://rooms.example` or `wss://<project>.livekit.cloud`. */
  url: string;
  apiKey: string;
  apiSecret: string;
  /** The page that joins: it is given `liveKitUrl` and `token`. LiveKit's own, `https://meet.livekit.io/custom`, by default. */
  meetUrl?: string;
}

/** How long a token of the service itself counts, seconds: longer than clocks may be apart. */
const ownTokenSeconds = 600;
/** A room in which nobody is goes after that, and comes back with whoever joins, seconds. */
const emptyTimeoutSeconds = 3_600;

/**
 * Rooms of a LiveKit server.
 * @throws {TypeError} where an address is none, or a key is missing.
 */
export function livekit({ url, apiKey, apiSecret, meetUrl }: LiveKitOptions): RoomProvider {
  if (!/^wss?:\/\//i.test(url) || !apiKey || !apiSecret)
    throw new TypeError('LiveKit needs url (wss://...), apiKey and apiSecret');
  const api = requireWebAddress('url of LiveKit', url.replace(/^ws/i, 'http')).href.replace(/\/$/, '');
  const page = requireWebAddress('meetUrl of LiveKit', meetUrl ?? 'https://meet.livekit.io/custom');
  const key = new TextEncoder().encode(apiSecret);

  const sign = (grants: object, expiresAt: number, identity?: string) => {
    const token = new SignJWT({ video: grants })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setIssuer(apiKey)
      .setExpirationTime(Math.floor(expiresAt / 1000));
    return (identity === undefined ? token : token.setSubject(identity)).sign(key);
  };
  const ask = async (method: string, body: object) =>
    askApi(`LiveKit ${method}`, `${api}/twirp/livekit.RoomService/${method}`, {
      method: 'POST',
      token: await sign({ roomCreate: true }, Date.now() + ownTokenSeconds * 1000),
      body,
    });

  return {
    name: 'livekit',
    async open({ sessionId }) {
      // The same name is the same room.
      const body = { name: sessionId, empty_timeout: emptyTimeoutSeconds };
      requireOk('LiveKit CreateRoom', await ask('CreateRoom', body));
      return { roomId: sessionId };
    },
    async join({ roomId }, { id, expiresAt }) {
      const token = await sign({ room: roomId, roomJoin: true }, expiresAt, id);
      const join = new URL(page);
      join.searchParams.set('liveKitUrl', url);
      join.searchParams.set('token', token);
      return { joinUrl: join.href };
    },
    async close(roomId) {
      const answer = await ask('DeleteRoom', { room: roomId });
      if (answer.status !== 404) requireOk('LiveKit DeleteRoom', answer);
    },
  };
}
