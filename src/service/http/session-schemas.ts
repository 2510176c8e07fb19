import { z } from '@hono/zod-openapi';
import type * as api from '../../protocol/api.js';
import type { Session } from '../../protocol/session.js';

const instant = z.int().describe('Whole seconds since the epoch');
const tokens = z.int().min(0).describe('Whole marketplace tokens');
const serverTime = z.int().describe('Milliseconds since the epoch');
const optionRefusal = z.enum(['INSUFFICIENT_TOKENS', 'EXTENSION_LIMIT_REACHED']);

const statusSchema = z.enum(['waiting', 'active', 'paused', 'completed', 'expired', 'cancelled']);

const extensionOptionSchema = z.strictObject({
  additional_seconds: z.int(),
  tokens,
  available: z.boolean(),
  unavailable_reason: optionRefusal.optional(),
});

export const sessionSchema = z
  .strictObject({
    id: z.string(),
    status: statusSchema,
    user_id: z.string(),
    provider_id: z.string(),
    application_id: z.string(),
    tokens_allocated: tokens,
    duration_limit_seconds: z.int(),
    created_at: instant,
    started_at: instant.nullable(),
    expires_at: instant.nullable(),
    remaining_seconds: z.int(),
    pause_ends_at: instant.nullable(),
    pausable: z.boolean(),
    pause_seconds_left: z.int(),
    return_url: z.string().nullable(),
    top_up_url: z.string().nullable(),
    extension_options: z.array(extensionOptionSchema),
    ended_at: instant.nullable(),
    used_seconds: z.int().nullable(),
    final_cost: tokens.nullable(),
    tokens_refunded: tokens.nullable(),
  })
  .openapi('Session');

export const sessionAnswerSchema = z.strictObject({
  session: sessionSchema,
  server_time: serverTime,
  session_token: z.string().optional(),
});

const metadata = z
  .record(z.string().max(40), z.string().max(500))
  .refine((map) => Object.keys(map).length <= 50, {
    message: 'at most 50 entries',
  });

export const createSessionSchema = (minDurationSeconds: number) =>
  z.strictObject({
    application_id: z.string(),
    user_id: z.string(),
    duration_seconds: z.int().min(minDurationSeconds).max(86_400),
    return_url: z.string().max(2048).optional(),
    metadata: metadata.optional(),
  });

export const createSessionAnswerSchema = z.strictObject({
  session: sessionSchema,
  server_time: serverTime,
  session_token: z.string(),
  launch_url: z.string().nullable(),
});

export const validateSchema = z.union([
  z.strictObject({ session_jwt: z.string() }),
  z.strictObject({ jti: z.string() }),
]);

export const validateAnswerSchema = z.strictObject({
  valid: z.literal(true),
  session: sessionSchema,
  remaining_seconds: z.int(),
  server_time: serverTime,
});

export const heartbeatSchema = z.strictObject({ timestamp: z.number(), active: z.boolean() });

export const heartbeatAnswerSchema = z.strictObject({
  acknowledged: z.literal(true),
  status: statusSchema,
  remaining_seconds: z.int(),
  expires_at: instant.nullable(),
  server_time: serverTime,
  next_heartbeat_seconds: z.int().optional(),
  session_token: z.string().optional(),
  session: sessionSchema.optional(),
});

/** Which lengths are sold is the application's to say: a wrong one is refused as an extension, not as a request. */
export const extendSchema = z.strictObject({
  additional_seconds: z.number(),
  tokens_to_deduct: z.number().optional(),
});

export const extendAnswerSchema = z.strictObject({
  expires_at: instant.nullable(),
  additional_seconds: z.int(),
  additional_cost: tokens,
  session_token: z.string(),
  session: sessionSchema,
  server_time: serverTime,
});

export const renewSchema = z.strictObject({ additional_minutes: z.number() });

export const renewAnswerSchema = z.strictObject({
  new_expires_at: instant.nullable(),
  additional_cost: tokens,
});

export const extensionsAnswerSchema = z.strictObject({
  extensions: z.array(
    z.strictObject({ id: z.string(), additional_seconds: z.int(), tokens, created_at: instant }),
  ),
  options: z.array(extensionOptionSchema),
});

export const completeSchema = z.strictObject({
  actual_usage_minutes: z.number().min(0).optional(),
  metadata: metadata.optional(),
});

export const completeAnswerSchema = z.strictObject({
  status: statusSchema,
  used_seconds: z.int(),
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
