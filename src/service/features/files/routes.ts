import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { SessionError } from '../../../protocol/errors.js';
import type { ServiceContext } from '../../foundation/context.js';
import { InvalidRequest } from '../../foundation/invalid-request.js';
import { allow, type Authenticator } from '../../foundation/auth/authenticator.js';
import { askedChange } from '../../foundation/http/audit.js';
import type { HttpEnvironment } from '../../foundation/http/environment.js';
import { idempotencyOf } from '../../foundation/http/idempotency-key.js';
import { cursorSchema, nextCursor, readCursor } from '../../foundation/http/page-cursor.js';
import {
  answers,
  answersCreated,
  bearerOrProof,
  idParameters,
  limitSchema,
  problemWith,
  takesKey,
} from '../../foundation/http/route-shapes.js';
import { senderOf } from '../presence/index.js';
import { changeSession, requireSession } from '../sessions/index.js';
import { within } from '../../foundation/within.js';
import { contentDisposition, readFileName } from './file-name.js';
import { filePageSchema, fileSchema, toFile, toLimits } from './file-schemas.js';
import { deleteFile, findFile, listFiles } from './files.js';
import type { FileLinks } from './links.js';
import type { FileSettings } from './options.js';
import { uploadFile } from './upload.js';

/** The requests whose body is a file. */
export const uploads = /^POST \/api\/v1\/sessions\/[^/]+\/files$/;

/** How long the storage may take until a file begins to come, ms. */
const openedWithinMs = 60_000;

const anyBytes: string = 'application/octet-stream';
const fileId = z.string().openapi({ example: '9c2d8f54-1f0f-4b7e-9d27-6b9f0f7f2a10' });

/** A browser keeps the file and shows nothing of it: it was sent by somebody else (RFC 6266; CSP level 3, sandbox). */
const downloadHeaders = {
  'Content-Security-Policy': "sandbox; default-src 'none'",
  'Cache-Control': 'private, no-store',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'cross-origin',
};

/** `/sessions/{id}/files`: what the sides of a session send each other; and `/files/{id}`, where a link leads. */
export function fileRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  context: ServiceContext,
  authenticator: Authenticator,
  { settings, links }: { settings: FileSettings; links: FileLinks },
): void {
  const common = { tags: ['Files'], security: bearerOrProof };

  app.openapi(
    createRoute({
      ...common,
      method: 'post',
      path: '/api/v1/sessions/{id}/files',
      summary: 'Send a file',
      middleware: allow(authenticator, 'files.upload'),
      ...takesKey,
      request: {
        params: idParameters,
        headers: z.object({
          'x-file-name': z
            .string()
            .max(4096)
            .regex(/^(?:[!-$&-~]|%[\dA-Fa-f]{2})+$/, 'a percent-encoded name')
            .describe('Its name, percent-encoded UTF-8 (RFC 3986, 2.1)')
            .openapi({ example: 'leak%20under%20the%20sink.jpg' }),
        }),
        body: {
          required: true,
          description: 'The file itself, with its Content-Length, whatever its Content-Type is',
          content: { [anyBytes]: { schema: z.string().openapi({ format: 'binary' }) } },
        },
      },
      responses: answersCreated(fileSchema, 'Kept, and looked at where the service scans', [
        'SESSION_NOT_FOUND',
        'SESSION_ENDED',
        'FILE_TOO_LARGE',
        'FILE_QUOTA_REACHED',
        'FILE_TYPE_REFUSED',
        'FILE_INFECTED',
        'UPLOADS_TOO_MANY',
        'STORAGE_UNAVAILABLE',
        'LENGTH_REQUIRED',
        'REQUEST_TIMED_OUT',
      ]),
    }),
    async (c) => {
      const credential = c.get('credential');
      const view = await requireSession(context, credential, c.req.valid('param').id);
      const size = lengthOf(c);
      const name = readFileName(c.req.valid('header')['x-file-name']);
      const asked = await askedChange(c);
      const key = idempotencyOf(c, 'upload', undefined)?.key;
      const { file, isRepeated } = await uploadFile(context, settings, {
        sessionId: view.id,
        file: { sender: senderOf(credential, view), name, size, uploadKey: key },
        body: c.req.raw.body!,
        asked,
        begin: () => c.env?.unhurried?.(),
      });
      if (isRepeated) c.set('isReplayed', true);
      return c.json(toFile(file, await links.linkTo(file)), 201);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'get',
      path: '/api/v1/sessions/{id}/files',
      summary: 'List files',
      middleware: allow(authenticator, 'files.read'),
      request: { params: idParameters, query: z.strictObject({ cursor: cursorSchema, limit: limitSchema }) },
      responses: answers(filePageSchema, 'Newest first, each with a fresh link; and what may be sent', [
        'SESSION_NOT_FOUND',
      ]),
    }),
    async (c) => {
      const { id } = await requireSession(context, c.get('credential'), c.req.valid('param').id);
      const { cursor, limit } = c.req.valid('query');
      const page = await listFiles(context, id, { after: readCursor(cursor), limit });
      const files = await Promise.all(page.map(async (row) => toFile(row, await links.linkTo(row))));
      return c.json({ files, limits: toLimits(settings.limits), next_cursor: nextCursor(page, limit) }, 200);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'delete',
      path: '/api/v1/sessions/{id}/files/{file_id}',
      summary: 'Delete a file',
      middleware: allow(authenticator, 'files.delete'),
      request: { params: idParameters.extend({ file_id: fileId }) },
      responses: {
        204: { description: 'Deleted; a customer deletes what he has sent' },
        default: problemWith(['SESSION_NOT_FOUND', 'FILE_NOT_FOUND']),
      },
    }),
    async (c) => {
      const credential = c.get('credential');
      const { id, file_id } = c.req.valid('param');
      const view = await requireSession(context, credential, id);
      const which = { id: file_id, sender: senderOf(credential, view), asked: await askedChange(c) };
      await changeSession(context, view.id, undefined, (trx, session, now) =>
        deleteFile(context, trx, session, which, now),
      );
      return c.body(null, 204);
    },
  );

  app.openapi(
    createRoute({
      tags: ['Files'],
      method: 'get',
      path: '/api/v1/files/{id}',
      summary: 'Download a file by a link',
      request: {
        params: z.object({ id: fileId }),
        query: z.strictObject({
          expires: z.coerce
            .number()
            .int()
            .min(0)
            .max(99_999_999_999)
            .describe('Seconds since the epoch')
            .openapi({ example: 1_767_229_200 }),
          signature: z.string().max(100).openapi({ example: 'mF8o6T6Xq1m0c9GkZr9b2QdK5n1o8Yb1h5oU1oZ0c3s' }),
        }),
      },
      responses: {
        200: {
          description: 'The file, as an attachment',
          content: { [anyBytes]: { schema: z.string().openapi({ format: 'binary' }) } },
        },
        default: problemWith(['FILE_NOT_FOUND', 'FILE_LINK_EXPIRED', 'STORAGE_UNAVAILABLE']),
      },
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      links.require(id, c.req.valid('query'));
      const file = await findFile(context, id);
      if (!file) throw new SessionError('FILE_NOT_FOUND');
      const headers = {
        ...downloadHeaders,
        'Content-Type': file.content_type,
        'Content-Length': String(file.size),
        'Content-Disposition': contentDisposition(file.name),
      };
      // A body that nobody reads would stay open for ever.
      if (c.req.method === 'HEAD') return c.body(null, 200, headers);
      const content = await within(openedWithinMs, settings.storage.get(id)).catch((cause: unknown) => {
        throw new SessionError('STORAGE_UNAVAILABLE', { cause, retryAfterSeconds: 5 });
      });
      if (!content) throw new SessionError('FILE_NOT_FOUND');
      return c.body(content, 200, headers);
    },
  );
}

/** How long the file is, as its sender says. @throws {SessionError} `LENGTH_REQUIRED`, `CONTENT_TYPE_UNSUPPORTED` */
function lengthOf(c: Context<HttpEnvironment>): number {
  const length = c.req.header('content-length');
  if (c.req.header('content-encoding') !== undefined && c.req.header('content-encoding') !== 'identity')
    throw new SessionError('CONTENT_TYPE_UNSUPPORTED');
  if (length === undefined || !/^\d{1,15}$/.test(length) || c.req.header('transfer-encoding') !== undefined)
    throw new SessionError('LENGTH_REQUIRED');
  if (Number(length) === 0 || !c.req.raw.body)
    throw new InvalidRequest([{ pointer: '', message: 'an empty file' }]);
  return Number(length);
}
