import type { ApiPromise } from '../api-promise.js';
import type * as api from '../api-types.js';
import type { CallOptions } from '../options.js';
import type { PagePromise } from '../pages.js';
import { path } from '../path.js';
import { Resource } from './resource.js';

export class Applications extends Resource {
  /** With the operator key. The answer alone ever holds the application's secret key. */
  create(
    params: api.ApplicationCreateParams,
    options?: CallOptions,
  ): ApiPromise<api.ApplicationCreateResponse> {
    return this.changeWithoutKey('/applications', params, options);
  }

  list(params?: api.ApplicationListParams, options?: CallOptions): PagePromise<api.Application> {
    return this.pages('/applications', params, options);
  }

  retrieve(id: string, options?: CallOptions): ApiPromise<api.Application> {
    return this.get(path`/applications/${id}`, undefined, options);
  }

  /** With the operator key. */
  update(
    id: string,
    params: api.ApplicationUpdateParams,
    options?: CallOptions,
  ): ApiPromise<api.Application> {
    return this.patch(path`/applications/${id}`, params, options);
  }

  /** With the operator key. Former keys go on for as long as `overlapSeconds` says. */
  rollSecretKey(
    id: string,
    params: api.ApplicationRollSecretKeyParams = {},
    options?: CallOptions,
  ): ApiPromise<api.ApplicationRollSecretKeyResponse> {
    return this.changeWithoutKey(path`/applications/${id}/secret-key`, params, options);
  }
}
