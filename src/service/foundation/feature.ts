import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Authenticator } from './auth/authenticator.js';
import type { EventConsumer } from './events/consumer.js';
import type { HttpEnvironment } from './http/environment.js';
import type { DueWork } from './jobs/due-scheduler.js';

/** What one subject adds to the service. Its folder brings all of it; `service.ts` lists the features. */
export interface Feature {
  /** Adds its routes. */
  mount?(app: OpenAPIHono<HttpEnvironment>, authenticator: Authenticator): void;
  /** Requests, such as `POST /api/v1/things`, whose body is no JSON: their route limits its length, type and time itself. */
  readonly rawBodies?: RegExp;
  /** What falls due; begun after `start`. */
  readonly jobs?: readonly DueWork[];
  /** What it does with events, its own and those of others. */
  readonly consumers?: readonly EventConsumer[];
  /**
   * Before the first request, once the tables are there.
   * @param signal ends it where it may end, by throwing its reason.
   */
  start?(signal?: AbortSignal): Promise<void>;
  /** The service is about to end: lets go of whoever waits, while requests are still answered. */
  drain?(): Promise<void>;
  /** Stops all work, and writes down what is in hand. */
  close?(): Promise<void>;
}
