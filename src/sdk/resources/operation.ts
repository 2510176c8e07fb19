import type { ApiPromise } from '../api-promise.js';
import type * as api from '../api-types.js';
import type { CallOptions } from '../options.js';
import type { PagePromise } from '../pages.js';
import type { Operations } from './resource.js';

/** What the service could not decide by itself. */
export interface Exceptions {
  list(params?: api.ExceptionListParams, options?: CallOptions): PagePromise<api.Exception>;

  retrieve(id: string, options?: CallOptions): ApiPromise<api.Exception>;

  /** With the operator key: says what was done about it. */
  resolve(id: string, params: api.ExceptionResolveParams, options?: CallOptions): ApiPromise<api.Exception>;
}

export const exceptions: Operations<Exceptions> = [
  '/exceptions',
  {
    list: 'LIST params',
    retrieve: 'GET /:id',
    resolve: 'POST /:id/resolve params',
  },
];

/** With the operator key: who changed what when. */
export interface AuditEntries {
  list(params?: api.AuditEntryListParams, options?: CallOptions): PagePromise<api.AuditEntry>;
}

export const auditEntries: Operations<AuditEntries> = [
  '/audit-entries',
  {
    list: 'LIST params',
  },
];

/** With the operator key: the keys that sign session tokens. */
export interface Keys {
  /**
   * Signs with the next key from now on.
   * @throws {ConflictError} `KEY_ROTATION_TOO_EARLY`
   */
  rotate(options?: CallOptions): ApiPromise<api.KeyRotateResponse>;
}

export const keys: Operations<Keys> = [
  '/keys',
  {
    rotate: 'POST /rotate',
  },
];

/** With a secret key of a test or the operator key, where the service was started with a test clock. */
export interface TestClock {
  /**
   * Moves the time of the service on, for everybody: what has come due by then is done at once.
   * @throws {NotFoundError} `ROUTE_NOT_FOUND` where it has no such clock.
   */
  advance(
    params: api.TestClockAdvanceParams,
    options?: CallOptions,
  ): ApiPromise<api.TestClockAdvanceResponse>;
}

export const testClock: Operations<TestClock> = [
  '/test/clock',
  {
    advance: 'POST params',
  },
];
