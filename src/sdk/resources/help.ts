import type { ApiPromise } from '../api-promise.js';
import type * as api from '../api-types.js';
import type { CallOptions } from '../options.js';
import type { PagePromise } from '../pages.js';
import type { Operations } from './resource.js';

/** Who helps. */
export interface Helpers {
  create(params: api.HelperCreateParams, options?: CallOptions): ApiPromise<api.Helper>;

  /** Newest first. */
  list(params?: api.HelperListParams, options?: CallOptions): PagePromise<api.Helper>;

  retrieve(id: string, options?: CallOptions): ApiPromise<api.Helper>;

  update(id: string, params: api.HelperUpdateParams, options?: CallOptions): ApiPromise<api.Helper>;

  /** @throws {ConflictError} `HELPER_BUSY` */
  delete(id: string, options?: CallOptions): ApiPromise<void>;

  setAvailability(
    id: string,
    params: api.HelperSetAvailabilityParams,
    options?: CallOptions,
  ): ApiPromise<api.Helper>;

  /** Of what was offered to the helper in that time. */
  stats(id: string, params?: api.HelperStatsParams, options?: CallOptions): ApiPromise<api.HelperStatistics>;
}

export const helpers: Operations<Helpers> = [
  '/helpers',
  {
    create: 'POST params',
    list: 'LIST params',
    retrieve: 'GET /:id',
    update: 'PATCH /:id params',
    delete: 'DELETE /:id',
    setAvailability: 'PUT /:id/availability params',
    stats: 'GET /:id/stats params',
  },
];

/** What help there is, for how long and at which price. */
export interface HelpCategories {
  create(params: api.HelpCategoryCreateParams, options?: CallOptions): ApiPromise<api.HelpCategory>;

  /** Newest first. */
  list(params?: api.HelpCategoryListParams, options?: CallOptions): PagePromise<api.HelpCategory>;

  /** Requests that were made before keep what it said then. */
  update(
    id: string,
    params: api.HelpCategoryUpdateParams,
    options?: CallOptions,
  ): ApiPromise<api.HelpCategory>;
}

export const helpCategories: Operations<HelpCategories> = [
  '/help-categories',
  { create: 'POST params', list: 'LIST params', update: 'PATCH /:id params' },
];

/** Customers ask for help, and helpers answer; `helperId` says who does. */
export interface HelpRequests {
  /** @throws {PaymentRequiredError} `INSUFFICIENT_TOKENS` */
  create(params: api.HelpRequestCreateParams, options?: CallOptions): ApiPromise<api.HelpRequest>;

  /** Newest first. */
  list(params?: api.HelpRequestListParams, options?: CallOptions): PagePromise<api.ListedHelpRequest>;

  retrieve(id: string, options?: CallOptions): ApiPromise<api.HelpRequest>;

  /** All that was held goes back. */
  cancel(id: string, options?: CallOptions): ApiPromise<api.HelpRequest>;

  /** @throws {ConflictError} `REQUEST_TAKEN` where another helper was faster. */
  claim(id: string, params: api.HelpRequestClaimParams, options?: CallOptions): ApiPromise<api.HelpRequest>;

  decline(
    id: string,
    params: api.HelpRequestDeclineParams,
    options?: CallOptions,
  ): ApiPromise<api.HelpRequest>;

  /** Gives back what was claimed. */
  withdraw(
    id: string,
    params: api.HelpRequestWithdrawParams,
    options?: CallOptions,
  ): ApiPromise<api.HelpRequest>;

  /** @throws {ConflictError} `CUSTOMER_ABSENT` */
  start(id: string, params: api.HelpRequestStartParams, options?: CallOptions): ApiPromise<api.HelpRequest>;

  /** How the talk ended. @throws {ConflictError} `OUTCOME_GIVEN` */
  outcome(
    id: string,
    params: api.HelpRequestOutcomeParams,
    options?: CallOptions,
  ): ApiPromise<api.HelpRequest>;
}

export const helpRequests: Operations<HelpRequests> = [
  '/help-requests',
  {
    create: 'POST params key',
    list: 'LIST params',
    retrieve: 'GET /:id',
    cancel: 'POST /:id/cancel key',
    claim: 'POST /:id/claim params key',
    decline: 'POST /:id/decline params key',
    withdraw: 'POST /:id/withdraw params key',
    start: 'POST /:id/start params key',
    outcome: 'POST /:id/outcome params key',
  },
];
