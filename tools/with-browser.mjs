// Runs Node, or a program of a package, with CHROME_PATH set: node tools/with-browser.mjs node|PROGRAM [ARGUMENTS]
import { spawnSync } from 'node:child_process';
import { findBrowser } from './browser.mjs';
import { program } from './program.mjs';

/** Packages whose program has another name. */
const packages = { 'web-test-runner': '@web/test-runner' };

const [command, ...args] = process.argv.slice(2);
const nodeArgs = command === 'node' ? args : [program(packages[command] ?? command, command), ...args];
const env = { ...process.env, CHROME_PATH: await findBrowser() };
const { status, error } = spawnSync(process.execPath, nodeArgs, { stdio: 'inherit', env });
if (error) console.error(error.message);
process.exit(status ?? 1);
