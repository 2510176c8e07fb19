import { sqlMigration } from './sql-migration.js';

/** Rows on which work failed by itself. An older instance goes on trying them with each batch. */
export const failedWork = sqlMigration([
  `create table failed_work (
    work text not null,
    subject text not null,
    attempts bigint not null,
    last_error text not null,
    failed_since bigint not null,
    failed_at bigint not null,
    retry_at bigint not null,
    primary key (work, subject)
  )`,
]);
