import { createHash } from 'node:crypto';
import type { JsonObject } from './backend.js';
import { expect, expectWhole, shown } from './expect.js';
import { NotOffered, type Row } from './row.js';

/** What the sides of a session send each other. */
export const files: readonly Row[] = [
  {
    name: 'files-once',
    asks: 'a file is kept as it is sent and once by its Idempotency-Key, listed with a link and what may be sent, and gone once its sender deletes it (where capabilities names files)',
    async check({ sell, backend }) {
      const sold = await sell();
      const { capabilities } = await sold.validate();
      if (!Array.isArray(capabilities) || !capabilities.includes('files'))
        throw new NotOffered('capabilities does not name files');
      const path = `${sold.path}/files`;
      const [name, content] = ['Leck „unten“.txt', 'Es tropft.\n<b>Hier</b> ✓'];
      const send = (key: string) =>
        backend.succeed('POST', path, {
          token: sold.token,
          content,
          headers: { 'X-File-Name': encodeURIComponent(name), 'Idempotency-Key': key },
        });
      const list = async () => {
        const page = await backend.succeed('GET', path, { token: sold.token });
        expect(Array.isArray(page.files), `files is to be a list, and is ${shown(page.files)}`);
        return { files: page.files as JsonObject[], limits: (page.limits ?? {}) as JsonObject };
      };
      const key = crypto.randomUUID();
      const first = await send(key);
      const wanted = {
        name,
        size: Buffer.byteLength(content),
        sha256: createHash('sha256').update(content).digest('hex'),
        sent_by: 'customer',
      };
      for (const [member, value] of Object.entries(wanted))
        expect(
          first[member] === value,
          `${member} of the file is to be ${shown(value)}, and is ${shown(first[member])}`,
        );
      const again = await send(key);
      expect(
        again.id === first.id,
        `the same Idempotency-Key is to be the same file ${shown(first.id)}, and is ${shown(again.id)}`,
      );
      const { files: listed, limits } = await list();
      expect(
        shown(listed.map(({ id }) => id)) === shown([first.id]),
        `the list is to hold the file alone, and holds ${shown(listed.map(({ id }) => id))}`,
      );
      expectWhole(limits.max_file_bytes, 'max_file_bytes of limits', 1);
      const [{ url, url_expires_at } = {}] = listed;
      expect(
        typeof url === 'string' && /^https?:\/\//.test(url),
        `url is to be a web address, and is ${shown(url)}`,
      );
      expectWhole(url_expires_at, 'url_expires_at', Math.floor(Date.now() / 1000));
      const deleted = await backend.call('DELETE', `${path}/${String(first.id)}`, { token: sold.token });
      expect(deleted.status < 300, `the sender is to delete the file, and gets ${deleted.status}`);
      const { files: left } = await list();
      expect(left.length === 0, `nothing is to be listed once it is deleted, and there is ${shown(left)}`);
    },
  },
];
