import { sql } from 'kysely';
import type { Database } from '../../../src/service/index.js';

/** Every row of every table that holds one of these texts, as JSON, sorted. */
export async function rowsAbout({ kysely }: Database, texts: readonly string[]): Promise<string[]> {
  const tables = await kysely.introspection.getTables();
  const each = tables.map(
    ({ name }) =>
      sql`select ${sql.lit(`${name} `)} || to_jsonb(t)::text as line from ${sql.table(name)} as t`,
  );
  const { rows } = await sql<{ line: string }>`
    select line from (${sql.join(each, sql` union all `)}) as every
      where exists (select from unnest(${texts}::text[]) as text where position(text in line) > 0)
  `.execute(kysely);
  return rows.map(({ line }) => line).sort();
}
