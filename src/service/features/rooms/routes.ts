import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { ServiceContext } from '../../foundation/context.js';
import { allow, type Authenticator } from '../../foundation/auth/authenticator.js';
import type { HttpEnvironment } from '../../foundation/http/environment.js';
import {
  answers,
  bearerOrProof,
  body,
  idParameters,
  optionalBody,
  problemWith,
} from '../../foundation/http/route-shapes.js';
import { changeSession, requireSession } from '../sessions/index.js';
import { enterRoom } from './enter-room.js';
import { openRoom, requireRoom } from './open-room.js';
import type { RoomProvider } from './room-provider.js';
import { participantSchema, roomSchema, signalSchema } from './room-schemas.js';
import { sendSignal } from './send-signal.js';
import { guestOf } from './guest.js';

const side = z.strictObject({ participant: participantSchema.optional() });

/** `/sessions/{id}/room` and `/sessions/{id}/signals`: how the two sides of a session meet. */
export function roomRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  context: ServiceContext,
  authenticator: Authenticator,
  provider: RoomProvider,
): void {
  const common = {
    tags: ['Rooms'],
    security: bearerOrProof,
    middleware: allow(authenticator, 'sessions.attend'),
  };

  app.openapi(
    createRoute({
      ...common,
      method: 'post',
      path: '/api/v1/sessions/{id}/room',
      summary: 'Open the room of a session, and learn how to join it',
      request: { params: idParameters, body: optionalBody(side) },
      responses: answers(
        roomSchema,
        'Opened once, however often it is asked for; how to join is made for one side each time, and kept nowhere',
        ['SESSION_NOT_FOUND', 'SESSION_ENDED', 'ROOM_UNAVAILABLE'],
      ),
    }),
    async (c) => {
      const credential = c.get('credential');
      const view = await requireSession(context, credential, c.req.valid('param').id);
      const guest = guestOf(credential, view, c.req.valid('json').participant);
      return c.json(await enterRoom(context, provider, view, guest, openRoom), 200);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'get',
      path: '/api/v1/sessions/{id}/room',
      summary: 'Read how to join the room of a session',
      request: { params: idParameters, query: side },
      responses: answers(
        roomSchema,
        'Of a room that is open: made for one side at each read, and kept nowhere',
        ['SESSION_NOT_FOUND', 'SESSION_ENDED', 'ROOM_NOT_OPEN', 'ROOM_UNAVAILABLE'],
      ),
    }),
    async (c) => {
      const credential = c.get('credential');
      const view = await requireSession(context, credential, c.req.valid('param').id);
      const guest = guestOf(credential, view, c.req.valid('query').participant);
      return c.json(await enterRoom(context, provider, view, guest, requireRoom), 200);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'post',
      path: '/api/v1/sessions/{id}/signals',
      summary: 'Signal to the other side',
      request: { params: idParameters, body: body(signalSchema) },
      responses: {
        204: {
          description:
            'Sent: the pages of the other side that listen to the session have it at once, as session.signal, and nobody later',
        },
        default: problemWith(['SESSION_NOT_FOUND', 'SESSION_ENDED']),
      },
    }),
    async (c) => {
      const credential = c.get('credential');
      const view = await requireSession(context, credential, c.req.valid('param').id);
      const { type, data, sender_id: senderId, participant } = c.req.valid('json');
      const { participant: from } = guestOf(credential, view, participant);
      const signal = { from, senderId, type, data };
      await changeSession(context, view.id, undefined, (trx, session, now) =>
        sendSignal(context, trx, session, signal, now),
      );
      return c.body(null, 204);
    },
  );
}
