// A webhook endpoint on the wire.
import { z } from '@hono/zod-openapi';
import { webhookEventTypes } from '../../../protocol/webhooks.js';
import type { WebhookEndpointRow } from '../../foundation/database/schema.js';
import { nextCursorSchema } from '../../foundation/http/page-cursor.js';
import { idSchema } from '../../foundation/http/route-shapes.js';

export const endpointIdExample = 'b7a5c1de-6f0e-4b1c-9c53-0d6f6c0f2a11';

const fields = {
  url: z
    .string()
    .max(2048)
    .describe('An https address on the public internet')
    .openapi({ example: 'https://app.example/hooks' }),
  events: z
    .array(z.enum(webhookEventTypes).openapi({ example: 'session.ended' }))
    .min(1)
    .refine((types) => new Set(types).size === types.length, { message: 'each event once' }),
  description: z.string().max(500).openapi({ example: 'Bookkeeping' }),
};

/** Of a provider that the address names. */
export const createOfProviderSchema = z.strictObject({
  ...fields,
  description: fields.description.default(''),
});

export const createSchema = z.strictObject({
  ...createOfProviderSchema.shape,
  provider_id: idSchema
    .nullable()
    .optional()
    .describe("For the operator, null: the marketplace's own; a secret key names its own")
    .openapi({ example: 'lantern' }),
});

export const changeSchema = z.strictObject({ ...fields, enabled: z.boolean() }).partial();

export const instantSchema = z
  .int()
  .describe('Whole seconds since the epoch')
  .openapi({ example: 1_767_225_600 });
const laterInstant = z.int().nullable().openapi({ example: null });

export const endpointSchema = z
  .strictObject({
    id: z.string().openapi({ example: endpointIdExample }),
    provider_id: z
      .string()
      .nullable()
      .describe("Null: the marketplace's own")
      .openapi({ example: 'lantern' }),
    ...fields,
    enabled: z.boolean(),
    disabled_reason: z.enum(['owner', 'gone', 'failing']).nullable().openapi({ example: null }),
    disabled_at: laterInstant,
    failing_since: laterInstant.describe('The first failure since the last success'),
    previous_secret_expires_at: laterInstant.describe('Until then the secret before signs too'),
    created_at: instantSchema,
  })
  .openapi('WebhookEndpoint');

export const endpointPageSchema = z.strictObject({
  endpoints: z.array(endpointSchema),
  next_cursor: nextCursorSchema,
});

export const secretSchema = z.string().describe('Shown this once').openapi({ example: 'whsec_...' });
export const createdSchema = z.strictObject({ ...endpointSchema.shape, secret: secretSchema });

const seconds = (instantMs: number | null) => (instantMs === null ? null : Math.floor(instantMs / 1000));

/** As it is told, without its secret. */
export function toEndpoint(row: WebhookEndpointRow): z.output<typeof endpointSchema> {
  return {
    id: row.id,
    provider_id: row.provider_id,
    url: row.url,
    events: row.event_types,
    description: row.description,
    enabled: row.disabled_at === null,
    disabled_reason: row.disabled_reason,
    disabled_at: seconds(row.disabled_at),
    failing_since: seconds(row.failing_since),
    previous_secret_expires_at: seconds(row.previous_secret_expires_at),
    created_at: Math.floor(row.created_at / 1000),
  };
}
