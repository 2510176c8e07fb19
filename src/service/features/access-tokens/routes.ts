import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { recordChange } from '../../foundation/audit.js';
import { allow, type Authenticator } from '../../foundation/auth/authenticator.js';
import { reachedProvider } from '../../foundation/auth/reach.js';
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
  problemWith,
  takesKey,
} from '../../foundation/http/route-shapes.js';
import { InvalidRequest } from '../../foundation/invalid-request.js';
import { findProvider } from '../providers/index.js';
import { maxLifeSeconds, signAccessToken } from './access-token.js';
import { issueToken, revokeToken, revokeTokensOf } from './issued-tokens.js';
import { grantable, grantablePermissions, subjectKinds, type SubjectKind } from './subjects.js';

const defaultLifeSeconds = 3_600;

const kindSchema = z.enum(subjectKinds).openapi({ example: 'member' });
const providerIdSchema = idSchema.optional().describe('Needed with the operator key');

const createSchema = z.strictObject({
  subject: z.strictObject({ kind: kindSchema, id: idSchema }).describe('The person it speaks for'),
  scope: z
    .array(z.enum(grantablePermissions))
    .min(1)
    .max(grantablePermissions.length)
    .refine((scope) => new Set(scope).size === scope.length, { message: 'each once' })
    .describe(subjectKinds.map((kind) => `For a ${kind}: ${grantable[kind].join(', ')}`).join('. '))
    .openapi({ example: ['providers.read'] }),
  expires_in_seconds: z.int().min(60).max(maxLifeSeconds).default(defaultLifeSeconds),
  provider_id: providerIdSchema,
});

const createdSchema = z
  .strictObject({
    id: z
      .string()
      .describe('By which it is revoked; its jti')
      .openapi({ example: '3f6e3c0e-9d5b-4a53-8f1e-2d1f3c9f7a10' }),
    access_token: z
      .string()
      .describe('A JWT (RFC 9068); it is kept nowhere')
      .openapi({ example: 'eyJhbGci...' }),
    token_type: z.literal('Bearer'),
    expires_in: z.int().describe('Seconds').openapi({ example: defaultLifeSeconds }),
    scope: z.string().describe('With blanks between').openapi({ example: 'providers.read' }),
  })
  .openapi('AccessToken');

/** @throws {InvalidRequest} where a person of that kind is not given one of the operations. */
function requireGrantable(kind: SubjectKind, scope: readonly string[]): void {
  const granted: readonly string[] = grantable[kind];
  const faults = scope.flatMap((permission, index) =>
    granted.includes(permission)
      ? []
      : [{ pointer: `/scope/${index}`, message: `not for a ${kind}: ${granted.join(', ')}` }],
  );
  if (faults.length > 0) throw new InvalidRequest(faults);
}

function requireProvider(providerId: string | undefined): string {
  if (providerId === undefined)
    throw new InvalidRequest([{ pointer: '/provider_id', message: 'needed with the operator key' }]);
  return providerId;
}

/** `/access-tokens`: short-lived credentials of persons, for their browsers. */
export function accessTokenRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  context: ServiceContext,
  authenticator: Authenticator,
): void {
  const common = {
    tags: ['Access tokens'],
    security: bearer,
    middleware: allow(authenticator, 'access-tokens.manage'),
  };

  app.openapi(
    createRoute({
      ...common,
      method: 'post',
      path: '/api/v1/access-tokens',
      ...takesKey,
      summary: 'Issue an access token',
      request: { body: body(createSchema) },
      responses: answersCreated(createdSchema, 'The access token', [
        'PROVIDER_NOT_FOUND',
        'CUSTOMER_NOT_FOUND',
        'ACCESS_TOKEN_LIMIT_REACHED',
      ]),
    }),
    async (c) => {
      const credential = c.get('credential');
      const request = c.req.valid('json');
      const { subject, scope, expires_in_seconds: lifeSeconds } = request;
      requireGrantable(subject.kind, scope);
      const providerId = requireProvider(reachedProvider(credential, request.provider_id));
      await findProvider(context, providerId);
      const content = await issueToken(
        context,
        { providerId, subject, scope, clientId: credential.applicationId ?? credential.name, lifeSeconds },
        await askedChange(c),
        idempotencyOf(c, 'issue access token', request),
      );
      return c.json(
        {
          id: content.id,
          access_token: await signAccessToken(context, content),
          token_type: 'Bearer' as const,
          expires_in: Math.max(0, content.expiresAt - Math.floor(context.now() / 1000)),
          scope: scope.join(' '),
        },
        201,
      );
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'delete',
      path: '/api/v1/access-tokens/{id}',
      summary: 'Revoke an access token',
      request: { params: idParameters },
      responses: {
        204: { description: 'It counts no more, and the streams that it opened end within a second' },
        default: problemWith(['ACCESS_TOKEN_NOT_FOUND']),
      },
    }),
    async (c) => {
      const providerId = reachedProvider(c.get('credential'));
      await revokeToken(context, c.req.valid('param').id, providerId, await askedChange(c));
      return c.body(null, 204);
    },
  );

  app.openapi(
    createRoute({
      ...common,
      method: 'delete',
      path: '/api/v1/access-tokens',
      summary: 'Revoke all access tokens of a person',
      request: {
        query: z.strictObject({
          subject_kind: kindSchema,
          subject_id: idSchema,
          provider_id: idSchema
            .optional()
            .describe(
              'With the operator key needed for helpers and members; a customer’s tokens of all providers go without it',
            ),
        }),
      },
      responses: {
        204: { description: 'None of those issued before counts any more' },
        default: problemWith(['PROVIDER_NOT_FOUND']),
      },
    }),
    async (c) => {
      const { subject_kind: kind, subject_id: id, provider_id } = c.req.valid('query');
      const providerId = reachedProvider(c.get('credential'), provider_id);
      // Helpers and members are named by their provider: the same name elsewhere is somebody else.
      if (kind !== 'customer') requireProvider(providerId);
      const asked = await askedChange(c);
      await context.kysely.transaction().execute(async (trx) => {
        const count = await revokeTokensOf(trx, { kind, id }, providerId);
        if (count > 0) await recordChange(trx, asked, context.now());
      });
      return c.body(null, 204);
    },
  );
}
