// Runs a command with CHROME_PATH set: node tools/with-browser.mjs COMMAND [ARGUMENTS]
import { spawnSync } from 'node:child_process';
import { findBrowser } from './browser.mjs';

const [command, ...args] = process.argv.slice(2);
const env = { ...process.env, CHROME_PATH: await findBrowser() };
const { status, signal } = spawnSync(command, args, { stdio: 'inherit', env, shell: false });
process.exit(status ?? (signal ? 1 : 0));
