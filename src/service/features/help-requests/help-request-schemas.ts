import { z } from '@hono/zod-openapi';
import {
  helpRequestReasons,
  helpRequestStatuses,
  outcomes,
  paymentStatuses,
} from '../../../protocol/help-request.js';
import { nextCursorSchema } from '../../foundation/http/page-cursor.js';
import { idSchema } from '../../foundation/http/route-shapes.js';

const id = z.string().openapi({ example: '3f6e3c0e-9d5b-4a53-8f1e-2d1f3c9f7a10' });
const instant = z.int().describe('Whole seconds since the epoch').openapi({ example: 1_767_225_600 });
const laterInstant = z.int().nullable().openapi({ example: null });

export const helpRequestStatusSchema = z.enum(helpRequestStatuses).openapi({ example: 'open' });
export const outcomeSchema = z.enum(outcomes).openapi({ example: 'resolved' });

const listedFields = {
  id,
  provider_id: z.string().openapi({ example: 'lantern' }),
  application_id: z.string().openapi({ example: 'sketch' }),
  user_id: z.string().openapi({ example: 'customer-17' }),
  category_id: z.string().openapi({ example: 'leak' }),
  status: helpRequestStatusSchema,
  reason: z.enum(helpRequestReasons).nullable().describe('Why it came to nothing').openapi({ example: null }),
  version: z.int().describe('Raised by every change').openapi({ example: 1 }),
  round: z
    .int()
    .describe('1 asks those who have the skills and are available, 2 all who are there')
    .openapi({ example: 1 }),
  offered_count: z
    .int()
    .describe('Helpers whom it is offered to now; 0 while it is open: nobody is free')
    .openapi({ example: 3 }),
  helper_id: z.string().nullable().describe('Who has claimed it').openapi({ example: null }),
  helper_name: z.string().nullable().openapi({ example: null }),
  session_id: id
    .nullable()
    .describe('The session that waits for both, or is their talk')
    .openapi({ example: null }),
  description: z.string().nullable().openapi({ example: 'It drips below the sink.' }),
  tokens: z
    .int()
    .nullable()
    .describe('The price of the whole length, held from the beginning; null where it is paid by money')
    .openapi({ example: 300 }),
  amount: z
    .int()
    .nullable()
    .describe('The price in money, in minor units of the currency; null where it is paid by tokens')
    .openapi({ example: null }),
  currency: z.string().nullable().describe('ISO 4217, lower case').openapi({ example: null }),
  payment_status: z
    .enum(paymentStatuses)
    .nullable()
    .describe('Where the payment by money stands')
    .openapi({ example: null }),
  captured_amount: z.int().nullable().describe('What was taken of it').openapi({ example: null }),
  duration_seconds: z.int().openapi({ example: 1_800 }),
  created_at: instant,
  claimed_at: laterInstant,
  started_at: laterInstant,
  ended_at: laterInstant,
  due_at: z.int().nullable().describe('When the service acts next').openapi({ example: 1_767_225_720 }),
  used_seconds: z.int().nullable().openapi({ example: null }),
  final_cost: z.int().nullable().describe('Tokens').openapi({ example: null }),
  outcome: outcomeSchema.nullable().openapi({ example: null }),
  notes: z.string().nullable().describe('The helper’s; for the provider’s side').openapi({ example: null }),
};

export const helpRequestSchema = z
  .strictObject({
    ...listedFields,
    checkout_url: z
      .string()
      .nullable()
      .describe('Where the customer pays, while that is waited for')
      .openapi({ example: null }),
    typical_wait_seconds: z
      .int()
      .nullable()
      .describe('How long the provider’s latest customers have waited until somebody took their request')
      .openapi({ example: 40 }),
  })
  .openapi('HelpRequest');

export const helpRequestListSchema = z.strictObject({
  requests: z.array(z.strictObject(listedFields).openapi('ListedHelpRequest')),
  next_cursor: nextCursorSchema,
});

const returnUrl = z.string().max(2048).optional().openapi({ example: 'https://app.example/help' });

export const createSchema = z.strictObject({
  application_id: z.string().openapi({ example: 'sketch' }),
  user_id: z.string().openapi({ example: 'customer-17' }),
  category_id: z.string().openapi({ example: 'leak' }),
  description: z
    .string()
    .max(1_000)
    .nullable()
    .default(null)
    .describe('What the helper is to read; in no event, log or webhook')
    .openapi({ example: 'It drips below the sink.' }),
  success_url: returnUrl.describe(
    'With money: where the customer comes back to; on an origin of the application',
  ),
  cancel_url: returnUrl.describe('With money: where the customer comes back to who does not pay'),
});

const helper_id = idSchema
  .optional()
  .describe('Who answers; a helper’s own access token says it')
  .openapi({ example: 'maria' });

export const answerSchema = z.strictObject({ helper_id });

export const outcomeRequestSchema = z.strictObject({
  helper_id,
  outcome: outcomeSchema,
  notes: z
    .string()
    .max(2_000)
    .nullable()
    .default(null)
    .describe('For the provider’s side alone; in no event, log or webhook')
    .openapi({ example: 'A new seal.' }),
});
