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

/**
 * @param idForm what the ids of this list look like: the cursor of another list is none of this one
 * @throws {InvalidRequest}
 */
export function readCursor(text: string | undefined, idForm = /^[\w.:@-]{1,128}$/): PageCursor | undefined {
  if (text === undefined) return undefined;
  const [, createdAt, id] = /^(\d{1,15}) (\S+)$/.exec(Buffer.from(text, 'base64url').toString()) ?? [];
  if (id === undefined || !idForm.test(id))
    throw new InvalidRequest([{ pointer: '/cursor', message: 'not a next_cursor' }]);
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
