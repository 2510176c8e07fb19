import { openDatabase } from './database/database.js';
import { readOperatorKey } from './operator-key.js';
import { createSessionService } from './service.js';
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
  // The port may be any free one, so the service is made when it is known; requests that are faster wait for it.
  let ready!: (fetch: (request: Request) => Promise<Response>) => void;
  const handler = new Promise<(request: Request) => Promise<Response>>((resolve) => (ready = resolve));
  const server = await serve({ fetch: async (request) => (await handler)(request) }, { port, host });
  const publicUrl = command.publicUrl ?? `http://localhost:${new URL(server.url).port}`;
  const service = createSessionService({ database, operatorKey, publicUrl, logger: consoleLogger });
  await service.start();
  ready((request) => service.fetch(request));
  console.log(`The session service runs at ${server.url} (issuer ${publicUrl})`);

  const stop = async () => {
    await server.close();
    await service.close();
    await database.close();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      stop().then(
        () => process.exit(0),
        (error: unknown) => {
          console.error(error);
          process.exit(1);
        },
      );
    });
  }
}

const consoleLogger = {
  info: (message: string, fields: object = {}) => console.log(JSON.stringify({ message, ...fields })),
  error: (message: string, fields: object = {}) => console.error(JSON.stringify({ message, ...fields })),
};
