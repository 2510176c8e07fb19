import { openDatabase } from './database/open-database.js';
import { readOperatorKey } from './operator-key.js';
import { createSessionService, type SessionService } from './service.js';
import { serve } from './server.js';

export interface ServeCommand {
  port: number;
  host: string;
  dataDirectory: string;
  /** Without one: http://localhost and the port. */
  publicUrl: string | undefined;
  /** A PostgreSQL server in place of the embedded database. */
  databaseUrl: string | undefined;
  /** Without one: the file `operator.key` in the data directory, made where it is missing. */
  operatorKey: string | undefined;
}

/** Runs the session service until SIGINT or SIGTERM; what runs then is finished first. */
export async function serveCommand(command: ServeCommand): Promise<void> {
  const { port, host, dataDirectory, databaseUrl } = command;
  const database = await openDatabase(databaseUrl ? { databaseUrl } : { dataDirectory });
  const operatorKey = command.operatorKey ?? (await readOperatorKey(dataDirectory, console.log));
  // The issuer may hold a port that is known only now; requests that come before the service is ready wait for it.
  const { promise: service, resolve: ready } = withResolvers<SessionService>();
  const server = await serve({ fetch: async (request) => (await service).fetch(request) }, { port, host });
  const publicUrl = command.publicUrl ?? `http://localhost:${new URL(server.url).port}`;
  const started = createSessionService({ database, operatorKey, publicUrl, logger: consoleLogger });
  await started.start();
  ready(started);
  console.log(`The session service runs at ${server.url} (issuer ${publicUrl})`);

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, async () => {
      await server.close();
      await started.close();
      await database.close();
      process.exit(0);
    });
  }
}

function withResolvers<T>() {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((done) => (resolve = done));
  return { promise, resolve };
}

const consoleLogger = {
  info: (message: string, fields: object = {}) => console.log(JSON.stringify({ message, ...fields })),
  error: (message: string, fields: object = {}) => console.error(JSON.stringify({ message, ...fields })),
};
