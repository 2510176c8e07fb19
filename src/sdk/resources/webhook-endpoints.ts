import type { ApiPromise } from '../api-promise.js';
import type * as api from '../api-types.js';
import type { CallOptions } from '../options.js';
import type { PagePromise } from '../pages.js';
import type { Operations } from './resource.js';

export interface WebhookEndpoints {
  readonly deliveries: WebhookDeliveries;

  /** The answer alone ever holds the secret that signs what is sent there. */
  create(
    params: api.WebhookEndpointCreateParams,
    options?: CallOptions,
  ): ApiPromise<api.WebhookEndpointCreateResponse>;

  list(params?: api.WebhookEndpointListParams, options?: CallOptions): PagePromise<api.WebhookEndpoint>;

  retrieve(id: string, options?: CallOptions): ApiPromise<api.WebhookEndpoint>;

  update(
    id: string,
    params: api.WebhookEndpointUpdateParams,
    options?: CallOptions,
  ): ApiPromise<api.WebhookEndpoint>;

  delete(id: string, options?: CallOptions): ApiPromise<void>;

  /** A new secret; former ones go on signing for as long as `overlapSeconds` says. */
  rollSecret(
    id: string,
    params?: api.WebhookEndpointRollSecretParams,
    options?: CallOptions,
  ): ApiPromise<api.WebhookEndpointRollSecretResponse>;

  /** Has a test sent there, and says under which id. */
  test(id: string, options?: CallOptions): ApiPromise<api.WebhookDelivery>;
}

export interface WebhookDeliveries {
  /** Newest first. */
  list(
    endpointId: string,
    params?: api.WebhookEndpointDeliveryListParams,
    options?: CallOptions,
  ): PagePromise<api.WebhookDelivery>;

  /** One webhook with its attempts. */
  retrieve(endpointId: string, id: string, options?: CallOptions): ApiPromise<api.WebhookDelivery>;

  retry(endpointId: string, id: string, options?: CallOptions): ApiPromise<api.WebhookDelivery>;
}

const deliveries: Operations<WebhookDeliveries> = [
  '/webhook-endpoints/:id/deliveries',
  {
    list: 'LIST params',
    retrieve: 'GET /:id',
    retry: 'POST /:id/retry',
  },
];

export const webhookEndpoints: Operations<WebhookEndpoints> = [
  '/webhook-endpoints',
  {
    create: 'POST params key',
    list: 'LIST params',
    retrieve: 'GET /:id',
    update: 'PATCH /:id params',
    delete: 'DELETE /:id',
    rollSecret: 'POST /:id/secret params',
    test: 'POST /:id/test',
    deliveries,
  },
];
