import type { ApiPromise } from '../api-promise.js';
import type * as api from '../api-types.js';
import type { DashboardEvent } from '../live-events.js';
import type { CallOptions } from '../options.js';
import type { PagePromise } from '../pages.js';
import type { StreamOptions } from '../stream-reader.js';
import type { Operations } from './resource.js';

export interface Providers {
  /** With the operator key. */
  create(params: api.ProviderCreateParams, options?: CallOptions): ApiPromise<api.Provider>;

  list(params?: api.ProviderListParams, options?: CallOptions): PagePromise<api.Provider>;

  retrieve(id: string, options?: CallOptions): ApiPromise<api.Provider>;

  update(id: string, params: api.ProviderUpdateParams, options?: CallOptions): ApiPromise<api.Provider>;

  /** Its figures over all time. */
  stats(
    id: string,
    params?: api.ProviderStatsParams,
    options?: CallOptions,
  ): ApiPromise<api.ProviderStatistics>;

  /** Its figures by day or hour, of one application too; with their total, and that of the same number of days before. */
  analytics(
    id: string,
    params?: api.ProviderAnalyticsParams,
    options?: CallOptions,
  ): ApiPromise<api.ProviderAnalytics>;

  /** What its pages have counted, where they were asked to. */
  pageMetrics(
    id: string,
    params?: api.ProviderPageMetricsParams,
    options?: CallOptions,
  ): ApiPromise<api.PageMetrics>;

  /** Of the requests for help that were made in that time. */
  helpStats(
    id: string,
    params?: api.ProviderHelpStatsParams,
    options?: CallOptions,
  ): ApiPromise<api.HelpStatistics>;

  /** Sessions of all its applications, newest first. */
  sessions(id: string, params?: api.ProviderSessionsParams, options?: CallOptions): PagePromise<api.Session>;

  /**
   * The same as CSV, a piece of text at a time.
   * @example
   * for await (const text of marketplace.providers.sessionsCsv(id, { timeZone })) file.write(text);
   * @throws {ConnectionError} `NETWORK_FAILED` where it breaks off: what came is not all.
   */
  sessionsCsv(
    id: string,
    params?: api.ProviderSessionsCsvParams,
    options?: StreamOptions,
  ): AsyncGenerator<string, void, undefined>;

  /** How much of what waits for somebody there is, and where it is listed. */
  attention(id: string, options?: CallOptions): ApiPromise<api.ProviderAttention>;

  /**
   * When its figures change, at most once a second: a snapshot at each beginning, upon which all that is shown is read anew. It
   * goes on until it is aborted, or the credential ends.
   */
  events(id: string, options?: StreamOptions): AsyncGenerator<DashboardEvent, void, undefined>;
}

export const providers: Operations<Providers> = [
  '/providers',
  {
    create: 'POST params',
    list: 'LIST params',
    retrieve: 'GET /:id',
    update: 'PATCH /:id params',
    stats: 'GET /:id/stats params',
    analytics: 'GET /:id/analytics params',
    pageMetrics: 'GET /:id/page-metrics params',
    helpStats: 'GET /:id/help-stats params',
    sessions: 'LIST /:id/sessions params',
    sessionsCsv: 'TEXT /:id/sessions.csv params',
    attention: 'GET /:id/attention',
    events: 'EVENTS /:id/events',
  },
];
