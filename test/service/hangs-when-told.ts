// Loaded into a process that is to be killed: the file system does nothing more where a file named after the step lies in HANG_AT.
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { hangWhenArmed } from './hang-when-armed.js';

const { open, rename, rm } = fs;
const hang = (step: string) => hangWhenArmed(process.env.HANG_AT!, step);

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
