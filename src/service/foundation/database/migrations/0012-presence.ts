import { sqlMigration } from './sql-migration.js';

/** Who is there. Whoever streams from an older instance is not counted. */
export const presence = sqlMigration([
  `create table instances (
    id text primary key,
    alive_since bigint not null,
    alive_until bigint not null
  )`,
  `create table attendances (
    session_id text not null references sessions,
    participant text not null check (participant in ('customer', 'provider')),
    instance_id text not null references instances,
    primary key (session_id, participant, instance_id)
  )`,
  `create index attendances_by_instance on attendances (instance_id)`,
  `create table presences (
    session_id text not null references sessions,
    participant text not null check (participant in ('customer', 'provider')),
    state text not null check (state in ('present', 'lost')),
    since bigint not null,
    seen_at bigint not null,
    due_at bigint,
    primary key (session_id, participant)
  )`,
  `create index presences_due on presences (due_at) where due_at is not null`,
]);
