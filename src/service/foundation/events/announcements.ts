import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { Tables } from '../database/schema.js';
import type { Subject } from './subject.js';

/**
 * Channel on which each event is announced once its transaction is committed, by its id and its subject. It has the name that
 * older instances listen to, and a session is announced as they do it: by its id alone.
 */
export const eventsChannel = 'session_outbox';

/** What is announced of an event; its id is 0 where there is no new one, and streams are to look all the same. */
export const announcementOf = (id: RawBuilder<unknown>, subject: RawBuilder<unknown>): RawBuilder<string> =>
  sql<string>`${id} || ' ' || regexp_replace(${subject}, '^session:', '')`;

/** The event of an announcement, with id 0 where there is no new one, and its subject; undefined where it names none. */
export function announcedEvent(payload: string): { id: number; subject: Subject } | undefined {
  const [, id, name] = /^(\d+) (.+)$/.exec(payload) ?? [];
  if (name === undefined) return undefined;
  const subject = name === 'marketplace' || name.includes(':') ? name : `session:${name}`;
  return { id: Number(id), subject: subject as Subject };
}

/** Has the open streams of a subject look at it again, although there is no new event. */
export async function announceSubject(db: Kysely<Tables>, subject: Subject): Promise<void> {
  const announcement = announcementOf(sql`0`, sql`${subject}::text`);
  await sql`select pg_notify(${eventsChannel}, ${announcement})`.execute(db);
}

/** Has the streams that were opened with credentials of an application look whether these still count. */
export async function announceCredentials(db: Kysely<Tables>, applicationId: string): Promise<void> {
  await sql`select pg_notify(${eventsChannel}, ${`credentials ${applicationId}`})`.execute(db);
}

/** Has the streams that were opened with tokens issued for persons of a provider look whether these still count. */
export async function announceProviderCredentials(db: Kysely<Tables>, providerId: string): Promise<void> {
  await sql`select pg_notify(${eventsChannel}, ${`provider-credentials ${providerId}`})`.execute(db);
}

/** The application whose credentials an announcement is about; undefined where it names none. */
export const announcedApplication = (payload: string): string | undefined =>
  /^credentials (.+)$/.exec(payload)?.[1];

/** The provider whose persons' tokens an announcement is about; undefined where it names none. */
export const announcedProvider = (payload: string): string | undefined =>
  /^provider-credentials (.+)$/.exec(payload)?.[1];
