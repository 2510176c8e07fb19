import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { SessionError } from '../../../protocol/errors.js';
import { operations, sessionOperations } from '../../../protocol/session-operations.js';
import { recordChange } from '../../foundation/audit.js';
import { allow, type Authenticator } from '../../foundation/auth/authenticator.js';
import type { Credential } from '../../foundation/auth/credential.js';
import { requireApplication } from '../../foundation/auth/reach.js';
import type { ServiceContext } from '../../foundation/context.js';
import { askedChange } from '../../foundation/http/audit.js';
import type { HttpEnvironment } from '../../foundation/http/environment.js';
import { idempotencyOf } from '../../foundation/http/idempotency-key.js';
import {
  answersCreated,
  bearer,
  body,
  idParameters,
  idSchema,
  metadataSchema,
  problemWith,
  takesKey,
} from '../../foundation/http/route-shapes.js';
import { InvalidRequest } from '../../foundation/invalid-request.js';
import { revokeToken, revokeTokensOfCustomer } from '../sessions/index.js';
import { issueToken } from './issue.js';

const userSchema = idSchema
  .describe('The user, by the id of the marketplace’s customer')
  .openapi({ example: 'customer-17' });
const applicationSchema = idSchema.optional().describe('Needed with the operator key');

const createSchema = z.strictObject({
  external_user_id: userSchema,
  external_organization_id: idSchema
    .optional()
    .describe('Of a user who is created with it; another one than before is refused')
    .openapi({ example: 'acme' }),
  session_id: z
    .string()
    .optional()
    .describe('A live session of the user; the newest one where it is left out')
    .openapi({ example: '3f6e3c0e-9d5b-4a53-8f1e-2d1f3c9f7a10' }),
  expires_in: z.int().min(60).max(86_400).default(3_600).describe('Seconds'),
  allowed_operations: z
    .array(z.enum(operations))
    .min(1)
    .max(operations.length)
    .refine((named) => new Set(named).size === named.length, { message: 'each once' })
    .default([...sessionOperations])
    .describe(
      'use_session: validate, heartbeat, events, end; pause_session: pause and resume; those that read, the user’s own alone. Left out: all of the session’s, none that reads about the customer; those that read are taken where the application’s customer_operations name them',
    )
    .openapi({ example: ['use_session', 'read_sessions'] }),
  metadata: metadataSchema.default({}).describe('Kept beside it, and never in it'),
  application_id: applicationSchema,
});

const createdSchema = z
  .strictObject({
    id: z
      .string()
      .describe('By which it is revoked')
      .openapi({ example: '9b2d7c52-1f0a-4c43-a1ce-5b3c7f0e6d21' }),
    session_token: z
      .string()
      .describe('For the page; it is kept nowhere')
      .openapi({ example: 'eyJhbGciOiJFUzI1NiIsInR5cCI6InNlc3Npb24rand0In0.e30.c2ln' }),
    expires_at: z.int().describe('Whole seconds since the epoch').openapi({ example: 1_767_225_600 }),
    session_id: z
      .string()
      .nullable()
      .describe('Null where the user has no live session: the page shows so')
      .openapi({ example: '3f6e3c0e-9d5b-4a53-8f1e-2d1f3c9f7a10' }),
    allowed_operations: z.array(z.enum(operations)).openapi({ example: ['use_session', 'read_sessions'] }),
  })
  .openapi('SessionToken');

/** The application that the credential stands for, or that it names. */
function applicationOf(credential: Credential, named: string | undefined): string {
  if (named !== undefined) requireApplication(credential, named, 'APPLICATION_NOT_FOUND');
  const applicationId = credential.applicationId ?? named;
  if (applicationId === undefined)
    throw new InvalidRequest([{ pointer: '/application_id', message: 'needed with the operator key' }]);
  return applicationId;
}

/** `/session-tokens`: for users who are signed in with the page's own server. */
export function sessionTokenRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  context: ServiceContext,
  authenticator: Authenticator,
): void {
  const common = {
    tags: ['Session tokens'],
    security: bearer,
    middleware: allow(authenticator, 'session-tokens.manage'),
  };

  app.openapi(
    createRoute({
      ...common,
      method: 'post',
      path: '/api/v1/session-tokens',
      ...takesKey,
      summary: 'Issue a session token for a user',
      request: { body: body(createSchema) },
      responses: answersCreated(createdSchema, 'The session token', [
        'APPLICATION_NOT_FOUND',
        'OPERATION_NOT_GRANTED',
        'SESSION_NOT_FOUND',
        'SESSION_ENDED',
        'CUSTOMER_NOT_FOUND',
        'CUSTOMER_ORGANIZATION_MISMATCH',
      ]),
    }),
    async (c) => {
      const request = c.req.valid('json');
      const order = {
        applicationId: applicationOf(c.get('credential'), request.application_id),
        customerId: request.external_user_id,
        organizationId: request.external_organization_id,
        sessionId: request.session_id,
        lifeSeconds: request.expires_in,
        operations: request.allowed_operations,
        metadata: request.metadata,
      };
      const idempotency = idempotencyOf(c, 'issue session token', request);
      const issued = await issueToken(context, order, await askedChange(c), idempotency);
      return c.json(
        {
          id: issued.id,
          session_token: issued.sessionToken,
          expires_at: issued.expiresAt,
          session_id: issued.sessionId,
          allowed_operations: order.operations,
        },
        201,
      );
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'delete',
      path: '/api/v1/session-tokens/{id}',
      summary: 'Revoke a session token',
      request: { params: idParameters },
      responses: {
        204: { description: 'It counts no more, and the streams that it opened end within a second' },
        default: problemWith(['SESSION_TOKEN_NOT_FOUND']),
      },
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      const { applicationId } = c.get('credential');
      const asked = await askedChange(c);
      const now = context.now();
      await context.kysely.transaction().execute(async (trx) => {
        if (!(await revokeToken(trx, id, applicationId, now)))
          throw new SessionError('SESSION_TOKEN_NOT_FOUND');
        await recordChange(trx, asked, now);
      });
      return c.body(null, 204);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'delete',
      path: '/api/v1/session-tokens',
      summary: 'Revoke all session tokens of a user',
      request: {
        query: z.strictObject({
          external_user_id: userSchema,
          application_id: idSchema
            .optional()
            .describe('With the operator key: of this application alone, and not of all'),
        }),
      },
      responses: {
        204: { description: 'None of those issued for the user before counts any more' },
        default: problemWith(['APPLICATION_NOT_FOUND']),
      },
    }),
    async (c) => {
      const { external_user_id: customerId, application_id: named } = c.req.valid('query');
      const credential = c.get('credential');
      if (named !== undefined) requireApplication(credential, named, 'APPLICATION_NOT_FOUND');
      const asked = await askedChange(c);
      await context.kysely.transaction().execute(async (trx) => {
        const count = await revokeTokensOfCustomer(trx, customerId, credential.applicationId ?? named);
        if (count > 0) await recordChange(trx, asked, context.now());
      });
      return c.body(null, 204);
    },
  );
}
