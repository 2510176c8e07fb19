import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { ServiceContext } from '../../foundation/context.js';
import type { HttpEnvironment } from '../../foundation/http/environment.js';
import { answers } from '../../foundation/http/route-shapes.js';
import { handleEvent, type PaymentFollower } from './handle-event.js';
import type { StripeGateway } from './stripe-gateway.js';
import { readWebhookEvent } from './webhook-event.js';

/** `POST /webhooks/stripe`: what Stripe tells about payments. */
export function stripeWebhookRoute(
  app: OpenAPIHono<HttpEnvironment>,
  context: ServiceContext,
  gateway: StripeGateway,
  followers: readonly PaymentFollower[],
): void {
  app.openapi(
    createRoute({
      tags: ['Payments'],
      method: 'post',
      path: '/api/v1/webhooks/stripe',
      summary: 'Hear of a payment from Stripe',
      responses: answers(
        z.strictObject({ received: z.literal(true) }),
        'Taken note of, whatever it was: it need not come again',
        ['WEBHOOK_SIGNATURE_INVALID', 'WEBHOOK_MODE_MISMATCH'],
      ),
    }),
    async (c) => {
      const body = await c.req.arrayBuffer();
      const signature = c.req.header('stripe-signature');
      const event = await readWebhookEvent(gateway, body, signature, context.now());
      await handleEvent(context, followers, event);
      return c.json({ received: true as const }, 200);
    },
  );
}
