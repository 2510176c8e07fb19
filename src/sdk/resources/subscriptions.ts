import type { ApiPromise } from '../api-promise.js';
import type * as api from '../api-types.js';
import type { CallOptions } from '../options.js';
import type { PagePromise } from '../pages.js';
import type { Operations } from './resource.js';

/** With the operator key: what can be subscribed to. */
export interface Plans {
  create(params: api.PlanCreateParams, options?: CallOptions): ApiPromise<api.Plan>;

  list(params?: api.PlanListParams, options?: CallOptions): PagePromise<api.Plan>;

  /** What it grants never changes. */
  update(id: string, params: api.PlanUpdateParams, options?: CallOptions): ApiPromise<api.Plan>;
}

export const plans: Operations<Plans> = [
  '/plans',
  {
    create: 'POST params',
    list: 'LIST params',
    update: 'PATCH /:id params',
  },
];

/** With the operator key. */
export interface Subscriptions {
  /** @throws {ConflictError} `SUBSCRIPTION_EXISTS`, `PLAN_INACTIVE` */
  create(params: api.SubscriptionCreateParams, options?: CallOptions): ApiPromise<api.Subscription>;

  /** Newest first. */
  list(params?: api.SubscriptionListParams, options?: CallOptions): PagePromise<api.Subscription>;

  retrieve(id: string, options?: CallOptions): ApiPromise<api.Subscription>;

  /** Changes its plan: now where that grants more, else at the end of the period. */
  update(
    id: string,
    params: api.SubscriptionUpdateParams,
    options?: CallOptions,
  ): ApiPromise<api.Subscription>;

  /** At the end of the period, or now. */
  cancel(
    id: string,
    params?: api.SubscriptionCancelParams,
    options?: CallOptions,
  ): ApiPromise<api.Subscription>;

  /** Nothing is granted until it is resumed, or until `resumesAt`. */
  pause(
    id: string,
    params?: api.SubscriptionPauseParams,
    options?: CallOptions,
  ): ApiPromise<api.Subscription>;

  /** Takes back a cancellation at the end of the period, too. */
  resume(id: string, options?: CallOptions): ApiPromise<api.Subscription>;
}

export const subscriptions: Operations<Subscriptions> = [
  '/subscriptions',
  {
    create: 'POST params key',
    list: 'LIST params',
    retrieve: 'GET /:id',
    update: 'PATCH /:id params',
    cancel: 'POST /:id/cancel params key',
    pause: 'POST /:id/pause params key',
    resume: 'POST /:id/resume key',
  },
];
