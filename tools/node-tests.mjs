// Runs test files with node:test, as many at once as this machine bears: node tools/node-tests.mjs FILE [FILE ...]
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** A file has a process of its own with a database or a browser in it, up to 1 GB. */
const concurrency = Math.min(Math.max(availableParallelism(), 2), 4);
const args = ['--import', 'tsx', '--test', `--test-concurrency=${concurrency}`, ...process.argv.slice(2)];
process.exit(spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1);
