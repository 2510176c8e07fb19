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

  /** With the operator key. */
  update(id: string, params: api.ApplicationUpdateParams, options?: CallOptions): ApiPromise<api.Application>;

  /** With the operator key. Former keys go on for as long as `overlapSeconds` says. */
  rollSecretKey(
    id: string,
    params?: api.ApplicationRollSecretKeyParams,
    options?: CallOptions,
  ): ApiPromise<api.ApplicationRollSecretKeyResponse>;
}

export const applications: Operations<Applications> = [
  '/applications',
  {
    create: 'POST params',
    list: 'LIST params',
    retrieve: 'GET /:id',
    update: 'PATCH /:id params',
    rollSecretKey: 'POST /:id/secret-key params',
  },
];
