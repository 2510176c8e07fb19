import { SignJWT } from 'jose';
import type { RoomProvider } from '../room-provider.js';
import { requireWebAddress } from './web-address.js';

export interface JitsiOptions {
  /** Your own server, such as `meet.example`. */
  host: string;
  /** `app_id` and `app_secret` of its token authentication. Without them whoever knows the id of a session gets in. */
  appId?: string;
  secret?: string;
}

/**
 * Rooms of a Jitsi Meet server of your own, which lets in who has a token for the room. It is told of no end: people stay until they
 * leave.
 * @throws {TypeError} where the host is none, or of `appId` and `secret` one is missing.
 */
export function jitsi({ host, appId, secret }: JitsiOptions): RoomProvider {
  const base = requireWebAddress('host of Jitsi', `https://${host}`);
  if (base.host !== host.toLowerCase())
    throw new TypeError('host of Jitsi must be a name, and a port where it has one');
  if (!appId !== !secret) throw new TypeError('appId and secret of Jitsi go together: name both, or neither');
  const key = new TextEncoder().encode(secret ?? '');
  return {
    name: 'jitsi',
    open: async ({ sessionId }) => ({ roomId: sessionId }),
    async join({ roomId }, { id, expiresAt }) {
      const url = new URL(base);
      url.pathname = `/${encodeURIComponent(roomId)}`;
      if (!appId) return { joinUrl: url.href };
      const token = await new SignJWT({ room: roomId, context: { user: { id } } })
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .setAudience('jitsi')
        .setIssuer(appId)
        .setSubject(base.hostname)
        .setExpirationTime(Math.floor(expiresAt / 1000))
        .sign(key);
      url.searchParams.set('jwt', token);
      return { joinUrl: url.href };
    },
    close: async () => {},
  };
}
