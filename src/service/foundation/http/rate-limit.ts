import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { SessionError } from '../../../protocol/errors.js';
import {
  windowSeconds,
  type RateLimiter,
  type RatePolicy,
  type RateQuota,
} from '../rate-limits/rate-limiter.js';
import type { HttpEnvironment } from './environment.js';
import { probes } from './paths.js';

/** Counts each request by the address it comes from, before anything is looked at. */
export const limitAddresses = (limiter: RateLimiter) =>
  createMiddleware<HttpEnvironment>(async (c, next) => {
    // Where no server stands in front there is no env.
    const address = c.env?.clientAddress;
    if (address !== undefined && !probes.includes(c.req.path))
      takeQuota(c, limiter, 'address', `address:${address}`);
    await next();
  });

/** Counts a request against a limit. @throws {SessionError} `RATE_LIMITED` */
export function takeQuota(
  c: Context<HttpEnvironment>,
  limiter: RateLimiter,
  policy: RatePolicy,
  name: string,
): void {
  const quota = limiter.take(policy, name);
  if (!quota) return;
  const said = c.get('quota');
  // Of two policies the one that is nearer to its end is told.
  if (!said || quota.remaining <= said.remaining) c.set('quota', quota);
  if (quota.isOver) throw new SessionError('RATE_LIMITED', { retryAfterSeconds: quota.resetSeconds });
}

/** The fields that tell a client how much it may still ask (draft-ietf-httpapi-ratelimit-headers-10). */
export const rateLimitFields = ({ policy, limit, remaining, resetSeconds }: RateQuota) => ({
  'RateLimit-Policy': `"${policy}";q=${limit};w=${windowSeconds}`,
  RateLimit: `"${policy}";r=${remaining};t=${resetSeconds}`,
});
