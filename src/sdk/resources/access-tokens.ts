import type { ApiPromise } from '../api-promise.js';
import type * as api from '../api-types.js';
import type { CallOptions } from '../options.js';
import { path } from '../path.js';
import { Resource } from './resource.js';

/** Short-lived tokens with which one person reads within a scope. */
export class AccessTokens extends Resource {
  create(params: api.AccessTokenCreateParams, options?: CallOptions): ApiPromise<api.AccessToken> {
    return this.change('/access-tokens', params, options);
  }

  revoke(id: string, options?: CallOptions): ApiPromise<void> {
    return this.remove(path`/access-tokens/${id}`, undefined, options);
  }

  /** All of one person. */
  revokeAll(params: api.AccessTokenRevokeAllParams, options?: CallOptions): ApiPromise<void> {
    return this.remove('/access-tokens', params, options);
  }
}
