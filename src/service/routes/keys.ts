import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { ServiceContext } from '../context.js';
import type { HttpEnvironment } from '../http/environment.js';
import { answers } from '../http/route-shapes.js';
import { keySetMaxAgeSeconds } from '../keys/signing-keys.js';

const publicKeySchema = z.strictObject({
  key: z.string().describe('The key that signs now, in PEM (SPKI)'),
  algorithm: z.literal('ES256'),
  kid: z.string(),
});

const keySetSchema = z.strictObject({ keys: z.array(z.record(z.string(), z.unknown())) });

/** The public keys, for everybody: `/keys/public` and the JWK Set (RFC 7517). */
export function keyRoutes(app: OpenAPIHono<HttpEnvironment>, context: ServiceContext): void {
  const caching = { 'Cache-Control': `public, max-age=${keySetMaxAgeSeconds}` };

  app.openapi(
    createRoute({
      tags: ['Keys'],
      method: 'get',
      path: '/api/v1/keys/public',
      responses: answers(publicKeySchema, 'The key that signs session tokens now'),
    }),
    async (c) => {
      const { kid, pem } = await context.keys.current();
      return c.json({ key: pem, algorithm: 'ES256' as const, kid }, 200, caching);
    },
  );

  app.openapi(
    createRoute({
      tags: ['Keys'],
      method: 'get',
      path: '/api/v1/.well-known/jwks.json',
      responses: answers(keySetSchema, 'Every key that may verify a session token'),
    }),
    async (c) => c.json(await context.keys.publicKeySet(), 200, caching),
  );
}
