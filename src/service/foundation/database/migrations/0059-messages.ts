import { sqlMigration } from './sql-migration.js';

/** What is written in sessions. An older instance knows nothing of it, and leaves it there. */
export const messages = sqlMigration([
  `create table messages (
    id text primary key,
    session_id text not null references sessions,
    position bigint not null check (position > 0),
    sender text not null,
    role text check (role in ('customer', 'helper', 'provider')),
    participant_id text,
    client_id text not null,
    text text not null,
    created_at bigint not null,
    unique (session_id, position),
    unique (session_id, sender, client_id),
    check ((role is null) = (sender = 'marketplace')),
    check ((role is null) = (participant_id is null))
  )`,
  `create index messages_by_age on messages (created_at)`,
]);
