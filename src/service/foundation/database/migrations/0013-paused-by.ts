import { sqlMigration } from './sql-migration.js';

/** Who paused a session. Of a pause that an older instance makes it is not known. */
export const pausedBy = sqlMigration([
  // Nothing is there that would not fit: no row need be read while everybody waits for the table.
  `alter table sessions
    add column paused_by text,
    add column paused_by_at bigint,
    add constraint sessions_paused_by_check check (paused_by in ('customer', 'provider', 'marketplace')) not valid`,
]);
