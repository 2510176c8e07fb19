import { sqlMigration } from './sql-migration.js';

/** What a marketplace knows of a customer beside the id. An older instance creates customers without any of it. */
export const customers = sqlMigration([
  `alter table customers
    add column name text,
    add column email text,
    add column metadata jsonb not null default '{}',
    add column low_wallet_tokens bigint`,
]);
