import type { JsonObject } from './backend.js';
import { EventReader } from './event-reader.js';
import { expect, expectWhole, shown } from './expect.js';
import { NotOffered, type Probe, type Row } from './row.js';

/** Where both sides meet, and what their pages signal to each other for it; optional, and named in `capabilities`. */
export const rooms: readonly Row[] = [
  {
    name: 'room-for-each-side',
    asks: 'each side asks how it joins, until when, and which of the two gives way; by a page, or in the page itself (where capabilities names room)',
    async check(probe) {
      const { sold, secretKey } = await offered(probe);
      const open = (body: JsonObject, token: string) =>
        sold.backend.succeed('POST', `${sold.path}/room`, { token, body });
      const customer = await open({}, sold.token);
      const provider = await open({ participant: 'provider' }, secretKey);
      const sides = [customer, provider];
      const read = await sold.backend.succeed('GET', `${sold.path}/room`, { token: sold.token });
      expect(read.participant === 'customer', 'a room that is open is to be read as well');
      for (const [index, side] of ['customer', 'provider'].entries())
        expect(
          sides[index]!.participant === side,
          `participant is to be ${side}, and is ${shown(sides[index]!.participant)}`,
        );
      for (const { expires_at, join_url, ice_servers } of sides) {
        expectWhole(expires_at, 'expires_at of a room', 1);
        const isPage = typeof join_url === 'string' && /^https?:/.test(join_url);
        expect(isPage || Array.isArray(ice_servers), 'a room is to have a join_url or ice_servers');
      }
      const polite = sides.filter((side) => side.polite === true);
      expect(polite.length === 1, `one side is to be polite, and ${polite.length} are`);
      await sold.post('complete');
      const refused = await sold.backend.refuse('POST', `${sold.path}/room`, { token: sold.token, body: {} });
      expect(
        refused.body.code === 'SESSION_ENDED',
        `the room of a session that is over is to be refused with SESSION_ENDED, and is with ${shown(refused.body.code)}`,
      );
    },
  },
  {
    name: 'signals-to-the-other-side',
    asks: 'a signal is heard by the other side as it is, in its order, without an id and not by who comes later (where capabilities names room)',
    async check(probe) {
      const { sold, secretKey } = await offered(probe);
      const readers: EventReader[] = [];
      const listen = async (as: string) => {
        const reader = await EventReader.open(sold, { as });
        readers.push(reader);
        const { event, id } = await reader.next();
        expect(event === 'session.snapshot', `session.snapshot is to come first, and ${event} comes`);
        return { reader, id };
      };
      const signal = async (token: string, body: JsonObject) => {
        const { status } = await sold.backend.call('POST', `${sold.path}/signals`, { token, body });
        expect(
          status === 202 || status === 204,
          `a signal is to be taken with 202 or 204, and is with ${status}`,
        );
      };
      try {
        const provider = await listen(secretKey);
        const data = { sdp: 'v=0\r\na=\u00fc\r\n' };
        const sent = [
          { type: 'join', sender_id: 'page-1' },
          { type: 'description', sender_id: 'page-1', data },
        ];
        for (const one of sent) await signal(sold.token, one);
        for (const { sender_id, ...others } of sent) {
          const { event, data: told, id } = await provider.reader.next();
          expect(event === 'session.signal', `session.signal is to come, and ${event} comes`);
          const wanted = { ...others, from: 'customer', sender_id };
          const isSame = Object.entries(wanted).every(([name, value]) => shown(told[name]) === shown(value));
          expect(isSame, `a signal is to be ${shown(wanted)}, and is ${shown(told)}`);
          expect(id === provider.id, 'a signal is to have no id');
        }
        const customer = await listen(sold.token);
        await signal(secretKey, { type: 'leave', sender_id: 'page-2', participant: 'provider' });
        const { data: heard } = await customer.reader.next();
        expect(
          heard.from === 'provider' && heard.type === 'leave',
          `the customer is to hear the provider alone, and hears ${shown(heard)}`,
        );
      } finally {
        readers.forEach((reader) => reader.leave());
      }
    },
  },
];

/** @throws {NotOffered} */
async function offered({ sell, secretKey }: Probe) {
  const sold = await sell();
  const { capabilities } = await sold.validate();
  if (!Array.isArray(capabilities) || !capabilities.includes('room'))
    throw new NotOffered('capabilities does not name room');
  if (secretKey === undefined) throw new NotOffered('it takes MARKETPLACE_SECRET_KEY to be the other side');
  return { sold, secretKey };
}
