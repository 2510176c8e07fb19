// A customer on the wire.
import { z } from '@hono/zod-openapi';
import { idSchema, metadataSchema } from '../../foundation/http/route-shapes.js';
import { sessionSchema } from '../sessions/index.js';
import { subscriptionSchema } from '../subscriptions/index.js';

const customerId = z.string().openapi({ example: 'customer-17' });
const organizationId = z.string().nullable().openapi({ example: 'acme' });
const name = z.string().min(1).max(200).nullable().openapi({ example: 'Ada Lovelace' });
const email = z
  .string()
  .max(254)
  .regex(/^[^\s@]+@[^\s@]+$/, 'no address')
  .nullable()
  .openapi({ example: 'ada@example.org' });
const lowWalletTokens = z
  .int()
  .min(1)
  .max(1_000_000_000)
  .nullable()
  .describe('wallet.low is told when less than this is left to spend; null: never')
  .openapi({ example: 50 });
const instant = z.int().describe('Whole seconds since the epoch').openapi({ example: 1_767_225_600 });

const walletSchema = z.strictObject({
  available: z.int().describe('Tokens that can be spent').openapi({ example: 900 }),
  held: z.int().describe('Tokens set aside for running sessions').openapi({ example: 100 }),
});

export const customerSchema = z
  .strictObject({
    id: customerId,
    organization_id: organizationId,
    name,
    email,
    metadata: metadataSchema,
    low_wallet_tokens: lowWalletTokens,
    created_at: instant,
    wallet: walletSchema,
  })
  .openapi('Customer');

/** What may be said of a customer; what is left out stays as it is. */
export const detailsSchema = z
  .strictObject({
    organization_id: idSchema.nullable().openapi({ example: 'acme' }),
    name,
    email,
    metadata: metadataSchema,
    low_wallet_tokens: lowWalletTokens,
  })
  .partial();

export const stateSchema = z.strictObject({
  customer: customerSchema,
  subscriptions: z.array(subscriptionSchema).describe('Those that are not over, newest first'),
  session: z.union([sessionSchema, z.null()]),
  server_time: z.int().describe('Milliseconds since the epoch').openapi({ example: 1_767_225_600_000 }),
});

export const entrySchema = z.strictObject({
  id: z.int().openapi({ example: 42 }),
  kind: z.enum(['credit', 'hold', 'settlement', 'expiry']).openapi({ example: 'hold' }),
  amount: z.int().describe('Into the wallet; negative: out of it').openapi({ example: -100 }),
  balance_after: z.int().openapi({ example: 900 }),
  session_id: z.string().nullable().openapi({ example: '3f6e3c0e-9d5b-4a53-8f1e-2d1f3c9f7a10' }),
  reference: z.string().nullable().openapi({ example: null }),
  created_at: instant,
});

export const erasureSchema = z
  .strictObject({
    id: z
      .string()
      .describe('The name that takes the place of the id; the id itself of a customer who is not erased')
      .openapi({ example: 'erased-3f6e3c0e-9d5b-4a53-8f1e-2d1f3c9f7a10' }),
    status: z.enum(['none', 'running', 'done']).openapi({ example: 'running' }),
  })
  .openapi('Erasure');

export const creditSchema = z.strictObject({
  tokens: z.int().min(1).max(1_000_000_000).openapi({ example: 1000 }),
  reference: z
    .string()
    .min(1)
    .max(200)
    .describe('The payment it stands for: credited once')
    .openapi({ example: 'invoice-2026-0042' }),
});

/** What an application's page may read: it knows its own users, and nothing that the marketplace writes of them. */
export const withoutDetails = (customer: z.output<typeof customerSchema>) => ({
  ...customer,
  name: null,
  email: null,
  metadata: {},
  low_wallet_tokens: null,
});
