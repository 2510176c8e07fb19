import { sql, type RawBuilder } from 'kysely';
import type { ServiceContext } from '../context.js';
import { mayPass } from '../database/failures.js';
import type { Tables } from '../database/schema.js';
import { inHalves } from '../jobs/in-halves.js';

/** What is put away once it is too old. */
export interface Purge {
  /** What it is called in metrics and in the log. */
  kind: string;
  /** How often it looks for them, ms. */
  everyMs: number;
  /**
   * Puts away the oldest of them, so many at most. @returns how many it were.
   * @throws where one of them cannot be put away; the others are.
   */
  putAway(context: ServiceContext, limit: number): Promise<number>;
  /** Since when the oldest should be gone, ms since the epoch; null where none should. */
  overdueSince(context: ServiceContext): Promise<number | null>;
}

const hourMs = 3_600_000;

interface OldRows {
  kind: string;
  everyMs?: number;
  table: keyof Tables;
  /** Since when they are there: an instant in ms, with an index where the table is large. */
  since: RawBuilder<number>;
  keptForMs: number;
  /** Which of them are forgotten at all. */
  condition?: RawBuilder<boolean>;
  /** What becomes of them; they are deleted where nothing is said. */
  change?: RawBuilder<unknown>;
}

/** Puts rows away by their age. */
export function purgeOf({ kind, table, since, keptForMs, ...others }: OldRows): Purge {
  const { condition = sql`true`, change, everyMs = hourMs } = others;
  const rows = sql.table(table);
  const isOld = ({ now }: ServiceContext) => sql`${since} <= ${now() - keptForMs}::bigint and ${condition}`;
  return {
    kind,
    everyMs,
    async putAway(context, limit) {
      if (keptForMs === Infinity) return 0;
      const putAway = async (places: RawBuilder<unknown>) => {
        const which = sql`ctid = any(array(${places})) and ${isOld(context)}`;
        const statement = change
          ? sql`update ${rows} set ${change} where ${which}`
          : sql`delete from ${rows} where ${which}`;
        return Number((await statement.execute(context.kysely)).numAffectedRows);
      };
      const oldest = sql`select ctid from ${rows} where ${isOld(context)} order by ${since} limit ${limit}`;
      try {
        // Those of another instance that is at it are passed over.
        return await putAway(sql`${oldest} for update skip locked`);
      } catch (error) {
        if (mayPass(error)) throw error;
        const { rows: found } = await sql<{ place: string }>`
          select ctid::text as place from (${oldest}) as oldest`.execute(context.kysely);
        const places = found.map(({ place }) => place);
        const putAwayThese = async (these: readonly string[]) =>
          void (await putAway(sql`select unnest(${these}::text[])::tid`));
        // Those that fail alone stay, and are told by what they failed with.
        const failures: unknown[] = [];
        await inHalves(places, putAwayThese, (_, alone) => void failures.push(alone));
        if (failures.length > 0) throw failures[0];
        return places.length;
      }
    },
    async overdueSince(context) {
      if (keptForMs === Infinity) return null;
      const { rows: oldest } = await sql<{ since: number }>`
        select ${since} as since from ${rows} where ${isOld(context)} order by ${since} limit 1`.execute(
        context.kysely,
      );
      return oldest[0] === undefined ? null : oldest[0].since + keptForMs;
    },
  };
}
