import { sqlMigration } from './sql-migration.js';

/** What the instances tell each other about the requests of this minute. Nothing of it is missed after a crash. */
export const rateCounts = sqlMigration([
  `create unlogged table rate_counts (
    key text primary key,
    window_at bigint not null,
    total bigint not null
  )`,
]);
