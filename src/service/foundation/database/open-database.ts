import type { Database } from './database.js';

export type DatabaseOptions =
  /** Embedded, in this directory; made where it is missing. */
  | { dataDirectory: string }
  /** A PostgreSQL server, such as `postgres://user@host/name`. */
  | { databaseUrl: string; /** Connections that work; 10 where it is left out. */ poolSize?: number }
  /** Embedded, gone with the process. */
  | { memory: true };

/**
 * Opens the database, without touching its contents: `createSessionService(...).start()` migrates.
 * @throws {SessionError} `STORAGE_LOCKED` where another process uses the data directory.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  if ('databaseUrl' in options) {
    const { openServerDatabase } = await import('./server-database.js');
    return openServerDatabase(options.databaseUrl, options.poolSize);
  }
  const { openEmbeddedDatabase } = await import('./embedded-database.js');
  return openEmbeddedDatabase('dataDirectory' in options ? options.dataDirectory : undefined);
}
