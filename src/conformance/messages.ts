import { expect, expectWhole, shown } from './expect.js';
import { NotOffered, type Row } from './row.js';

/** What the sides of a session write to each other. */
export const messages: readonly Row[] = [
  {
    name: 'messages-once',
    asks: 'a message is written once by its client_id, however often it is sent, kept as it is given, and read behind the position that is known (where capabilities names chat)',
    async check({ sell, backend }) {
      const sold = await sell();
      const { capabilities } = await sold.validate();
      if (!Array.isArray(capabilities) || !capabilities.includes('chat'))
        throw new NotOffered('capabilities does not name chat');
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
];
