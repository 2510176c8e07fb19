// A delivery on the wire.
import { z } from '@hono/zod-openapi';
import type { DeliveryWithAttempts } from './deliveries.js';
import { endpointIdExample } from './endpoint-schemas.js';

export const statusSchema = z.enum(['pending', 'delivered', 'failed', 'cancelled']);

export const deliveryIdExample = 'msg_0a1b2c3d4e5f60718293a4b5c6d7e8f9';
const instant = z.int().describe('Whole seconds since the epoch').openapi({ example: 1_767_225_600 });

const attemptSchema = z.strictObject({
  number: z.int().openapi({ example: 1 }),
  started_at: instant,
  duration_ms: z.int().nullable().describe('Null, like the rest, while it runs').openapi({ example: 85 }),
  response_status: z.int().nullable().openapi({ example: 204 }),
  error: z.string().nullable().describe('Null after a 2xx').openapi({ example: null }),
});

export const deliverySchema = z
  .strictObject({
    id: z.string().describe('The header webhook-id').openapi({ example: deliveryIdExample }),
    endpoint_id: z.string().openapi({ example: endpointIdExample }),
    type: z.string().openapi({ example: 'session.ended' }),
    data: z
      .record(z.string(), z.unknown())
      .openapi({ example: { session_id: '3f6e3c0e-9d5b-4a53-8f1e-2d1f3c9f7a10', final_cost: 90 } }),
    status: statusSchema.openapi({ example: 'delivered' }),
    created_at: instant,
    next_attempt_at: z.int().nullable().describe('Null once it is finished').openapi({ example: null }),
    finished_at: z.int().nullable().openapi({ example: 1_767_225_601 }),
    attempts: z.array(attemptSchema),
  })
  .openapi('WebhookDelivery');

const seconds = (instantMs: number) => Math.floor(instantMs / 1000);

/** As it is told. */
export function toDelivery(row: DeliveryWithAttempts): z.output<typeof deliverySchema> {
  return {
    id: row.id,
    endpoint_id: row.endpoint_id,
    type: row.type,
    data: row.data as Record<string, unknown>,
    status: row.status,
    created_at: seconds(row.created_at),
    next_attempt_at: row.due_at === null ? null : Math.ceil(row.due_at / 1000),
    finished_at: row.finished_at === null ? null : seconds(row.finished_at),
    attempts: row.attempts_made.map(({ delivery_id, started_at, ...attempt }) => {
      void delivery_id;
      return { ...attempt, started_at: seconds(started_at) };
    }),
  };
}
