import type { Kysely } from 'kysely';
import type { Tables } from './database/schema.js';
import type { SecretBox } from './keys/secret-box.js';
import type { SigningKeys } from './keys/signing-keys.js';
import type { Metrics } from './metrics.js';
import type { Gatherer } from './gatherer.js';
import type { StripeGateway } from './payments/stripe-gateway.js';
import type { SessionView } from './sessions/session-view.js';
import type { KnownTokens } from './tokens/known-tokens.js';
import type { WebhookNetwork } from './webhooks/network.js';

export interface Limits {
  /** The shortest session that may be sold, seconds. */
  minDurationSeconds: number;
  /** The largest request body, bytes. */
  maxBodyBytes: number;
  /** What the service asks of pages between two heartbeats, seconds. */
  heartbeatSeconds: number;
  /** How long before its deadline `session.warning` tells of it, seconds; 0 never. Holds for sessions sold from then on. */
  warningSeconds: number;
  /** The longest life of a session token, seconds, at least 300; a heartbeat renews it. Infinity: as long as the session. */
  sessionTokenSeconds: number;
}

export const defaultLimits: Limits = {
  minDurationSeconds: 60,
  maxBodyBytes: 65_536,
  heartbeatSeconds: 30,
  warningSeconds: 300,
  sessionTokenSeconds: Infinity,
};

/** Receives what happens inside; fields never hold a token, a key or a name. */
export interface Logger {
  info(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

/** What every part of the service needs of its surroundings. */
export interface ServiceContext {
  kysely: Kysely<Tables>;
  keys: SigningKeys;
  tokens: KnownTokens;
  /** Sessions by id, read together with what others ask for at the same time; see `readSession`. */
  views: Gatherer<string, SessionView | undefined>;
  /** What encrypts secrets in the database; null where they lie there as they are. */
  box: SecretBox | null;
  /** Null where extensions are sold for tokens only. */
  payments: StripeGateway | null;
  webhooks: WebhookNetwork;
  /** Milliseconds since the epoch. */
  now(): number;
  /** The address of the service as others see it, and the issuer of its session tokens. */
  publicUrl: string;
  limits: Limits;
  logger: Logger;
  metrics: Metrics;
}
