import { sqlMigration } from './sql-migration.js';

/** Rooms of sessions that are not closed yet. An older instance knows nothing of them, and leaves them there. */
export const rooms = sqlMigration([
  `create table rooms (
    session_id text primary key references sessions,
    provider text not null,
    room_id text,
    is_over boolean not null default false,
    due_at bigint not null
  )`,
  `create index rooms_due on rooms (due_at)`,
]);
