import type { ApiPromise } from '../api-promise.js';
import type * as api from '../api-types.js';
import type { CallOptions } from '../options.js';
import type { PagePromise } from '../pages.js';
import { path } from '../path.js';
import { Resource } from './resource.js';

/** With the operator key: what can be subscribed to. */
export class Plans extends Resource {
  create(params: api.PlanCreateParams, options?: CallOptions): ApiPromise<api.Plan> {
    return this.changeWithoutKey('/plans', params, options);
  }

  list(params?: api.PlanListParams, options?: CallOptions): PagePromise<api.Plan> {
    return this.pages('/plans', params, options);
  }

  /** What it grants never changes. */
  update(id: string, params: api.PlanUpdateParams, options?: CallOptions): ApiPromise<api.Plan> {
    return this.patch(path`/plans/${id}`, params, options);
  }
}

/** With the operator key. */
export class Subscriptions extends Resource {
  /** @throws {ConflictError} `SUBSCRIPTION_EXISTS`, `PLAN_INACTIVE` */
  create(params: api.SubscriptionCreateParams, options?: CallOptions): ApiPromise<api.Subscription> {
    return this.change('/subscriptions', params, options);
  }

  /** Newest first. */
  list(params?: api.SubscriptionListParams, options?: CallOptions): PagePromise<api.Subscription> {
    return this.pages('/subscriptions', params, options);
  }

  retrieve(id: string, options?: CallOptions): ApiPromise<api.Subscription> {
    return this.get(path`/subscriptions/${id}`, undefined, options);
  }

  /** Changes its plan: now where that grants more, else at the end of the period. */
  update(
    id: string,
    params: api.SubscriptionUpdateParams,
    options?: CallOptions,
  ): ApiPromise<api.Subscription> {
    return this.patch(path`/subscriptions/${id}`, params, options);
  }

  /** At the end of the period, or now. */
  cancel(
    id: string,
    params?: api.SubscriptionCancelParams,
    options?: CallOptions,
  ): ApiPromise<api.Subscription> {
    return this.change(path`/subscriptions/${id}/cancel`, params, options);
  }

  /** Nothing is granted until it is resumed, or until `resumesAt`. */
  pause(
    id: string,
    params?: api.SubscriptionPauseParams,
    options?: CallOptions,
  ): ApiPromise<api.Subscription> {
    return this.change(path`/subscriptions/${id}/pause`, params, options);
  }

  /** Takes back a cancellation at the end of the period, too. */
  resume(id: string, options?: CallOptions): ApiPromise<api.Subscription> {
    return this.change(path`/subscriptions/${id}/resume`, undefined, options);
  }
}
