import type { ApiPromise } from '../api-promise.js';
import type * as api from '../api-types.js';
import type { CallOptions } from '../options.js';
import type { PagePromise } from '../pages.js';
import type { Operations } from './resource.js';

export interface Applications {
  /** With the operator key. The answer alone ever holds the application's secret key. */
  create(
    params: api.ApplicationCreateParams,
    options?: CallOptions,
  ): ApiPromise<api.ApplicationCreateResponse>;

  list(params?: api.ApplicationListParams, options?: CallOptions): PagePromise<api.Application>;

  retrieve(id: string, options?: CallOptions): ApiPromise<api.Application>;

  /** What the marketplace alone says of it needs the operator key. */
  update(id: string, params: api.ApplicationUpdateParams, options?: CallOptions): ApiPromise<api.Application>;

  /** With the operator key, or a member's access token where it is one of tests. Former keys go on for as long as `overlapSeconds` says. */
  rollSecretKey(
    id: string,
    params?: api.ApplicationRollSecretKeyParams,
    options?: CallOptions,
  ): ApiPromise<api.ApplicationRollSecretKeyResponse>;

  /**
   * Has the service look at its page from outside.
   * @throws {MarketplaceError} `PAGE_NOT_VISITED`, and `RATE_LIMITED` after ten visits in a minute
   */
  check(id: string, params?: api.ApplicationCheckParams, options?: CallOptions): ApiPromise<api.PageReport>;

  /**
   * Sells a session of an application of tests that nobody pays for; `sessions.fastForward` lets its time pass.
   * @throws {MarketplaceError} `REHEARSAL_IMPOSSIBLE`
   */
  rehearse(id: string, options?: CallOptions): ApiPromise<api.SessionCreateResponse>;
}

export const applications: Operations<Applications> = [
  '/applications',
  {
    create: 'POST params',
    list: 'LIST params',
    retrieve: 'GET /:id',
    update: 'PATCH /:id params',
    rollSecretKey: 'POST /:id/secret-key params',
    check: 'POST /:id/checks params',
    rehearse: 'POST /:id/rehearsals key',
  },
];
