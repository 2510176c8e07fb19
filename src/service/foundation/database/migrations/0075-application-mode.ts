import { sqlMigration } from './sql-migration.js';

/**
 * Whether an application is for tests or for customers. Of one that was there before nobody has said it: keys of both kinds count
 * until its next one is made. What an older instance registers says it by its next key, too.
 */
export const applicationMode = sqlMigration([
  `alter table applications add column mode text check (mode in ('live', 'test'))`,
]);
