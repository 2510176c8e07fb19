import { z } from '@hono/zod-openapi';
import * as api from '../../../../protocol/api.js';
import { maxPageAmount, maxPageCounts, pageMetricName } from '../../../../protocol/page-metrics.js';
import { pausers } from '../../../../protocol/pauser.js';
import type { Session } from '../../../../protocol/session.js';
import type { Limits } from '../../../foundation/context.js';
import { metadataSchema } from '../../../foundation/http/route-shapes.js';
import { originSchema } from '../../../foundation/http/url-schemas.js';

const instant = z.int().describe('Whole seconds since the epoch').openapi({ example: 1_767_225_600 });
const tokens = z.int().min(0).describe('Whole marketplace tokens').openapi({ example: 100 });
const serverTime = z.int().describe('Milliseconds since the epoch').openapi({ example: 1_767_225_600_123 });
const optionRefusal = z.enum(['INSUFFICIENT_TOKENS', 'EXTENSION_LIMIT_REACHED']);

export const statusSchema = z
  .enum(['waiting', 'active', 'paused', 'completed', 'expired', 'cancelled'])
  .openapi({ example: 'active' });
export const revisionSchema = z
  .int()
  .min(1)
  .describe(
    'Raised by one with each change of the session: of two answers the one with the higher revision is newer',
  )
  .optional()
  .openapi({ example: 3 });
const sessionId = z.string().openapi({ example: '3f6e3c0e-9d5b-4a53-8f1e-2d1f3c9f7a10' });
const userId = z.string().openapi({ example: 'customer-17' });
const applicationId = z.string().openapi({ example: 'sketch' });
const sessionToken = z
  .string()
  .openapi({ example: 'eyJhbGciOiJFUzI1NiIsInR5cCI6InNlc3Npb24rand0In0.e30.c2ln' });
const returnUrl = z.string().max(2048).openapi({ example: 'https://market.example/done' });
const checkoutUrl = z.string().openapi({ example: 'https://checkout.stripe.com/c/pay/cs_1' });
const lengthSeconds = z.int().openapi({ example: 600 });

export const moneyPriceSchema = z.strictObject({
  amount: z
    .int()
    .min(1)
    .max(99_999_999)
    .describe('Minor units of the currency, as Stripe counts them')
    .openapi({ example: 499 }),
  currency: z
    .string()
    .regex(/^[a-z]{3}$/, 'three lower case letters')
    .describe('ISO 4217, lower case')
    .openapi({ example: 'eur' }),
});

const extensionOptionSchema = z.strictObject({
  additional_seconds: z.int().openapi({ example: 900 }),
  tokens: tokens.nullable().describe('Null where it is sold for money only'),
  available: z.boolean(),
  unavailable_reason: optionRefusal.optional(),
  money: moneyPriceSchema.optional(),
});

export const sessionSchema = z
  .strictObject({
    id: sessionId,
    revision: revisionSchema,
    status: statusSchema,
    user_id: userId,
    provider_id: z.string().openapi({ example: 'lantern' }),
    application_id: applicationId,
    tokens_allocated: tokens,
    duration_limit_seconds: lengthSeconds,
    created_at: instant,
    started_at: instant.nullable(),
    waiting_until: instant
      .nullable()
      .optional()
      .describe('When it is cancelled unless it has started; null once it has, or is over'),
    expires_at: instant.nullable(),
    remaining_seconds: lengthSeconds,
    pause_ends_at: instant.nullable(),
    paused_by: z.enum(pausers).nullable().optional().describe('Who has paused it; null while not paused'),
    pausable: z.boolean(),
    pause_seconds_left: z.int(),
    return_url: returnUrl.nullable(),
    return_origins: z
      .array(originSchema)
      .optional()
      .describe('What the application has registered: where the page may return to'),
    top_up_url: z.string().nullable().openapi({ example: 'https://market.example/top-up' }),
    extension_options: z.array(extensionOptionSchema),
    ended_at: instant.nullable(),
    used_seconds: lengthSeconds.nullable(),
    final_cost: tokens.nullable(),
    tokens_refunded: tokens.nullable(),
  })
  .openapi('Session');

export const sessionAnswerSchema = z.strictObject({
  session: sessionSchema,
  server_time: serverTime,
  session_token: sessionToken.optional(),
});

export const createSessionSchema = ({ minDurationSeconds, maxWaitingSeconds }: Limits) =>
  z.strictObject({
    application_id: applicationId,
    user_id: userId,
    duration_seconds: z.int().min(minDurationSeconds).max(86_400).openapi({ example: 600 }),
    start: z
      .enum(['now', 'when_joined'])
      .optional()
      .describe(
        'When its time begins: at once, or once both sides are there, or POST /sessions/{id}/start says so',
      )
      .openapi({ example: 'when_joined' }),
    waits_for: z
      .enum(api.waitsFor)
      .optional()
      .describe(
        'With when_joined: who has to be there beside the customer. provider (the default): anybody of its side; helper; server: nobody, POST /sessions/{id}/start alone starts it',
      )
      .openapi({ example: 'helper' }),
    waiting_seconds: z
      .int()
      .min(1)
      .max(maxWaitingSeconds)
      .optional()
      .describe('With when_joined: how long it waits before it is cancelled')
      .openapi({ example: 900 }),
    tokens_to_deduct: z
      .number()
      .optional()
      .describe('The price that was shown; another one is refused')
      .openapi({ example: 100 }),
    return_url: returnUrl.optional(),
    metadata: metadataSchema.optional(),
  });

export const createSessionAnswerSchema = z.strictObject({
  session: sessionSchema,
  server_time: serverTime,
  session_token: sessionToken,
  launch_url: z.string().nullable().openapi({ example: 'https://app.example/launch?session=eyJ...' }),
});

export const validateSchema = z.union([
  z.strictObject({ session_jwt: sessionToken }),
  z.strictObject({ jti: sessionId }),
]);

const nextHeartbeatSeconds = z
  .int()
  .describe('When the page is to come back with a heartbeat')
  .openapi({ example: 30 })
  .optional();

export const validateAnswerSchema = z.strictObject({
  valid: z.literal(true),
  session: sessionSchema,
  remaining_seconds: lengthSeconds,
  server_time: serverTime,
  capabilities: z
    .array(z.string())
    .describe('What the service offers, by name')
    .openapi({ example: ['events'] })
    .optional(),
  allowed_operations: z
    .array(z.string())
    .describe('What the session token allows, where it was issued for a user; others allow all')
    .openapi({ example: ['use_session'] })
    .optional(),
  next_heartbeat_seconds: nextHeartbeatSeconds,
});

const pageReportSchema = z
  .strictObject({
    page: z
      .string()
      .regex(/^[\w-]{8,40}$/)
      .describe('The sender: one tab, from its load on; a random name')
      .openapi({ example: 'b2Vk3r8Qx1yTn0aZ' }),
    sequence: z
      .int()
      .min(1)
      .max(2_147_483_647)
      .describe('From 1 on, by sender; a report that comes twice counts once')
      .openapi({ example: 3 }),
    counts: z
      .record(z.string().regex(pageMetricName), z.number().min(-maxPageAmount).max(maxPageAmount))
      .refine((counts) => Object.keys(counts).length <= maxPageCounts, `at most ${maxPageCounts} names`)
      .describe('What is added to each name: no text, address or person')
      .openapi({ example: { warnings: 1, extend_opened: 1 } }),
  })
  .describe('What the page counted since its last report');

export const heartbeatSchema = z.strictObject({
  timestamp: z
    .number()
    .describe('The sender’s clock, ms since the epoch')
    .openapi({ example: 1_767_225_600_000 }),
  active: z.boolean().describe('Whether the page is in front'),
  metrics: pageReportSchema.optional(),
});

export const heartbeatAnswerSchema = z.strictObject({
  acknowledged: z.literal(true),
  revision: revisionSchema,
  status: statusSchema,
  remaining_seconds: lengthSeconds,
  expires_at: instant.nullable(),
  server_time: serverTime,
  next_heartbeat_seconds: nextHeartbeatSeconds,
  session_token: sessionToken.optional(),
  session: sessionSchema.optional(),
});

/** Which lengths are sold is the application's to say: a wrong one is refused as an extension, not as a request. */
const shownPrice = z
  .number()
  .nullable()
  .optional()
  .describe(
    'The price that was shown; another one is refused. Without it: the price at the sale of the session, or now if less',
  )
  .openapi({ example: 150 });

export const extendSchema = z.strictObject({
  additional_seconds: z.number().openapi({ example: 900 }),
  tokens_to_deduct: shownPrice,
  payment: z.enum(['tokens', 'money']).optional(),
  success_url: returnUrl.optional(),
  cancel_url: returnUrl.optional(),
});

export const extendAnswerSchema = z.strictObject({
  revision: revisionSchema,
  expires_at: instant.nullable(),
  additional_seconds: z.int().openapi({ example: 900 }),
  additional_cost: tokens,
  session_token: sessionToken,
  session: sessionSchema,
  server_time: serverTime,
  checkout_url: checkoutUrl.optional().describe('Where to pay; nothing is added to the session before'),
});

export const renewSchema = z.strictObject({
  additional_minutes: z.number().openapi({ example: 15 }),
  tokens_to_deduct: shownPrice,
});

/** The older spelling with the session in the body. */
export const olderExtendSchema = z.union([
  z.strictObject({ session_id: z.string(), additional_seconds: z.number(), tokens_to_deduct: shownPrice }),
  z.strictObject({ session_id: z.string(), additional_minutes: z.number(), tokens_to_deduct: shownPrice }),
]);

export const renewAnswerSchema = z.strictObject({
  revision: revisionSchema,
  new_expires_at: instant.nullable(),
  additional_cost: tokens,
  checkout_url: checkoutUrl.optional(),
});

export const extensionsAnswerSchema = z.strictObject({
  extensions: z.array(
    z.strictObject({
      id: z.string().openapi({ example: '9b2d7c52-1f0a-4c43-a1ce-5b3c7f0e6d21' }),
      additional_seconds: z.int().openapi({ example: 900 }),
      tokens,
      created_at: instant,
      payment: z.enum(['tokens', 'money']),
      status: z.enum(['open', 'paid', 'failed', 'expired', 'refunded']),
      amount: z.int().optional().openapi({ example: 499 }),
      currency: z.string().optional().openapi({ example: 'eur' }),
      refunded_amount: z.int().optional().openapi({ example: 0 }),
      disputed_amount: z
        .int()
        .optional()
        .describe('What the bank of the customer holds because of a dispute, or kept')
        .openapi({ example: 0 }),
    }),
  ),
  options: z.array(extensionOptionSchema),
});

export const completeSchema = z.strictObject({
  actual_usage_minutes: z
    .number()
    .min(0)
    .optional()
    .describe('For the record; the bill goes by what the service measured'),
  metadata: metadataSchema.optional(),
});

export const completeAnswerSchema = z.strictObject({
  revision: revisionSchema,
  status: statusSchema,
  used_seconds: lengthSeconds,
  final_cost: tokens,
  tokens_refunded: tokens,
  session: sessionSchema,
  server_time: serverTime,
});

/** True where both types say the same; anything else does not compile below. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
type Output<S extends z.ZodType> = z.output<S>;

true satisfies Same<Output<typeof sessionSchema>, Session>;
true satisfies Same<Output<typeof sessionAnswerSchema>, api.SessionAnswer>;
true satisfies Same<Output<ReturnType<typeof createSessionSchema>>, api.CreateSessionRequest>;
true satisfies Same<Output<typeof createSessionAnswerSchema>, api.CreateSessionAnswer>;
true satisfies Same<Output<typeof validateSchema>, api.ValidateRequest>;
true satisfies Same<Output<typeof validateAnswerSchema>, api.ValidateAnswer>;
true satisfies Same<Output<typeof heartbeatSchema>, api.HeartbeatRequest>;
true satisfies Same<Output<typeof heartbeatAnswerSchema>, api.HeartbeatAnswer>;
true satisfies Same<Output<typeof extendSchema>, api.ExtendRequest>;
true satisfies Same<Output<typeof extendAnswerSchema>, api.ExtendAnswer>;
true satisfies Same<Output<typeof renewSchema>, api.RenewRequest>;
true satisfies Same<Output<typeof renewAnswerSchema>, api.RenewAnswer>;
true satisfies Same<Output<typeof extensionsAnswerSchema>, api.ExtensionsAnswer>;
true satisfies Same<Output<typeof completeSchema>, api.CompleteRequest>;
true satisfies Same<Output<typeof completeAnswerSchema>, api.CompleteAnswer>;
