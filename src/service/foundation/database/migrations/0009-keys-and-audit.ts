import { sqlMigration } from './sql-migration.js';

/** Secret keys that were replaced and still count for a while, and who changed what when. */
export const keysAndAudit = sqlMigration([
  `create table former_secret_keys (
    hash text primary key,
    application_id text not null references applications,
    expires_at bigint not null
  )`,
  `create index former_secret_keys_by_application on former_secret_keys (application_id)`,
  `create table audit_entries (
    id text primary key,
    actor text not null,
    action text not null,
    subject text not null,
    fields jsonb not null,
    address text,
    request_id text not null,
    created_at bigint not null
  )`,
  `create index audit_entries_by_age on audit_entries (created_at desc, id desc)`,
  `create index audit_entries_by_subject on audit_entries (subject, created_at desc)`,
]);
