import type { ApiPromise } from '../api-promise.js';
import type * as api from '../api-types.js';
import type { DeskEvent, HelpRequestEvent } from '../live-events.js';
import type { CallOptions } from '../options.js';
import type { PagePromise } from '../pages.js';
import type { StreamOptions } from '../stream-reader.js';
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

  /** What the helper was told, newest first. */
  notifications(
    id: string,
    params?: api.HelperNotificationsParams,
    options?: CallOptions,
  ): PagePromise<api.Notification>;

  /** Marks as read what was seen elsewhere, such as in a messenger of yours. */
  readNotifications(
    id: string,
    params: api.HelperReadNotificationsParams,
    options?: CallOptions,
  ): ApiPromise<api.NotificationsRead>;

  /** What the helper's desk shows, as it changes, until the signal ends it. Who listens with a key only looks: nobody is there by it. */
  events(id: string, options?: StreamOptions): AsyncGenerator<DeskEvent, void, undefined>;
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
    notifications: 'LIST /:id/notifications params',
    readNotifications: 'POST /:id/notifications/read params once',
    events: 'EVENTS /:id/events',
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
  /** @throws {InsufficientTokensError} with `topUpUrl` */
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

  /** What happens to it, as it happens, until it is over. Lost connections are taken up where they were lost. */
  events(id: string, options?: StreamOptions): AsyncGenerator<HelpRequestEvent, void, undefined>;
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
    events: 'EVENTS /:id/events',
  },
];
