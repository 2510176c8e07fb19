import type { ApiPromise } from '../api-promise.js';
import type * as api from '../api-types.js';
import type { CustomerRecord } from '../customer-export.js';
import type { CallOptions } from '../options.js';
import type { PagePromise } from '../pages.js';
import type { StreamOptions } from '../stream-reader.js';
import type { Operations } from './resource.js';

/** With the operator key. */
export interface Customers {
  /** @throws {ConflictError} `ALREADY_EXISTS` */
  create(params: api.CustomerCreateParams, options?: CallOptions): ApiPromise<api.Customer>;

  /** Newest first. */
  list(params?: api.CustomerListParams, options?: CallOptions): PagePromise<api.Customer>;

  /** Creates a customer, or changes the one that is there: what is left out stays as it is. */
  upsert(id: string, params: api.CustomerUpsertParams, options?: CallOptions): ApiPromise<api.Customer>;

  update(id: string, params: api.CustomerUpdateParams, options?: CallOptions): ApiPromise<api.Customer>;

  /** What a page about a customer shows, in one read. */
  state(id: string, options?: CallOptions): ApiPromise<api.CustomerStateResponse>;

  /** A customer and the wallet. */
  retrieve(id: string, options?: CallOptions): ApiPromise<api.Customer>;

  /**
   * Erases the person everywhere; the books stay. Asked for again while it goes on, it is the same erasure.
   * @returns the erasure that goes on where a lot is kept of the person (202); undefined where all of it is done (204).
   * @throws {ConflictError} `CUSTOMER_IN_SESSION`
   */
  delete(id: string, options?: CallOptions): ApiPromise<api.Erasure | undefined>;

  /** How far an erasure is. @param id that of the erasure, not of the customer. */
  erasure(id: string, options?: CallOptions): ApiPromise<api.Erasure>;

  /**
   * All that is kept of the person, to be handed over (GDPR, articles 15 and 20).
   * @example
   * for await (const record of marketplace.customers.export(id)) file.write(`${JSON.stringify(record)}\n`);
   */
  export(id: string, options?: StreamOptions): AsyncGenerator<CustomerRecord, void, undefined>;

  /** Puts tokens into the wallet, once for each `reference`. */
  credit(id: string, params: api.CustomerCreditParams, options?: CallOptions): ApiPromise<api.Customer>;

  /** What moved the wallet, newest first. */
  entries(
    id: string,
    params?: api.CustomerEntriesParams,
    options?: CallOptions,
  ): PagePromise<api.CustomerEntriesItem>;
}

export const customers: Operations<Customers> = [
  '/customers',
  {
    create: 'POST params',
    list: 'LIST params',
    retrieve: 'GET /:id',
    update: 'PATCH /:id params',
    delete: 'DELETE /:id',
    erasure: 'GET /:id/erasure',
    upsert: 'PUT /:id params',
    state: 'GET /:id/state',
    export: 'EXPORT /:id/export',
    credit: 'POST /:id/credits params key',
    entries: 'LIST /:id/entries params',
  },
];
