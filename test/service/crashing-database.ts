import { sql, type Kysely } from 'kysely';
import type { Tables } from '../../src/service/foundation/database/schema.js';

const trigger = `create function crash_when_told() returns trigger language plpgsql as $$
  declare n bigint := (select last_value from crash_countdown);
  begin
    if n > 0 then perform setval('crash_countdown', n - 1); end if;
    if n = 1 then
      perform pg_terminate_backend(pg_backend_pid());
      perform pg_sleep(60);
    end if;
    return new;
  end $$`;

/**
 * Has what changes those tables kill its own connection, once `crashAfter` was called and so many rows were written: the
 * countdown is a sequence, which is rolled back by nobody.
 */
export async function letCrash(kysely: Kysely<Tables>, tables: readonly string[]): Promise<void> {
  const triggers = tables.map(
    (table) =>
      `create trigger crash before insert or update on ${table} for each row execute function crash_when_told()`,
  );
  for (const statement of ['create sequence crash_countdown minvalue 0 start 0', trigger, ...triggers])
    await sql.raw(statement).execute(kysely);
}

/** @param rows after how many; 0 for never. */
export const crashAfter = (rows: number) => sql`select setval('crash_countdown', ${rows})`;
