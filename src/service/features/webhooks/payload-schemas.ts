import { z } from '@hono/zod-openapi';
import { cancelReasons, participantRoles } from '../../../protocol/events.js';
import { exceptionKinds } from '../../../protocol/exceptions.js';
import {
  helpRequestReasons,
  helpRequestStatuses,
  outcomes,
  paymentStatuses,
} from '../../../protocol/help-request.js';
import { pausers } from '../../../protocol/pauser.js';
import { subscriptionStatuses } from '../../../protocol/subscription.js';
import { customerFields, type WebhookEvent } from '../../../protocol/webhooks.js';
import { revisionSchema, statusSchema } from '../sessions/index.js';

const id = z.string().openapi({ example: '3f6e3c0e-9d5b-4a53-8f1e-2d1f3c9f7a10' });
const instant = z.int().describe('Whole seconds since the epoch').openapi({ example: 1_767_225_600 });
const wholeSeconds = z.int().openapi({ example: 600 });
const tokens = z.int().describe('Whole marketplace tokens').openapi({ example: 100 });
const currency = z.string().describe('ISO 4217, lower case').openapi({ example: 'eur' });

/** What each event about a session says. */
const ofSession = <S extends z.core.$ZodLooseShape>(members: S) =>
  z.object({
    session_id: id,
    revision: revisionSchema,
    help_request_id: id.optional().describe('The help request whose talk it is'),
    application_id: z.string().openapi({ example: 'sketch' }),
    provider_id: z.string().openapi({ example: 'lantern' }),
    user_id: z.string().openapi({ example: 'customer-17' }),
    metadata: z
      .record(z.string(), z.string())
      .describe('As it was given at the sale')
      .openapi({ example: { order: '4711' } }),
    ...members,
  });
const ofParticipant = ofSession({
  participant: z
    .enum(['customer', 'provider'])
    .optional()
    .describe('The side; missing for an observer')
    .openapi({ example: 'provider' }),
  role: z.enum(participantRoles).optional().openapi({ example: 'helper' }),
  participant_id: z
    .string()
    .optional()
    .describe('The customer, the provider, or the person that the access token names')
    .openapi({ example: 'ada' }),
});

const ofHelpRequest = z.object({
  request_id: id,
  application_id: z.string().openapi({ example: 'sketch' }),
  provider_id: z.string().openapi({ example: 'lantern' }),
  user_id: z.string().openapi({ example: 'customer-17' }),
  category_id: z.string().openapi({ example: 'leak' }),
  version: z.int().describe('The higher one is the later').openapi({ example: 2 }),
  status: z.enum(helpRequestStatuses).openapi({ example: 'claimed' }),
  reason: z.enum(helpRequestReasons).nullable().openapi({ example: null }),
  helper_id: z.string().nullable().openapi({ example: 'maria' }),
  session_id: id.nullable(),
  outcome: z.enum(outcomes).nullable().openapi({ example: null }),
});

const ofPayment = z.object({
  request_id: id,
  application_id: z.string().openapi({ example: 'sketch' }),
  provider_id: z.string().openapi({ example: 'lantern' }),
  user_id: z.string().openapi({ example: 'customer-17' }),
  version: z.int().describe('The request’s: the higher one is the later').openapi({ example: 2 }),
  payment_status: z.enum(paymentStatuses).openapi({ example: 'authorized' }),
  amount: z.int().describe('The price, in minor units of the currency').openapi({ example: 2_500 }),
  currency,
  captured_amount: z.int().nullable().describe('What was taken of it').openapi({ example: null }),
});

/** What each event about a customer of the marketplace says. */
const ofCustomer = <S extends z.core.$ZodLooseShape>(members: S) =>
  z.object({ customer_id: z.string().openapi({ example: 'customer-17' }), ...members });

const ofSubscription = ofCustomer({
  subscription_id: id,
  plan_id: z.string().openapi({ example: 'pro-monthly' }),
  status: z.enum(subscriptionStatuses).openapi({ example: 'active' }),
  current_period_started_at: instant,
  current_period_ends_at: instant,
  cancel_at_period_end: z.boolean().openapi({ example: false }),
  pending_plan_id: z.string().nullable().openapi({ example: null }),
  tokens_granted: tokens,
  tokens_expired: tokens,
});

/** `data` of each webhook, by its type. A member may be added: who reads it passes over what he does not know. */
const webhookPayloads = {
  'session.waiting': ofSession({ waiting_until: instant }),
  'session.started': ofSession({ expires_at: instant }),
  'session.extended': ofSession({
    expires_at: instant.nullable(),
    additional_seconds: wholeSeconds,
    additional_cost: tokens,
    amount: z.int().describe('With money: minor units of the currency').openapi({ example: 499 }).optional(),
    currency: currency.optional(),
  }),
  'session.shortened': ofSession({ expires_at: instant.nullable(), removed_seconds: wholeSeconds }),
  'session.paused': ofSession({ pause_ends_at: instant, paused_by: z.enum(pausers).optional() }),
  'session.resumed': ofSession({ expires_at: instant }),
  'session.warning': ofSession({ expires_at: instant, remaining_seconds: wholeSeconds }),
  'session.cancelled': ofSession({
    reason: z.enum(cancelReasons).openapi({ example: 'waiting_over' }),
    tokens_refunded: tokens,
  }),
  'session.ended': ofSession({
    status: statusSchema,
    used_seconds: wholeSeconds,
    final_cost: tokens,
    tokens_refunded: tokens,
  }),
  'help_request.opened': ofHelpRequest,
  'help_request.claimed': ofHelpRequest,
  'help_request.reopened': ofHelpRequest,
  'help_request.started': ofHelpRequest,
  'help_request.completed': ofHelpRequest,
  'help_request.cancelled': ofHelpRequest,
  'help_request.expired': ofHelpRequest,
  'help_request.outcome_recorded': ofHelpRequest,
  'payment.authorized': ofPayment,
  'payment.captured': ofPayment,
  'payment.released': ofPayment,
  'payment.expired': ofPayment,
  'participant.joined': ofParticipant,
  'participant.lost': ofParticipant,
  'participant.back': ofParticipant,
  'message.created': ofSession({
    message_id: id,
    position: z.int().describe('Its place in the session, from 1 on without a gap').openapi({ example: 7 }),
    sent_by: z.enum(pausers).openapi({ example: 'provider' }),
  }),
  'file.created': ofSession({
    file_id: id,
    sent_by: z.enum(pausers).openapi({ example: 'customer' }),
  }),
  'file.deleted': ofSession({ file_id: id }),
  'webhook.disabled': z.object({
    endpoint_id: id,
    url: z.string().openapi({ example: 'https://provider.example/hooks' }),
    disabled_reason: z.enum(['gone', 'failing']).openapi({ example: 'gone' }),
  }),
  'webhook.test': z.object({ endpoint_id: id }),
  'exception.opened': z.object({
    exception_id: id,
    kind: z.enum(exceptionKinds).openapi({ example: 'payment_amount_mismatch' }),
    subject: z.string().openapi({ example: 'payment:pi_3RgRPqEEXQJo9EEO' }),
    detail: z.string().openapi({ example: '250 eur were paid, the price is 499 eur' }),
    provider_id: z.string().nullable().openapi({ example: 'lantern' }),
    session_id: id.nullable(),
    checkout_id: id.nullable(),
    payment_intent_id: z.string().nullable().openapi({ example: 'pi_3RgRPqEEXQJo9EEO' }),
    amount: z.int().nullable().openapi({ example: 250 }),
    currency: currency.nullable(),
  }),
  'customer.created': ofCustomer({}),
  'customer.updated': ofCustomer({
    changed: z.array(z.enum(customerFields).openapi({ example: 'email' })),
  }),
  'customer.deleted': ofCustomer({}),
  'subscription.created': ofSubscription,
  'subscription.renewed': ofSubscription,
  'subscription.updated': ofSubscription,
  'subscription.paused': ofSubscription,
  'subscription.resumed': ofSubscription,
  'subscription.canceled': ofSubscription,
  'wallet.low': ofCustomer({ available: tokens, low_wallet_tokens: tokens }),
} satisfies Record<WebhookEvent['type'], z.ZodType>;

type Payloads = { [T in keyof typeof webhookPayloads]: z.output<(typeof webhookPayloads)[T]> };
type Told = { [T in WebhookEvent['type']]: Extract<WebhookEvent, { type: T }>['data'] };
/** Each is what the SDK's types say. */
true satisfies Payloads extends Told ? (Told extends Payloads ? true : never) : never;

const bodyOf = (type: keyof typeof webhookPayloads) =>
  z.object({
    type: z.literal(type),
    timestamp: z.iso
      .datetime()
      .describe('When it happened, ISO 8601')
      .openapi({ example: '2026-01-01T00:00:00.000Z' }),
    data: webhookPayloads[type],
  });

/** The body of each webhook, by its type. */
export const webhookBodies: Readonly<Record<string, z.ZodType>> = Object.fromEntries(
  (Object.keys(webhookPayloads) as (keyof typeof webhookPayloads)[]).map((type) => [type, bodyOf(type)]),
);
