import { sqlMigration } from './sql-migration.js';

/**
 * Erasures of customers, which go on in slices. `erased_as` is the name that takes the place of the id: who has one is nobody
 * any more. An older instance finds an empty customer of that id until the last slice.
 */
export const erasures = sqlMigration([
  `alter table customers add column erased_as text`,
  `create table erasures (
    id text primary key,
    customer_id text not null references customers,
    due_at bigint not null
  )`,
  `create index erasures_due on erasures (due_at)`,
]);
