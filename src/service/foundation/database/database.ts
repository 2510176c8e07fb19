import type { Kysely } from 'kysely';
import type { Tables } from './schema.js';

/** Called with the payload of a notification, or with null where some may have been missed: read again. */
export type NotificationListener = (payload: string | null) => void;

/** What the service asks of its database: PostgreSQL 15 or newer, embedded or a server. */
export interface Database {
  readonly kysely: Kysely<Tables>;
  /** Listens on a channel (LISTEN) until the returned function is called. */
  listen(channel: string, listener: NotificationListener): Promise<() => Promise<void>>;
  /** Runs work whose statements may take as long as they take, such as a migration. */
  unhurried<T>(work: (kysely: Kysely<Tables>) => Promise<T>): Promise<T>;
  /** Ends every connection; an embedded database gives its directory free. */
  close(): Promise<void>;
}
