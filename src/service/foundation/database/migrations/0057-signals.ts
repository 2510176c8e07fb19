import { sqlMigration } from './sql-migration.js';

/** What the sides of a session signal to each other, for minutes. An older instance knows nothing of it. */
export const signals = sqlMigration([
  `create table signals (
    id bigint generated always as identity primary key,
    session_id text not null references sessions,
    participant text not null check (participant in ('customer', 'provider')),
    sender_id text not null,
    type text not null,
    data text,
    created_at bigint not null
  )`,
  `create index signals_by_session on signals (session_id, id)`,
  `create index signals_by_age on signals (created_at)`,
]);
