import { z } from '@hono/zod-openapi';
import { subscriptionStatuses } from '../../../protocol/subscription.js';
import type { SubscriptionRow } from '../../foundation/database/schema.js';
import { metadataSchema } from '../../foundation/http/route-shapes.js';

const instant = z.int().describe('Whole seconds since the epoch').openapi({ example: 1_767_225_600 });
const laterInstant = z.int().nullable().openapi({ example: null });

export const subscriptionSchema = z
  .strictObject({
    id: z.string().openapi({ example: '0b6f2f0e-5d0c-4f6a-9a57-9a1c0b1d2e3f' }),
    customer_id: z.string().openapi({ example: 'customer-17' }),
    plan_id: z.string().openapi({ example: 'pro-monthly' }),
    pending_plan_id: z
      .string()
      .nullable()
      .describe('The plan that it changes to at the end of the period')
      .openapi({ example: null }),
    status: z.enum(subscriptionStatuses).openapi({ example: 'active' }),
    current_period_started_at: instant,
    current_period_ends_at: instant,
    cancel_at_period_end: z.boolean().openapi({ example: false }),
    started_at: instant,
    paused_at: laterInstant,
    resumes_at: laterInstant.describe('When a pause ends by itself'),
    canceled_at: laterInstant.describe('When its cancellation was asked for'),
    ended_at: laterInstant,
    metadata: metadataSchema,
    created_at: instant,
  })
  .openapi('Subscription');

const seconds = (instantMs: number) => Math.floor(instantMs / 1000);
const secondsOrNull = (instantMs: number | null) => (instantMs === null ? null : seconds(instantMs));

export const toSubscription = (row: SubscriptionRow): z.output<typeof subscriptionSchema> => ({
  id: row.id,
  customer_id: row.customer_id,
  plan_id: row.plan_id,
  pending_plan_id: row.pending_plan_id,
  status: row.status,
  current_period_started_at: seconds(row.period_started_at),
  current_period_ends_at: seconds(row.period_ends_at),
  cancel_at_period_end: row.cancel_at_period_end,
  started_at: seconds(row.started_at),
  paused_at: secondsOrNull(row.paused_at),
  resumes_at: secondsOrNull(row.resumes_at),
  canceled_at: secondsOrNull(row.canceled_at),
  ended_at: secondsOrNull(row.ended_at),
  metadata: row.metadata,
  created_at: seconds(row.created_at),
});
