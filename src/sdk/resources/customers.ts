import type { ApiPromise } from '../api-promise.js';
import type * as api from '../api-types.js';
import type { CallOptions } from '../options.js';
import type { PagePromise } from '../pages.js';
import { path } from '../path.js';
import { Resource } from './resource.js';

/** With the operator key. */
export class Customers extends Resource {
  /** @throws {ConflictError} `ALREADY_EXISTS` */
  create(params: api.CustomerCreateParams, options?: CallOptions): ApiPromise<api.Customer> {
    return this.changeWithoutKey('/customers', params, options);
  }

  /** A customer and the wallet. */
  retrieve(id: string, options?: CallOptions): ApiPromise<api.Customer> {
    return this.get(path`/customers/${id}`, undefined, options);
  }

  /**
   * Erases the person everywhere; the books stay.
   * @throws {ConflictError} `CUSTOMER_IN_SESSION`
   */
  delete(id: string, options?: CallOptions): ApiPromise<void> {
    return this.remove(path`/customers/${id}`, undefined, options);
  }

  /** Puts tokens into the wallet, once for each `reference`. */
  credit(id: string, params: api.CustomerCreditParams, options?: CallOptions): ApiPromise<api.Customer> {
    return this.change(path`/customers/${id}/credits`, params, options);
  }

  /** What moved the wallet, newest first. */
  entries(
    id: string,
    params?: api.CustomerEntriesParams,
    options?: CallOptions,
  ): PagePromise<api.CustomerEntriesItem> {
    return this.pages(path`/customers/${id}/entries`, 'entries', params, options);
  }
}
