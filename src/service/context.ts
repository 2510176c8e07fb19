import type { Kysely } from 'kysely';
import type { Tables } from './database/schema.js';
import type { SigningKeys } from './keys/signing-keys.js';

export interface Limits {
  /** The shortest session that may be sold, seconds. */
  minDurationSeconds: number;
  /** The largest request body, bytes. */
  maxBodyBytes: number;
  /** What the service asks of pages between two heartbeats, seconds. */
  heartbeatSeconds: number;
}

export const defaultLimits: Limits = { minDurationSeconds: 60, maxBodyBytes: 65_536, heartbeatSeconds: 30 };

/** Receives what happens inside; fields never hold a token, a key or a name. */
export interface Logger {
  info(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

/** What every part of the service needs of its surroundings. */
export interface ServiceContext {
  kysely: Kysely<Tables>;
  keys: SigningKeys;
  /** Milliseconds since the epoch. */
  now(): number;
  /** The address of the service as others see it, and the issuer of its session tokens. */
  publicUrl: string;
  limits: Limits;
  logger: Logger;
}
