import { sql, type RawBuilder } from 'kysely';

/** The last row of a page, newest first: the next page begins after it. */
export interface PageCursor {
  /** Milliseconds since the epoch. */
  createdAt: number;
  id: string;
}

/** Whether a row, by its columns `created_at` and `id`, comes behind that one. */
export const isBehind = ({ createdAt, id }: PageCursor): RawBuilder<boolean> =>
  sql<boolean>`(created_at, id) < (${createdAt}::bigint, ${id}::text)`;
