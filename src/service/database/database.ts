import type { Kysely } from 'kysely';
import type { Tables } from './schema.js';

/** Called with the payload of a notification, or with null where some may have been missed: read again. */
export type NotificationListener = (payload: string | null) => void;

/** What the service asks of its database: PostgreSQL 15 or newer, embedded or a server. */
export interface Database {
  readonly kysely: Kysely<Tables>;
  /** Listens on a channel (LISTEN) until the returned function is called. */
  listen(channel: string, listener: NotificationListener): Promise<() => Promise<void>>;
  /** Ends every connection; an embedded database gives its directory free. */
  close(): Promise<void>;
}

export type DatabaseOptions =
  /** Embedded, in this directory; made where it is missing. */
  | { dataDirectory: string }
  /** A PostgreSQL server, such as `postgres://user@host/name`. */
  | { databaseUrl: string }
  /** Embedded, gone with the process. */
  | { memory: true };

/**
 * Opens the database, without touching its contents: `createSessionService(...).start()` migrates.
 * @throws {SessionError} `STORAGE_LOCKED` where another process uses the data directory.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  if ('databaseUrl' in options) {
    const { openServerDatabase } = await import('./server-database.js');
    return openServerDatabase(options.databaseUrl);
  }
  const { openEmbeddedDatabase } = await import('./embedded-database.js');
  return openEmbeddedDatabase('dataDirectory' in options ? options.dataDirectory : undefined);
}
