import { sqlMigration } from './sql-migration.js';

/** What the extensions of a session cost when it was sold. Of a session that an older instance sells it is not known. */
export const soldOptions = sqlMigration([`alter table sessions add column sold_options jsonb`]);
