import { sqlMigration } from './sql-migration.js';

/** Files of sessions, and what is in their storage. An older instance knows nothing of them, and leaves them there. */
export const files = sqlMigration([
  `create table file_objects (
    id text primary key,
    session_id text not null references sessions,
    sender text not null,
    upload_key text,
    size bigint not null check (size > 0),
    state text not null check (state in ('uploading', 'kept', 'gone')),
    due_at bigint,
    check ((state = 'kept') = (due_at is null)),
    unique (session_id, sender, upload_key)
  )`,
  `create index file_objects_due on file_objects (due_at) where due_at is not null`,
  `create table files (
    id text primary key references file_objects,
    session_id text not null references sessions,
    sender text not null,
    role text check (role in ('customer', 'helper', 'provider')),
    participant_id text,
    name text not null,
    size bigint not null,
    content_type text not null,
    sha256 text not null,
    created_at bigint not null,
    check ((role is null) = (sender = 'marketplace')),
    check ((role is null) = (participant_id is null))
  )`,
  `create index files_newest_by_session on files (session_id, created_at desc, id desc)`,
  `create index files_by_age on files (created_at)`,
  `create table file_link_secrets (
    is_only boolean primary key default true check (is_only),
    secret text not null
  )`,
]);
