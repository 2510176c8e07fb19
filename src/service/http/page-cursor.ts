import { z } from '@hono/zod-openapi';
import { InvalidRequest } from '../invalid-request.js';
import type { PageCursor } from '../page-cursor.js';

/** `cursor` of a list: the `next_cursor` of the page before. */
export const cursorSchema = z
  .string()
  .max(300)
  .optional()
  .describe('next_cursor of the page before')
  .openapi({ example: 'MTc2NzIyNTYwMDAwMCBtc2dfMGExYjJjM2Q' });
/** `next_cursor` of a list; null on its last page. */
export const nextCursorSchema = z.string().nullable().openapi({ example: null });

/** @throws {InvalidRequest} */
export function readCursor(text: string | undefined): PageCursor | undefined {
  if (text === undefined) return undefined;
  const [, createdAt, id] =
    /^(\d{1,15}) ([\w.:@-]{1,128})$/.exec(Buffer.from(text, 'base64url').toString()) ?? [];
  if (id === undefined) throw new InvalidRequest([{ pointer: '/cursor', message: 'not a next_cursor' }]);
  return { createdAt: Number(createdAt), id };
}

/** @param rows a page; one that is not full is the last. */
export function nextCursor(
  rows: readonly { created_at: number; id: string }[],
  limit: number,
): string | null {
  const last = rows.at(-1);
  if (!last || rows.length < limit) return null;
  return Buffer.from(`${last.created_at} ${last.id}`).toString('base64url');
}
