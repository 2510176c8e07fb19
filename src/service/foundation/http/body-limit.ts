import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { SessionError } from '../../../protocol/errors.js';
import type { HttpEnvironment } from './environment.js';

/**
 * Refuses bodies that are too large. One that says how long it is, is believed, as the server cuts it there; it is not
 * touched, so that the route may read it the short way. Others are counted while they arrive.
 */
export function limitBody(maxSize: number): MiddlewareHandler<HttpEnvironment> {
  const refuse = () => {
    throw new SessionError('BODY_TOO_LARGE');
  };
  const counting = bodyLimit({ maxSize, onError: refuse });
  return async (c, next) => {
    const length = c.req.header('content-length');
    if (length === undefined || c.req.header('transfer-encoding') !== undefined) return counting(c, next);
    if (!(Number(length) <= maxSize)) refuse();
    return next();
  };
}
