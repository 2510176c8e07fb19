import type { JsonObject } from './backend.js';
import { EventReader } from './event-reader.js';
import { expect, expectWhole, shown } from './expect.js';
import { NotOffered, type Probe, type Row } from './row.js';
import type { SoldSession } from './sold-session.js';

/** What the sides of a session write to each other. */
export const messages: readonly Row[] = [
  {
    name: 'messages-once',
    asks: 'a message is written once by its client_id, however often it is sent, kept as it is given, and read behind the position that is known (where capabilities names chat)',
    async check({ sell, backend }) {
      const sold = await sellWithChat(sell);
      const write = (text: string, client_id: string) => sold.post('messages', { text, client_id });
      const [text, name] = ['<b>Wo?</b>\n“Hier” ✓', crypto.randomUUID()];
      const first = await write(text, name);
      expect(first.text === text, `text is to stay as it is given, and is ${shown(first.text)}`);
      expectWhole(first.position, 'position', 1);
      const again = await write(text, name);
      expect(
        again.id === first.id,
        `the same client_id is to be the same message ${shown(first.id)}, and is ${shown(again.id)}`,
      );
      const second = await write('Und?', crypto.randomUUID());
      const read = async (query: string) => {
        const page = await backend.succeed('GET', `${sold.path}/messages${query}`, { token: sold.token });
        expect(Array.isArray(page.messages), `messages is to be a list, and is ${shown(page.messages)}`);
        return (page.messages as { id?: unknown }[]).map(({ id }) => id);
      };
      const expectIds = (read: unknown[], ...ids: unknown[]) =>
        expect(
          shown(read) === shown(ids),
          `the messages read are to be ${shown(ids)}, and are ${shown(read)}`,
        );
      expectIds(await read(''), first.id, second.id);
      expectIds(await read(`?after=${first.position}`), second.id);
    },
  },
  {
    name: 'messages-to-the-other-side',
    asks: 'the other side hears of a message by an event that does not hold what was written, and reads it, also once the session is over; nothing is written then (where capabilities names chat, with a secret key)',
    async check({ sell, backend, secretKey }) {
      const sold = await sellWithChat(sell);
      if (secretKey === undefined)
        throw new NotOffered('it takes MARKETPLACE_SECRET_KEY to be the other side');
      const path = `${sold.path}/messages`;
      const reader = await EventReader.open(sold);
      try {
        await reader.next();
        const body = { text: 'Nur für Sie', client_id: crypto.randomUUID() };
        const { id } = await backend.succeed('POST', path, { token: secretKey, body });
        const { event, data } = await reader.next();
        expect(event === 'message.created', `message.created is to come, and ${event} comes`);
        expect(data.message_id === id, `message_id is to be ${shown(id)}, and is ${shown(data.message_id)}`);
        expect(!JSON.stringify(data).includes('Nur für Sie'), 'what was written is to be in no event');
        await sold.post('complete');
        const { messages } = await backend.succeed('GET', path, { token: sold.token });
        const [{ text, sent_by } = {} as JsonObject] = messages as JsonObject[];
        expect(
          text === body.text && sent_by === 'provider',
          `the customer is to read what the provider has written, and reads ${shown(messages)}`,
        );
        const late = { text: 'Zu spät', client_id: crypto.randomUUID() };
        const refused = await backend.refuse('POST', path, { token: sold.token, body: late });
        expect(
          refused.body.code === 'SESSION_ENDED',
          `a message after the end is to be refused with SESSION_ENDED, and is with ${shown(refused.body.code)}`,
        );
      } finally {
        reader.leave();
      }
    },
  },
];

/** @throws {NotOffered} */
async function sellWithChat(sell: Probe['sell']): Promise<SoldSession> {
  const sold = await sell();
  const { capabilities } = await sold.validate();
  if (!Array.isArray(capabilities) || !capabilities.includes('chat'))
    throw new NotOffered('capabilities does not name chat');
  return sold;
}
