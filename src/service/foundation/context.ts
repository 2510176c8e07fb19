import type { Kysely } from 'kysely';
import type { Database } from './database/database.js';
import type { Tables } from './database/schema.js';
import type { EventConsumer } from './events/consumer.js';
import type { SecretBox } from './secrets/secret-box.js';
import type { Timer } from './jobs/timer.js';
import type { Metrics } from './metrics.js';

export interface Limits {
  /** The shortest session that may be sold, seconds. */
  minDurationSeconds: number;
  /** The largest request body, bytes. */
  maxBodyBytes: number;
  /** What the service asks of pages between two heartbeats, seconds. */
  heartbeatSeconds: number;
  /** How long a session waits for both sides where its sale does not say, seconds. */
  waitingSeconds: number;
  /** The longest that it may wait, seconds; at most 36 000. */
  maxWaitingSeconds: number;
  /** How long before its deadline `session.warning` tells of it, seconds; 0 never. Holds for sessions sold from then on. */
  warningSeconds: number;
  /** What one sender may write in a session within a minute. */
  messagesPerMinute: number;
  /** What may be written in a session by all together. */
  messagesPerSession: number;
  /** Signals that one side of a session may send within a minute. */
  signalsPerMinute: number;
  /** The longest life of a session token, seconds, at least 300; a heartbeat renews it. Infinity: as long as the session. */
  sessionTokenSeconds: number;
}

export const defaultLimits: Limits = {
  minDurationSeconds: 60,
  maxBodyBytes: 65_536,
  heartbeatSeconds: 30,
  waitingSeconds: 1_800,
  maxWaitingSeconds: 14_400,
  warningSeconds: 300,
  messagesPerMinute: 30,
  messagesPerSession: 2_000,
  signalsPerMinute: 300,
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
  database: Database;
  /** What encrypts secrets in the database; null where they lie there as they are. */
  box: SecretBox | null;
  /** Whether extensions are sold for money too. */
  takesMoney: boolean;
  /** Milliseconds since the epoch, by the database's clock: every decision goes by it. */
  now(): number;
  /** What wakes the service. */
  timer: Timer;
  /** Whether sessions have files. */
  keepsFiles: boolean;
  /** Whether sessions have rooms. */
  hasRooms: boolean;
  /** The address of the service as others see it, and the issuer of its session tokens. */
  publicUrl: string;
  limits: Limits;
  logger: Logger;
  metrics: Metrics;
  /** What features do with events, in the order of the features. */
  eventConsumers: readonly EventConsumer[];
}
