// A clock that tests move forward: what falls due in a month falls due now.
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { recordChange } from '../../foundation/audit.js';
import { allow, type Authenticator } from '../../foundation/auth/authenticator.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { Feature } from '../../foundation/feature.js';
import { askedChange } from '../../foundation/http/audit.js';
import type { HttpEnvironment } from '../../foundation/http/environment.js';
import { answers, bearer, body } from '../../foundation/http/route-shapes.js';
import type { MovableClock } from '../../foundation/movable-clock.js';

const yearSeconds = 366 * 86_400;

export const testClockFeature = (context: ServiceContext, clock: MovableClock): Feature => ({
  mount: (app, authenticator) => testClockRoute(app, context, authenticator, clock),
});

/** `POST /test/clock`, of a service that was started with a test clock. */
function testClockRoute(
  app: OpenAPIHono<HttpEnvironment>,
  context: ServiceContext,
  authenticator: Authenticator,
  clock: MovableClock,
): void {
  app.openapi(
    createRoute({
      tags: ['Operation'],
      security: bearer,
      method: 'post',
      path: '/api/v1/test/clock',
      summary: 'Move the test clock forward',
      middleware: allow(authenticator, 'test-clock.advance'),
      request: {
        body: body(
          z.strictObject({
            advance_seconds: z.int().min(1).max(yearSeconds).openapi({ example: 2_678_400 }),
          }),
        ),
      },
      responses: answers(
        z.strictObject({
          server_time: z
            .int()
            .describe('Milliseconds since the epoch, by the test clock')
            .openapi({ example: 1_769_904_000_000 }),
        }),
        'What has come due by then is done at once, on every instance',
      ),
    }),
    async (c) => {
      const { advance_seconds } = c.req.valid('json');
      const asked = await askedChange(c);
      await context.kysely.transaction().execute(async (trx) => {
        await clock.advance(trx, advance_seconds);
        await recordChange(trx, asked, context.now());
      });
      await clock.follow();
      return c.json({ server_time: context.now() }, 200);
    },
  );
}
