// Runs a command with CHROME_PATH set: node tools/with-browser.mjs COMMAND [ARGUMENTS]
import { spawnSync } from 'node:child_process';
import { delimiter, resolve } from 'node:path';
import { findBrowser } from './browser.mjs';

const [command, ...args] = process.argv.slice(2);
const PATH = `${resolve('node_modules/.bin')}${delimiter}${process.env.PATH}`;
const env = { ...process.env, PATH, CHROME_PATH: await findBrowser() };
const { status, error } = spawnSync(command, args, { stdio: 'inherit', env });
if (error) console.error(error.message);
process.exit(status ?? 1);
