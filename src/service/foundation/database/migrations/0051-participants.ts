import { sqlMigration } from './sql-migration.js';

/**
 * Who is there has a role and an id. `participant` stays the key: `customer`, `provider` (its server), else `<role>:<id>`. What
 * an older instance writes has the key alone, and the database adds what it does not know; so it does to what was there before,
 * which are few rows, for those of sessions that are over are put away.
 */
export const participants = sqlMigration([
  ...['attendances', 'presences'].map(
    (table) => `alter table ${table}
      drop constraint ${table}_participant_check,
      add column role text,
      add column participant_id text`,
  ),
  `alter table sessions add column waits_for text`,
  `create function participant_of(session text, key text, out role text, out id text) language sql stable as $$
    select split_part(key, ':', 1), case key
      when 'customer' then (select user_id from sessions where sessions.id = session)
      when 'provider' then (select applications.provider_id
        from sessions join applications on applications.id = sessions.application_id where sessions.id = session)
      else substr(key, strpos(key, ':') + 1) end
  $$`,
  `create function fill_participant() returns trigger language plpgsql as $$
  begin
    select role, id into new.role, new.participant_id from participant_of(new.session_id, new.participant);
    return new;
  end $$`,
  ...['attendances', 'presences'].flatMap((table) => [
    `create trigger ${table}_participant before insert or update on ${table} for each row
      when (new.role is null) execute function fill_participant()`,
    `update ${table} set role = null`,
  ]),
  // An event names the side, which is no key: that of an observer is none.
  `create function fill_participant_event() returns trigger language plpgsql as $$
  declare who record;
  begin
    select * into who from participant_of(new.payload ->> 'session_id', new.payload ->> 'participant');
    new.payload := new.payload - 'participant' || jsonb_build_object('role', who.role, 'participant_id', who.id)
      || case who.role when 'observer' then '{}' else jsonb_build_object('participant',
        case who.role when 'customer' then 'customer' else 'provider' end) end;
    return new;
  end $$`,
  `create trigger events_participant before insert on events for each row
    when (new.type in ('participant.joined', 'participant.lost', 'participant.back') and not new.payload ? 'role')
    execute function fill_participant_event()`,
]);
