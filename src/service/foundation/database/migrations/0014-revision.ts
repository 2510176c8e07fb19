import { sqlMigration } from './sql-migration.js';

/** Which of a session's columns its snapshot shows. */
const shown = [
  'status',
  'tokens_allocated',
  'duration_limit_seconds',
  'started_at',
  'deadline_at',
  'due_at',
  'paused_at',
  'paused_by',
  'pause_seconds_used',
  'return_url',
  'ended_at',
  'used_seconds',
  'final_cost',
  'tokens_refunded',
];
const rowOf = (version: 'old' | 'new') => `(${shown.map((column) => `${version}.${column}`).join(', ')})`;

/**
 * How often a session has changed. The database counts, so that the changes of an older instance count as well, and none
 * can be forgotten.
 */
export const revision = sqlMigration([
  // A constant default: no row is written while everybody waits for the table.
  `alter table sessions add column revision bigint not null default 1`,
  `create function raise_session_revision() returns trigger language plpgsql as $$
  begin
    new.revision := old.revision + 1;
    return new;
  end $$`,
  `create trigger sessions_revision before update on sessions for each row
    when (${rowOf('old')} is distinct from ${rowOf('new')})
    execute function raise_session_revision()`,
]);
