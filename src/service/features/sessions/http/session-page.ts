import { toSession } from '../../../../protocol/rules/session-view.js';
import { z } from '@hono/zod-openapi';
import type { PlaceInList } from '../list.js';
import type { SessionView } from '../session-view.js';
import { nextCursor, nextCursorSchema } from '../../../foundation/http/page-cursor.js';
import { sessionSchema } from './session-schemas.js';

export const sessionPageSchema = z.strictObject({
  sessions: z.array(sessionSchema),
  next_cursor: nextCursorSchema,
});

/** A page of a list of sessions, as it travels. */
export function toSessionPage(
  { rows, sessions }: { rows: readonly PlaceInList[]; sessions: readonly SessionView[] },
  limit: number,
): z.output<typeof sessionPageSchema> {
  return { sessions: sessions.map((view) => toSession(view)), next_cursor: nextCursor(rows, limit) };
}
