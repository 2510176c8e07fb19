import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { notificationTypes } from '../../../protocol/help-request.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { NotificationRow } from '../../foundation/database/schema.js';
import { allow, type Authenticator } from '../../foundation/auth/authenticator.js';
import type { HttpEnvironment } from '../../foundation/http/environment.js';
import { cursorSchema, nextCursor, nextCursorSchema, readCursor } from '../../foundation/http/page-cursor.js';
import { answers, bearer, body, idParameters, limitSchema } from '../../foundation/http/route-shapes.js';
import { requireHelper } from './helpers.js';
import { countUnread, listNotifications, markRead } from './notifications.js';

const notificationSchema = z
  .strictObject({
    id: z.int().openapi({ example: 17 }),
    type: z.enum(notificationTypes).openapi({ example: 'offered' }),
    request_id: z.string().nullable().openapi({ example: '3f6e3c0e-9d5b-4a53-8f1e-2d1f3c9f7a10' }),
    created_at: z.int().describe('Whole seconds since the epoch').openapi({ example: 1_767_225_600 }),
    read_at: z.int().nullable().openapi({ example: null }),
  })
  .openapi('Notification');

const listSchema = z
  .strictObject({
    notifications: z.array(notificationSchema),
    unread_count: z.int().describe('1000 stands for more, too').openapi({ example: 1 }),
    next_cursor: nextCursorSchema,
  })
  .openapi('NotificationList');

const seconds = (instant: number) => Math.floor(instant / 1000);

const toNotification = (row: NotificationRow): z.output<typeof notificationSchema> => ({
  id: row.id,
  type: row.type,
  request_id: row.request_id,
  created_at: seconds(row.created_at),
  read_at: row.read_at === null ? null : seconds(row.read_at),
});

/** `/helpers/{id}/notifications`: what a helper was told, and has read. */
export function notificationRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  context: ServiceContext,
  authenticator: Authenticator,
): void {
  const common = {
    tags: ['Helpers'],
    security: bearer,
    middleware: allow(authenticator, 'helpers.attend'),
  };

  app.openapi(
    createRoute({
      ...common,
      method: 'get',
      path: '/api/v1/helpers/{id}/notifications',
      summary: 'List what a helper was told',
      request: {
        params: idParameters,
        query: z.strictObject({
          unread: z.enum(['true', 'false']).default('false').describe('Whether only what is not read yet'),
          cursor: cursorSchema,
          limit: limitSchema,
        }),
      },
      responses: answers(listSchema, 'Newest first, with how many are not read', ['HELPER_NOT_FOUND']),
    }),
    async (c) => {
      const { unread, cursor, limit } = c.req.valid('query');
      const helper = await requireHelper(context, c.get('credential'), c.req.valid('param').id);
      const after = readCursor(cursor, /^\d{1,15}$/);
      const before = after && Number(after.id);
      const rows = await listNotifications(context, helper.id, {
        isUnread: unread === 'true',
        before,
        limit,
      });
      const next_cursor = nextCursor(
        rows.map(({ id, created_at }) => ({ id: String(id), created_at })),
        limit,
      );
      const unread_count = await countUnread(context, helper.id);
      return c.json({ notifications: rows.map(toNotification), unread_count, next_cursor }, 200);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'post',
      path: '/api/v1/helpers/{id}/notifications/read',
      summary: 'Mark notifications as read',
      request: {
        params: idParameters,
        body: body(
          z.strictObject({
            up_to: z
              .int()
              .min(0)
              .optional()
              .describe('The newest that was seen: it and all before it are read')
              .openapi({ example: 17 }),
            ids: z
              .array(z.int().min(0))
              .max(100)
              .default([])
              .describe('Those that are read, whatever came before them')
              .openapi({ example: [] }),
          }),
        ),
      },
      responses: answers(
        z.strictObject({ unread_count: z.int().openapi({ example: 0 }) }).openapi('NotificationsRead'),
        'How many are not read now',
        ['HELPER_NOT_FOUND'],
      ),
    }),
    async (c) => {
      const helper = await requireHelper(context, c.get('credential'), c.req.valid('param').id);
      await markRead(context, helper.id, c.req.valid('json'));
      return c.json({ unread_count: await countUnread(context, helper.id) }, 200);
    },
  );
}
