import { sqlMigration } from './sql-migration.js';

/** What session tokens of an application may read about a customer. An older instance knows nothing of it, and asks nobody. */
export const customerOperations = sqlMigration([
  `alter table applications
    add column customer_operations jsonb not null default '["read_sessions"]'`,
]);
