import type { ApiPromise } from '../api-promise.js';
import type * as api from '../api-types.js';
import type { CallOptions } from '../options.js';
import type { PagePromise } from '../pages.js';
import { path } from '../path.js';
import { readEvents, type SessionEvent } from '../session-events.js';
import type { StreamOptions } from '../stream-reader.js';
import { Resource } from './resource.js';

export class Sessions extends Resource {
  /**
   * Sells a session. The answer holds its session token and the address that opens the application with it.
   * @throws {InsufficientTokensError} with `topUpUrl`
   * @throws {ConflictError} `SESSION_PRICE_CHANGED` where `tokensToDeduct` is not the price any more; nothing is charged.
   */
  create(params: api.SessionCreateParams, options?: CallOptions): ApiPromise<api.SessionCreateResponse> {
    return this.change('/sessions', params, options);
  }

  /** Newest first. With an application's key: of that application. */
  list(params?: api.SessionListParams, options?: CallOptions): PagePromise<api.Session> {
    return this.pages('/sessions', params, options);
  }

  /** @throws {NotFoundError} `SESSION_NOT_FOUND` */
  retrieve(id: string, options?: CallOptions): ApiPromise<api.SessionRetrieveResponse> {
    return this.get(path`/sessions/${id}`, undefined, options);
  }

  /**
   * Brings a customer back into a session that still runs: a fresh session token and launch address. Those of before are
   * refused from then on.
   * @throws {GoneError} `SESSION_ENDED`
   */
  launch(id: string, options?: CallOptions): ApiPromise<api.SessionLaunchResponse> {
    return this.change(path`/sessions/${id}/launch`, undefined, options);
  }

  /** Starts one that waits (`start: 'when_joined'`): its whole time runs from now on. */
  start(id: string, options?: CallOptions): ApiPromise<api.SessionStartResponse> {
    return this.change(path`/sessions/${id}/start`, undefined, options);
  }

  /** Cancels one that waits: all tokens go back to the customer. */
  cancel(id: string, options?: CallOptions): ApiPromise<api.SessionCancelResponse> {
    return this.change(path`/sessions/${id}/cancel`, undefined, options);
  }

  pause(id: string, options?: CallOptions): ApiPromise<api.SessionPauseResponse> {
    return this.change(path`/sessions/${id}/pause`, undefined, options);
  }

  resume(id: string, options?: CallOptions): ApiPromise<api.SessionResumeResponse> {
    return this.change(path`/sessions/${id}/resume`, undefined, options);
  }

  /** Ends and settles it: what was not used goes back to the customer. */
  end(id: string, options?: CallOptions): ApiPromise<api.SessionEndResponse> {
    return this.change(path`/sessions/${id}/end`, undefined, options);
  }

  /** The work is done: as `end`, and answers the bill. */
  complete(
    id: string,
    params: api.SessionCompleteParams = {},
    options?: CallOptions,
  ): ApiPromise<api.SessionCompleteResponse> {
    return this.change(path`/sessions/${id}/complete`, params, options);
  }

  /**
   * Buys more time. Where `checkoutUrl` is answered, the customer pays there first.
   * @throws {ConflictError} `EXTENSION_PRICE_CHANGED`, `EXTENSION_LIMIT_REACHED`
   * @throws {InsufficientTokensError} with `topUpUrl`
   */
  extend(
    id: string,
    params: api.SessionExtendParams,
    options?: CallOptions,
  ): ApiPromise<api.SessionExtendResponse> {
    return this.change(path`/sessions/${id}/extend`, params, options);
  }

  /** What it was extended by, and by what it can be. */
  extensions(id: string, options?: CallOptions): ApiPromise<api.SessionExtensionsResponse> {
    return this.get(path`/sessions/${id}/extensions`, undefined, options);
  }

  /**
   * What happens to it, as it happens, until it has ended. Lost connections are taken up where they were lost.
   * @example
   * for await (const event of marketplace.sessions.events(id)) console.log(event.type, event.session.remainingSeconds);
   */
  events(id: string, options?: StreamOptions): AsyncGenerator<SessionEvent, void, undefined> {
    return readEvents(this.transport, path`/sessions/${id}/events`, options);
  }
}
