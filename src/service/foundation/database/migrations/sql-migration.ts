import { sql, type Migration } from 'kysely';

/** A migration that is a list of statements. */
export const sqlMigration = (statements: readonly string[]): Migration => ({
  async up(db) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
});
