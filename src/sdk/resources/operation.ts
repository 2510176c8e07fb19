import type { ApiPromise } from '../api-promise.js';
import type * as api from '../api-types.js';
import type { CallOptions } from '../options.js';
import type { PagePromise } from '../pages.js';
import { path } from '../path.js';
import { Resource } from './resource.js';

/** What the service could not decide by itself. */
export class Exceptions extends Resource {
  list(params?: api.ExceptionListParams, options?: CallOptions): PagePromise<api.Exception> {
    return this.pages('/exceptions', params, options);
  }

  retrieve(id: string, options?: CallOptions): ApiPromise<api.Exception> {
    return this.get(path`/exceptions/${id}`, undefined, options);
  }

  /** With the operator key: says what was done about it. */
  resolve(id: string, params: api.ExceptionResolveParams, options?: CallOptions): ApiPromise<api.Exception> {
    return this.changeWithoutKey(path`/exceptions/${id}/resolve`, params, options);
  }
}

/** With the operator key: who changed what when. */
export class AuditEntries extends Resource {
  list(params?: api.AuditEntryListParams, options?: CallOptions): PagePromise<api.AuditEntry> {
    return this.pages('/audit-entries', params, options);
  }
}

/** With the operator key: the keys that sign session tokens. */
export class Keys extends Resource {
  /**
   * Signs with the next key from now on.
   * @throws {ConflictError} `KEY_ROTATION_TOO_EARLY`
   */
  rotate(options?: CallOptions): ApiPromise<api.KeyRotateResponse> {
    return this.changeWithoutKey('/keys/rotate', undefined, options);
  }
}
