import type { ApiPromise } from '../api-promise.js';
import type * as api from '../api-types.js';
import { readExport, type CustomerRecord } from '../customer-export.js';
import type { CallOptions } from '../options.js';
import type { PagePromise } from '../pages.js';
import { path } from '../path.js';
import type { StreamOptions } from '../stream-reader.js';
import { Resource } from './resource.js';

/** With the operator key. */
export class Customers extends Resource {
  /** @throws {ConflictError} `ALREADY_EXISTS` */
  create(params: api.CustomerCreateParams, options?: CallOptions): ApiPromise<api.Customer> {
    return this.changeWithoutKey('/customers', params, options);
  }

  /** Newest first. */
  list(params?: api.CustomerListParams, options?: CallOptions): PagePromise<api.Customer> {
    return this.pages('/customers', params, options);
  }

  /** Creates a customer, or changes the one that is there: what is left out stays as it is. */
  upsert(id: string, params: api.CustomerUpsertParams, options?: CallOptions): ApiPromise<api.Customer> {
    return this.call({ method: 'PUT', path: path`/customers/${id}`, body: params, options });
  }

  update(id: string, params: api.CustomerUpdateParams, options?: CallOptions): ApiPromise<api.Customer> {
    return this.patch(path`/customers/${id}`, params, options);
  }

  /** What a page about a customer shows, in one read. */
  state(id: string, options?: CallOptions): ApiPromise<api.CustomerStateResponse> {
    return this.get(path`/customers/${id}/state`, undefined, options);
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

  /**
   * All that is kept of the person, to be handed over (GDPR, articles 15 and 20).
   * @example
   * for await (const record of marketplace.customers.export(id)) file.write(`${JSON.stringify(record)}\n`);
   */
  export(id: string, options?: StreamOptions): AsyncGenerator<CustomerRecord, void, undefined> {
    return readExport(this.transport, path`/customers/${id}/export`, options);
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
    return this.pages(path`/customers/${id}/entries`, params, options);
  }
}
