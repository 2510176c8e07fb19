import { sqlMigration } from './sql-migration.js';

/**
 * Events of any subject, in the table that held those of sessions alone. An older instance goes on with `outbox`, a view
 * that reads, locks, writes and deletes the same rows; it names a session, and the database adds what it does not know.
 * Events that were there before have no subject until `nameSubjects` has been through them.
 */
export const events = sqlMigration([
  `alter table outbox rename to events`,
  // No row is written while everybody waits for the table.
  `alter table events
    alter column session_id drop not null,
    add column subject text,
    add column provider_id text,
    add constraint events_have_subjects check (subject is not null) not valid`,
  `create function complete_event() returns trigger language plpgsql as $$
  begin
    if new.subject is null then
      new.subject := 'session:' || new.session_id;
      new.provider_id := (select applications.provider_id
        from sessions join applications on applications.id = sessions.application_id
        where sessions.id = new.session_id);
    elsif new.subject like 'session:%' then
      new.session_id := substr(new.subject, length('session:') + 1);
    end if;
    return new;
  end $$`,
  `create trigger events_complete before insert on events for each row execute function complete_event()`,
  // An older instance deletes by the place of a row.
  `create view outbox as
    select ctid, id, type, session_id, payload, created_at from events where session_id is not null`,
]);
