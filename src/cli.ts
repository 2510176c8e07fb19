#!/usr/bin/env node
import { parseArgs } from 'node:util';

const usage = `marketplace-session serve [options]

  --port <number>        port to listen on (8787)
  --host <name>          address to listen on (127.0.0.1)
  --data-dir <folder>    where the embedded database lives (.data)
  --public-url <url>     the service's address as others see it (http://localhost:<port>)

Environment: DATABASE_URL (a PostgreSQL server in place of the embedded database),
MARKETPLACE_OPERATOR_KEY (at least 32 characters; without it one is made in <data-dir>/operator.key).`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      port: { type: 'string', default: '8787' },
      host: { type: 'string', default: '127.0.0.1' },
      'data-dir': { type: 'string', default: '.data' },
      'public-url': { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help || positionals.length !== 1 || positionals[0] !== 'serve') {
    console.log(usage);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new TypeError('--port must be 0 to 65535');
  const { serveCommand } = await import('./service/serve-command.js');
  await serveCommand({
    port,
    host: values.host,
    dataDirectory: values['data-dir'],
    publicUrl: values['public-url'],
    databaseUrl: process.env.DATABASE_URL,
    operatorKey: process.env.MARKETPLACE_OPERATOR_KEY,
  });
}

/** What to tell the person at the terminal: one line, and what to do. */
function explain(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code !== 'ERR_MODULE_NOT_FOUND') return message;
  const driver = process.env.DATABASE_URL ? 'pg' : '@electric-sql/pglite';
  return `The session service needs packages that are not installed. Run:
  npm install hono @hono/node-server @hono/zod-openapi zod jose kysely ${driver}`;
}

main().catch((error: unknown) => {
  console.error(explain(error));
  // A server that listens already must not keep a failed start alive.
  process.exit(1);
});
