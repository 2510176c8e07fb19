// Runs a command with one PostgreSQL for all test files that it starts: node on-one-postgres.ts COMMAND [ARGUMENTS]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startRealPostgres } from './real-postgres.js';

const [command, ...args] = process.argv.slice(2);
const postgres = await startRealPostgres();
try {
  const TEMPLATE_DATABASE = await postgres.makeTemplate();
  const env = { ...process.env, DATABASE_URL: postgres.url, TEMPLATE_DATABASE };
  const [code] = (await once(spawn(command!, args, { stdio: 'inherit', env }), 'exit')) as [number | null];
  process.exitCode = code ?? 1;
} finally {
  await postgres.stop();
}
