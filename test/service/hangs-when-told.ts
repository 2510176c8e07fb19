// Loaded into a process that is to be killed: the file system does nothing more where a file named after the step lies in HANG_AT,
// and says so by another one beside it.
import { existsSync, writeFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';

const { open, rename, rm } = fs;
const places = process.env.HANG_AT!;

async function hang(step: string): Promise<void> {
  const place = join(places, step);
  if (!existsSync(place)) return;
  writeFileSync(`${place}.reached`, '');
  await new Promise(() => {});
}

Object.assign(fs, {
  async open(...args: Parameters<typeof open>) {
    if (String(args[0]).endsWith('.part')) await hang('before-object');
    return open(...args);
  },
  async rename(...args: Parameters<typeof rename>) {
    await rename(...args);
    await hang('after-object');
  },
  async rm(...args: Parameters<typeof rm>) {
    const isObject = /[\da-f-]{36}$/.test(String(args[0]));
    if (isObject) await hang('before-removal');
    await rm(...args);
    if (isObject) await hang('after-removal');
  },
});
syncBuiltinESMExports();
