import { sqlMigration } from './sql-migration.js';

/**
 * Sessions that wait for both sides. An older instance sells none, and leaves them alone: what is due for it, their
 * deadline, lies behind the end of their waiting.
 */
export const waiting = sqlMigration([
  // Nothing is there that would not fit: no row need be read while everybody waits for the table.
  `alter table sessions
    alter column started_at drop not null,
    add column waiting_until bigint,
    add constraint sessions_waiting_check check ((status = 'waiting') = (waiting_until is not null)) not valid`,
]);
