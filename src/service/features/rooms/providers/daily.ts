import type { RoomProvider } from '../room-provider.js';
import { askApi, requireOk, requireText, RoomProviderError } from './provider-api.js';
import { isWebAddress, requireWebAddress } from './web-address.js';

export interface DailyOptions {
  apiKey: string;
  /** Where Daily's API answers, for tests: `https://api.daily.co/v1` where none is named. */
  apiUrl?: string;
}

/** Longer than any session: a room that nobody closes goes by itself, ms. */
const longestMs = 3 * 86_400_000;

/**
 * Private rooms of Daily, one for each session: who joins has a meeting token.
 * @throws {TypeError} where the key is missing, or the address is none.
 */
export function daily({ apiKey, apiUrl = 'https://api.daily.co/v1' }: DailyOptions): RoomProvider {
  if (!/^[!-~]+$/.test(apiKey)) throw new TypeError('Daily needs an apiKey');
  const api = requireWebAddress('apiUrl of Daily', apiUrl).href.replace(/\/$/, '');
  const ask = (method: string, path: string, body?: object) =>
    askApi(`Daily ${method} ${path.replace(/\/[^/]+$/, '/...')}`, api + path, {
      method,
      token: apiKey,
      ...(body && { body }),
    });
  const lasting = (atMs: number) => ({ exp: Math.floor(atMs / 1000), eject_at_room_exp: true });

  return {
    name: 'daily',
    async open({ sessionId }) {
      const room = { name: sessionId, privacy: 'private', properties: lasting(Date.now() + longestMs) };
      const made = await ask('POST', '/rooms', room);
      // It is there already.
      const found = made.status === 400 ? await ask('GET', `/rooms/${sessionId}`) : made;
      const url = requireText('url', requireOk('Daily rooms', found));
      if (!isWebAddress(url) || nameOf(url) !== sessionId)
        throw new RoomProviderError('the room of Daily has another address');
      return { roomId: url };
    },
    async join({ roomId }, { participant, expiresAt }) {
      const properties = {
        room_name: nameOf(roomId),
        exp: Math.floor(expiresAt / 1000),
        is_owner: participant === 'provider',
      };
      const made = await ask('POST', '/meeting-tokens', { properties });
      const url = new URL(roomId);
      url.searchParams.set('t', requireText('token', requireOk('Daily meeting-tokens', made)));
      return { joinUrl: url.href };
    },
    async close(roomId) {
      // One whose time is up puts everybody out, and is removed by Daily; removed by us it need not put anybody out.
      const answer = await ask('POST', `/rooms/${nameOf(roomId)}`, { properties: lasting(Date.now()) });
      if (answer.status !== 404) requireOk('Daily rooms', answer);
    },
  };
}

const nameOf = (url: string): string => new URL(url).pathname.slice(1);
