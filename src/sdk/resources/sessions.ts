import type { ApiPromise } from '../api-promise.js';
import type * as api from '../api-types.js';
import type { SessionEvent } from '../live-events.js';
import type { CallOptions } from '../options.js';
import type { PagePromise } from '../pages.js';
import type { StreamOptions } from '../stream-reader.js';
import type { FileParams, Operations } from './resource.js';

export interface Sessions {
  readonly messages: Messages;
  readonly files: Files;

  /**
   * Sells a session. The answer holds its session token and the address that opens the application with it.
   * @throws {InsufficientTokensError} with `topUpUrl`
   * @throws {ConflictError} `SESSION_PRICE_CHANGED` where `tokensToDeduct` is not the price any more; nothing is charged.
   */
  create(params: api.SessionCreateParams, options?: CallOptions): ApiPromise<api.SessionCreateResponse>;

  /** Newest first. With an application's key: of that application. */
  list(params?: api.SessionListParams, options?: CallOptions): PagePromise<api.Session>;

  /** @throws {NotFoundError} `SESSION_NOT_FOUND` */
  retrieve(id: string, options?: CallOptions): ApiPromise<api.SessionRetrieveResponse>;

  /**
   * Whether it is live, with all that a page asks first; by the session token that it was opened with, or by its id (`jti`).
   * @throws {GoneError} `SESSION_ENDED`
   */
  validate(params: api.SessionValidateParams, options?: CallOptions): ApiPromise<api.SessionValidateResponse>;

  /**
   * Brings a customer back into a session that still runs: a fresh session token and launch address. Those of before are
   * refused from then on.
   * @throws {GoneError} `SESSION_ENDED`
   */
  launch(id: string, options?: CallOptions): ApiPromise<api.SessionLaunchResponse>;

  /** Starts one that waits (`start: 'when_joined'`): its whole time runs from now on. */
  start(id: string, options?: CallOptions): ApiPromise<api.SessionStartResponse>;

  /** Cancels one that waits: all tokens go back to the customer. */
  cancel(id: string, options?: CallOptions): ApiPromise<api.SessionCancelResponse>;

  pause(id: string, options?: CallOptions): ApiPromise<api.SessionPauseResponse>;

  resume(id: string, options?: CallOptions): ApiPromise<api.SessionResumeResponse>;

  /** Ends and settles it: what was not used goes back to the customer. */
  end(id: string, options?: CallOptions): ApiPromise<api.SessionEndResponse>;

  /** The work is done: as `end`, and answers the bill. */
  complete(
    id: string,
    params?: api.SessionCompleteParams,
    options?: CallOptions,
  ): ApiPromise<api.SessionCompleteResponse>;

  /**
   * Lets the time of a rehearsal pass at once.
   * @throws {MarketplaceError} `REHEARSAL_IMPOSSIBLE` where it is none, or does not run
   */
  fastForward(
    id: string,
    params: api.SessionFastForwardParams,
    options?: CallOptions,
  ): ApiPromise<api.SessionFastForwardResponse>;

  /**
   * Buys more time. Where `checkoutUrl` is answered, the customer pays there first.
   * @throws {ConflictError} `EXTENSION_PRICE_CHANGED`, `EXTENSION_LIMIT_REACHED`
   * @throws {InsufficientTokensError} with `topUpUrl`
   */
  extend(
    id: string,
    params: api.SessionExtendParams,
    options?: CallOptions,
  ): ApiPromise<api.SessionExtendResponse>;

  /** What it was extended by, and by what it can be. */
  extensions(id: string, options?: CallOptions): ApiPromise<api.SessionExtensionsResponse>;

  /** What has happened to it, oldest first; with the help request that it came from. */
  timeline(
    id: string,
    params?: api.SessionTimelineParams,
    options?: CallOptions,
  ): PagePromise<api.TimelineEntry>;

  /**
   * Tells that the customer’s page is there, for an app of yours that does not ask the service itself: after each
   * `nextHeartbeatSeconds`.
   */
  heartbeat(
    id: string,
    params: api.SessionHeartbeatParams,
    options?: CallOptions,
  ): ApiPromise<api.SessionHeartbeatResponse>;

  /**
   * Opens its room where it is not open yet, and says how one side joins it for a few minutes: name the side that you ask for,
   * and give the answer to nobody else.
   * @throws {GoneError} `SESSION_ENDED`
   * @throws {ServiceError} `ROOM_UNAVAILABLE`
   */
  openRoom(id: string, params: api.SessionOpenRoomParams, options?: CallOptions): ApiPromise<api.Room>;

  /**
   * The same of a room that is open.
   * @throws {NotFoundError} `ROOM_NOT_OPEN`
   * @throws {GoneError} `SESSION_ENDED`
   * @throws {ServiceError} `ROOM_UNAVAILABLE`
   */
  room(id: string, params: api.SessionRoomParams, options?: CallOptions): ApiPromise<api.Room>;

  /**
   * Signals to the other side, in the name of one: its pages that listen to the session have it at once, and nobody later.
   * @throws {GoneError} `SESSION_ENDED`
   */
  signal(id: string, params: api.SessionSignalParams, options?: CallOptions): ApiPromise<void>;

  /**
   * What happens to it, as it happens, until it has ended. Lost connections are taken up where they were lost.
   * @example
   * for await (const event of marketplace.sessions.events(id)) console.log(event.type, event.session.remainingSeconds);
   */
  events(id: string, options?: StreamOptions): AsyncGenerator<SessionEvent, void, undefined>;
}

/** What the two sides of a session write to each other. */
export interface Messages {
  /**
   * Writes as the provider, or with the operator key as the marketplace: once, whatever is sent again by the same `clientId`.
   * @throws {GoneError} `SESSION_ENDED`
   * @throws {ConflictError} `MESSAGE_LIMIT_REACHED`, `MESSAGE_ID_REUSED`
   */
  create(
    sessionId: string,
    params: api.SessionMessageCreateParams,
    options?: CallOptions,
  ): ApiPromise<api.Message>;

  /** Oldest first; with `after`: what was written behind that position. */
  list(
    sessionId: string,
    params?: api.SessionMessageListParams,
    options?: CallOptions,
  ): PagePromise<api.Message>;
}

/** What the two sides of a session send each other. */
export interface Files {
  /**
   * Sends one as the provider, or with the operator key as the marketplace. Name a longer `timeoutMs` for a large one.
   * @throws {GoneError} `SESSION_ENDED`
   * @throws {ConflictError} `FILE_QUOTA_REACHED`
   */
  upload(sessionId: string, params: FileParams, options?: CallOptions): ApiPromise<api.SessionFile>;

  /** Newest first, each with a fresh link. */
  list(
    sessionId: string,
    params?: api.SessionFileListParams,
    options?: CallOptions,
  ): PagePromise<api.SessionFile>;

  /** @throws {NotFoundError} `FILE_NOT_FOUND` */
  delete(sessionId: string, id: string, options?: CallOptions): ApiPromise<void>;
}

const files: Operations<Files> = [
  '/sessions/:id/files',
  {
    upload: 'UPLOAD params key',
    list: 'LIST params',
    delete: 'DELETE /:id',
  },
];

const messages: Operations<Messages> = [
  '/sessions/:id/messages',
  {
    create: 'POST params once',
    list: 'LIST params',
  },
];

export const sessions: Operations<Sessions> = [
  '/sessions',
  {
    create: 'POST params key',
    list: 'LIST params',
    retrieve: 'GET /:id',
    validate: 'POST /validate params once',
    launch: 'POST /:id/launch key',
    start: 'POST /:id/start key',
    cancel: 'POST /:id/cancel key',
    pause: 'POST /:id/pause key',
    resume: 'POST /:id/resume key',
    end: 'POST /:id/end key',
    complete: 'POST /:id/complete params key',
    fastForward: 'POST /:id/fast-forward params key',
    extend: 'POST /:id/extend params key',
    extensions: 'GET /:id/extensions',
    timeline: 'LIST /:id/timeline params',
    heartbeat: 'POST /:id/heartbeat params once',
    openRoom: 'POST /:id/room params once',
    room: 'GET /:id/room params',
    signal: 'POST /:id/signals params',
    events: 'EVENTS /:id/events',
    messages,
    files,
  },
];
