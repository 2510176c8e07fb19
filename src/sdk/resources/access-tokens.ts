import type { ApiPromise } from '../api-promise.js';
import type * as api from '../api-types.js';
import type { CallOptions } from '../options.js';
import type { Operations } from './resource.js';

/** Short-lived tokens with which one person reads within a scope. */
export interface AccessTokens {
  create(params: api.AccessTokenCreateParams, options?: CallOptions): ApiPromise<api.AccessToken>;

  revoke(id: string, options?: CallOptions): ApiPromise<void>;

  /** All of one person. */
  revokeAll(params: api.AccessTokenRevokeAllParams, options?: CallOptions): ApiPromise<void>;
}

export const accessTokens: Operations<AccessTokens> = [
  '/access-tokens',
  {
    create: 'POST params key',
    revoke: 'DELETE /:id',
    revokeAll: 'DELETE params',
  },
];
