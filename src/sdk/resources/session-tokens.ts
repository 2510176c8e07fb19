import type { ApiPromise } from '../api-promise.js';
import type * as api from '../api-types.js';
import type { CallOptions } from '../options.js';
import type { Operations } from './resource.js';

/** With the application's secret key: tokens for users who are signed in with your server. */
export interface SessionTokens {
  /**
   * Of the newest live session of the user, or of the one that is named; `sessionId` is null where there is none, and the page
   * shows so. A user whom nobody knows becomes a customer.
   * @throws {ConflictError} `CUSTOMER_ORGANIZATION_MISMATCH`
   * @throws {NotFoundError} `SESSION_NOT_FOUND`
   * @throws {GoneError} `SESSION_ENDED`
   */
  create(params: api.SessionTokenCreateParams, options?: CallOptions): ApiPromise<api.SessionToken>;

  /** At the log-out of one page. */
  revoke(id: string, options?: CallOptions): ApiPromise<void>;

  /** All of one user. */
  revokeAll(params: api.SessionTokenRevokeAllParams, options?: CallOptions): ApiPromise<void>;
}

export const sessionTokens: Operations<SessionTokens> = [
  '/session-tokens',
  {
    create: 'POST params key',
    revoke: 'DELETE /:id',
    revokeAll: 'DELETE params',
  },
];
