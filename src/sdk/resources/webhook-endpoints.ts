import type { ApiPromise } from '../api-promise.js';
import type * as api from '../api-types.js';
import type { CallOptions } from '../options.js';
import type { PagePromise } from '../pages.js';
import { path } from '../path.js';
import type { Transport } from '../transport.js';
import { Resource } from './resource.js';

export class WebhookEndpoints extends Resource {
  readonly deliveries: WebhookDeliveries;

  constructor(transport: Transport) {
    super(transport);
    this.deliveries = new WebhookDeliveries(transport);
  }

  /** The answer alone ever holds the secret that signs what is sent there. */
  create(
    params: api.WebhookEndpointCreateParams,
    options?: CallOptions,
  ): ApiPromise<api.WebhookEndpointCreateResponse> {
    return this.change('/webhook-endpoints', params, options);
  }

  list(params?: api.WebhookEndpointListParams, options?: CallOptions): PagePromise<api.WebhookEndpoint> {
    return this.pages('/webhook-endpoints', params, options);
  }

  retrieve(id: string, options?: CallOptions): ApiPromise<api.WebhookEndpoint> {
    return this.get(path`/webhook-endpoints/${id}`, undefined, options);
  }

  update(
    id: string,
    params: api.WebhookEndpointUpdateParams,
    options?: CallOptions,
  ): ApiPromise<api.WebhookEndpoint> {
    return this.patch(path`/webhook-endpoints/${id}`, params, options);
  }

  delete(id: string, options?: CallOptions): ApiPromise<void> {
    return this.remove(path`/webhook-endpoints/${id}`, undefined, options);
  }

  /** A new secret; former ones go on signing for as long as `overlapSeconds` says. */
  rollSecret(
    id: string,
    params: api.WebhookEndpointRollSecretParams = {},
    options?: CallOptions,
  ): ApiPromise<api.WebhookEndpointRollSecretResponse> {
    return this.changeWithoutKey(path`/webhook-endpoints/${id}/secret`, params, options);
  }

  /** Has a test sent there, and says under which id. */
  test(id: string, options?: CallOptions): ApiPromise<api.WebhookDelivery> {
    return this.changeWithoutKey(path`/webhook-endpoints/${id}/test`, undefined, options);
  }
}

export class WebhookDeliveries extends Resource {
  /** Newest first. */
  list(
    endpointId: string,
    params?: api.WebhookEndpointDeliveryListParams,
    options?: CallOptions,
  ): PagePromise<api.WebhookDelivery> {
    return this.pages(path`/webhook-endpoints/${endpointId}/deliveries`, params, options);
  }

  /** One webhook with its attempts. */
  retrieve(endpointId: string, id: string, options?: CallOptions): ApiPromise<api.WebhookDelivery> {
    return this.get(path`/webhook-endpoints/${endpointId}/deliveries/${id}`, undefined, options);
  }

  retry(endpointId: string, id: string, options?: CallOptions): ApiPromise<api.WebhookDelivery> {
    const delivery = path`/webhook-endpoints/${endpointId}/deliveries/${id}`;
    return this.changeWithoutKey(`${delivery}/retry`, undefined, options);
  }
}
