import { sqlMigration } from './sql-migration.js';

/** Warnings before the deadline. Of a session that an older instance sells there is none. */
export const warnings = sqlMigration([
  `alter table sessions
    add column warning_seconds bigint not null default 0 check (warning_seconds >= 0),
    add column warn_at bigint`,
  // When the service must act next, whatever it is. Nobody is warned during a pause.
  `alter table sessions add column act_at bigint generated always as (
    case when due_at is null or status = 'paused' then due_at else least(due_at, warn_at) end
  ) stored`,
  `create index sessions_to_act on sessions (act_at) where act_at is not null`,
]);
