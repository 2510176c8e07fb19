import type { ApiPromise } from '../api-promise.js';
import type * as api from '../api-types.js';
import type { CallOptions } from '../options.js';
import type { PagePromise } from '../pages.js';
import { path } from '../path.js';
import { Resource } from './resource.js';

export class Providers extends Resource {
  /** With the operator key. */
  create(params: api.ProviderCreateParams, options?: CallOptions): ApiPromise<api.Provider> {
    return this.changeWithoutKey('/providers', params, options);
  }

  list(params?: api.ProviderListParams, options?: CallOptions): PagePromise<api.Provider> {
    return this.pages('/providers', params, options);
  }

  retrieve(id: string, options?: CallOptions): ApiPromise<api.Provider> {
    return this.get(path`/providers/${id}`, undefined, options);
  }

  update(id: string, params: api.ProviderUpdateParams, options?: CallOptions): ApiPromise<api.Provider> {
    return this.patch(path`/providers/${id}`, params, options);
  }

  /** Its figures over all time. */
  stats(id: string, options?: CallOptions): ApiPromise<api.ProviderStatistics> {
    return this.get(path`/providers/${id}/stats`, undefined, options);
  }

  /** Its figures by day. */
  analytics(
    id: string,
    params?: api.ProviderAnalyticsParams,
    options?: CallOptions,
  ): ApiPromise<api.ProviderAnalytics> {
    return this.get(path`/providers/${id}/analytics`, params, options);
  }

  /** Sessions of all its applications, newest first. */
  sessions(id: string, params?: api.ProviderSessionsParams, options?: CallOptions): PagePromise<api.Session> {
    return this.pages(path`/providers/${id}/sessions`, params, options);
  }
}
