import { daily, embedded, jitsi, joinLinks, livekit, type RoomProvider } from '../features/rooms/index.js';

/**
 * Where sessions meet, as the environment says: `embedded` where it says nothing, null where it is off.
 * @throws {TypeError} where something is missing, or is none.
 */
export function readRoomProvider(environment: Record<string, string | undefined>): RoomProvider | null {
  const read = (name: string) => environment[name] || undefined;
  const needed = (name: string) => {
    const value = read(name);
    if (value === undefined) throw new TypeError(`${name} is missing: MARKETPLACE_ROOM_PROVIDER asks for it`);
    return value;
  };
  const list = (name: string) => (read(name) ?? '').split(',').flatMap((item) => item.trim() || []);
  const readers: Record<string, () => RoomProvider | null> = {
    off: () => null,
    embedded() {
      const [stunUrls, urls, secret] = [
        list('MARKETPLACE_STUN_URLS'),
        list('MARKETPLACE_TURN_URLS'),
        read('MARKETPLACE_TURN_SECRET'),
      ];
      if (urls.length > 0 !== (secret !== undefined))
        throw new TypeError(
          'MARKETPLACE_TURN_URLS and MARKETPLACE_TURN_SECRET go together: set both, or neither.',
        );
      return embedded({ stunUrls, ...(secret !== undefined && { turn: { urls, secret } }) });
    },
    links() {
      const secret = read('MARKETPLACE_ROOM_LINK_SECRET');
      const [customer, provider] = [
        needed('MARKETPLACE_ROOM_LINK_CUSTOMER'),
        needed('MARKETPLACE_ROOM_LINK_PROVIDER'),
      ];
      return joinLinks({ customer, provider, ...(secret !== undefined && { secret }) });
    },
    jitsi() {
      const [appId, secret] = [read('MARKETPLACE_JITSI_APP_ID'), read('MARKETPLACE_JITSI_SECRET')];
      const host = needed('MARKETPLACE_JITSI_HOST');
      return jitsi({ host, ...(appId !== undefined && { appId }), ...(secret !== undefined && { secret }) });
    },
    livekit() {
      const [url, apiKey, apiSecret] = [
        needed('LIVEKIT_URL'),
        needed('LIVEKIT_API_KEY'),
        needed('LIVEKIT_API_SECRET'),
      ];
      const meetUrl = read('MARKETPLACE_LIVEKIT_MEET_URL');
      return livekit({ url, apiKey, apiSecret, ...(meetUrl !== undefined && { meetUrl }) });
    },
    daily: () => daily({ apiKey: needed('DAILY_API_KEY') }),
  };
  const name = read('MARKETPLACE_ROOM_PROVIDER') ?? 'embedded';
  if (!Object.hasOwn(readers, name))
    throw new TypeError(`MARKETPLACE_ROOM_PROVIDER must be one of ${Object.keys(readers).join(', ')}`);
  return readers[name]!();
}
