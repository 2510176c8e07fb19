import { sql, type Kysely } from 'kysely';
import { inTurn } from '../database/in-turn.js';
import type { Tables } from '../database/schema.js';

/** Events that are gone through in one statement: no row is locked for longer than that. */
const sliceSize = 10_000;

/**
 * Gives their subject to the events that were there before events had one, while other instances go on reading and
 * appending. Once it has come to the end the database itself keeps that all have one, and nothing is left to do.
 * @param kysely where a statement may take its time.
 * @param signal ends it between two slices; the next start goes on.
 */
export async function nameSubjects(kysely: Kysely<Tables>, signal?: AbortSignal): Promise<void> {
  await kysely.connection().execute(async (db) => {
    if (await areAllNamed(db)) return;
    await inTurn(db, 'subjects', signal, async () => {
      if (await areAllNamed(db)) return;
      let last: number | null = 0;
      while (last !== null) {
        signal?.throwIfAborted();
        last = await nameSlice(db, last);
      }
      // It reads the table, and holds up nobody.
      await sql`alter table events validate constraint events_have_subjects`.execute(db);
    });
  });
}

/** @returns the last event that was looked at; null where there is none after `from`. */
async function nameSlice(db: Kysely<Tables>, from: number): Promise<number | null> {
  const { rows } = await sql<{ last: number | null }>`
    with slice as (
      select id from events where id > ${from}::bigint order by id limit ${sliceSize}
    ), named as (
      update events set subject = 'session:' || sessions.id, provider_id = applications.provider_id
      from slice, sessions join applications on applications.id = sessions.application_id
      where events.id = slice.id and events.subject is null and sessions.id = events.session_id
    )
    select max(id) as last from slice`.execute(db);
  return rows[0]!.last;
}

async function areAllNamed(db: Kysely<Tables>): Promise<boolean> {
  const { rows } = await sql<{ isValid: boolean }>`
    select convalidated as "isValid" from pg_constraint
    where conname = 'events_have_subjects' and connamespace = current_schema()::regnamespace`.execute(db);
  return rows[0]!.isValid;
}
