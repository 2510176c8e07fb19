import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { ServiceContext } from '../../../foundation/context.js';
import { askedChange } from '../../../foundation/http/audit.js';
import { allow, type Authenticator } from '../../../foundation/auth/authenticator.js';
import type { HttpEnvironment } from '../../../foundation/http/environment.js';
import { answers, bearer } from '../../../foundation/http/route-shapes.js';
import { keySetMaxAgeSeconds, signingKeysOf } from '../tokens/signing-keys.js';

const publicKeySchema = z.strictObject({
  key: z
    .string()
    .describe('The key that signs now, in PEM (SPKI)')
    .openapi({ example: '-----BEGIN PUBLIC KEY-----\n...\n-----END PUBLIC KEY-----' }),
  algorithm: z.literal('ES256'),
  kid: z.string().openapi({ example: '7d3f4c1e-5b7a-4f0e-8a77-1f6f2d0c9b55' }),
});

const keySetSchema = z.strictObject({
  keys: z.array(z.record(z.string(), z.unknown())).openapi({
    example: [
      { kty: 'EC', crv: 'P-256', x: '...', y: '...', kid: '7d3f4c1e-5b7a', alg: 'ES256', use: 'sig' },
    ],
  }),
});

/** `/keys`: the public keys, for everybody, the JWK Set (RFC 7517) among them; and the change to the next one. */
export function keyRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  context: ServiceContext,
  authenticator: Authenticator,
): void {
  const keys = signingKeysOf(context);
  const manage = allow(authenticator, 'keys.manage');
  const caching = { 'Cache-Control': `public, max-age=${keySetMaxAgeSeconds}` };

  app.openapi(
    createRoute({
      tags: ['Keys'],
      method: 'get',
      path: '/api/v1/keys/public',
      summary: 'Read the key that signs now',
      responses: answers(publicKeySchema, 'The key that signs session tokens now'),
    }),
    async (c) => {
      const { kid, pem } = await keys.current();
      return c.json({ key: pem, algorithm: 'ES256' as const, kid }, 200, caching);
    },
  );

  app.openapi(
    createRoute({
      tags: ['Keys'],
      method: 'get',
      path: '/api/v1/.well-known/jwks.json',
      summary: 'Read the keys that verify session tokens',
      responses: answers(keySetSchema, 'Every key that may verify a session token'),
    }),
    async (c) => c.json(await keys.publicKeySet(), 200, caching),
  );

  app.openapi(
    createRoute({
      tags: ['Keys'],
      security: bearer,
      method: 'post',
      path: '/api/v1/keys/rotate',
      summary: 'Sign with the next key from now on',
      middleware: manage,
      responses: answers(
        z.strictObject({ kid: publicKeySchema.shape.kid }),
        'The key that signs now; the one before still verifies, and the one after is published',
        ['KEY_ROTATION_TOO_EARLY'],
      ),
    }),
    async (c) => {
      await keys.rotate(await askedChange(c));
      return c.json({ kid: (await keys.current()).kid }, 200);
    },
  );
}
