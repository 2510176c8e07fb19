import { sql } from 'kysely';
import type { Database } from '../../../src/service/index.js';

/** Every row of every table that holds one of these texts, as JSON, sorted. */
export async function rowsAbout({ kysely }: Database, texts: readonly string[]): Promise<string[]> {
  const tables = await kysely.introspection.getTables();
  const found: string[] = [];
  for (const { name } of tables) {
    const { rows } = await sql<{ row: string }>`
      select to_jsonb(t)::text as row from ${sql.table(name)} t`.execute(kysely);
    for (const { row } of rows) if (texts.some((text) => row.includes(text))) found.push(`${name} ${row}`);
  }
  return found.sort();
}
