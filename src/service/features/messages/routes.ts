import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { ServiceContext } from '../../foundation/context.js';
import { allow, type Authenticator } from '../../foundation/auth/authenticator.js';
import { askedChange } from '../../foundation/http/audit.js';
import type { HttpEnvironment } from '../../foundation/http/environment.js';
import { cursorSchema, nextCursor, readCursor } from '../../foundation/http/page-cursor.js';
import {
  answers,
  answersCreated,
  bearerOrProof,
  body,
  idParameters,
  limitSchema,
} from '../../foundation/http/route-shapes.js';
import { senderOf } from '../presence/index.js';
import { changeSession, requireSession } from '../sessions/index.js';
import { messagePageSchema, messageSchema, newMessageSchema, toMessage } from './message-schemas.js';
import { listMessages } from './messages.js';
import { sendMessage } from './send.js';

const positionForm = /^\d{1,9}$/;

const listQuery = z.strictObject({
  after: z.coerce
    .number()
    .int()
    .min(0)
    .max(999_999_999)
    .default(0)
    .describe('The position of the last message that is known already')
    .openapi({ example: 6 }),
  cursor: cursorSchema,
  limit: limitSchema,
});

/** `/sessions/{id}/messages`: what both sides write to each other. */
export function messageRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  context: ServiceContext,
  authenticator: Authenticator,
): void {
  const common = { tags: ['Messages'], security: bearerOrProof, path: '/api/v1/sessions/{id}/messages' };

  app.openapi(
    createRoute({
      ...common,
      method: 'post',
      summary: 'Write a message',
      middleware: allow(authenticator, 'messages.send'),
      request: { params: idParameters, body: body(newMessageSchema) },
      responses: answersCreated(messageSchema, 'Written once, whatever is sent again by the same client_id', [
        'SESSION_NOT_FOUND',
        'SESSION_ENDED',
        'MESSAGE_ID_REUSED',
        'MESSAGE_LIMIT_REACHED',
      ]),
    }),
    async (c) => {
      const credential = c.get('credential');
      const view = await requireSession(context, credential, c.req.valid('param').id);
      const { text, client_id: clientId } = c.req.valid('json');
      const news = { sender: senderOf(credential, view), clientId, text, asked: await askedChange(c) };
      const { message, isRepeated } = await changeSession(context, view.id, undefined, (trx, session, now) =>
        sendMessage(context, trx, session, news, now),
      );
      if (isRepeated) c.set('isReplayed', true);
      return c.json(toMessage(message), 201);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'get',
      summary: 'Read what was written',
      middleware: allow(authenticator, 'messages.read'),
      request: { params: idParameters, query: listQuery },
      responses: answers(messagePageSchema, 'Oldest first, also after the end of the session', [
        'SESSION_NOT_FOUND',
      ]),
    }),
    async (c) => {
      const { id } = await requireSession(context, c.get('credential'), c.req.valid('param').id);
      const { after, cursor, limit } = c.req.valid('query');
      const from = Number(readCursor(cursor, positionForm)?.id ?? 0);
      const page = await listMessages(context, id, { after: Math.max(after, from), limit });
      const places = page.map(({ created_at, position }) => ({ created_at, id: String(position) }));
      return c.json({ messages: page.map(toMessage), next_cursor: nextCursor(places, limit) }, 200);
    },
  );
}
