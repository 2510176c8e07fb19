import type { Session } from '../protocol/session.js';
import type { SessionEvent } from './events.js';
import { sendOnce, type HttpAnswer, type HttpRequest } from './http-request.js';
import type { SessionControllerOptions } from './options.js';
import { ServerClock } from './server-clock.js';
import type { SessionTokenStore } from './session-token-source.js';
import type { SessionSnapshot, SnapshotAction } from './snapshot.js';
import type { World } from './world.js';

/** Called after each change of the snapshot. */
export type SnapshotListener = (after: SessionSnapshot, before: SessionSnapshot) => void;

/** What a run asks of the controller that owns it. */
export interface SessionRunOwner {
  getSnapshot(): SessionSnapshot;
  getRemainingSeconds(): number;
  dispatch(action: SnapshotAction): void;
  /** False where a listener has prevented the default. */
  emit(event: SessionEvent): boolean;
  /** Until the signal aborts. */
  subscribe(listener: SnapshotListener, signal: AbortSignal): void;
  onTick(listener: () => void, signal: AbortSignal): void;
}

/** What answers about a session have in common. */
export interface TimedAnswer {
  server_time?: number;
  session_token?: string;
}

/**
 * One session in this page, from its token to its end: what the parts of the controller share. Once its signal has
 * aborted, a late answer changes nothing.
 */
export class SessionRun {
  readonly world: World;
  readonly options: SessionControllerOptions;
  /** The service's address, checked. */
  readonly endpoint: string;
  readonly owner: SessionRunOwner;
  readonly store: SessionTokenStore;
  readonly clock: ServerClock;
  readonly #abort = new AbortController();
  #token = '';
  #lastServerTime = 0;

  constructor(
    world: World,
    options: SessionControllerOptions,
    endpoint: string,
    owner: SessionRunOwner,
    store: SessionTokenStore,
  ) {
    this.world = world;
    this.options = options;
    this.endpoint = endpoint;
    this.owner = owner;
    this.store = store;
    this.clock = new ServerClock(world.now);
  }

  /** Aborts when the run is over. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get snapshot(): SessionSnapshot {
    return this.owner.getSnapshot();
  }

  stop(): void {
    this.#abort.abort();
  }

  /** Makes this the session token of all requests, and of a reload. */
  keepToken(token: string): void {
    this.store.save((this.#token = token));
  }

  /** One request with the session token, once. */
  sendOnce(request: HttpRequest): Promise<HttpAnswer> {
    return sendOnce(
      this.world,
      this.options,
      this.endpoint + request.path,
      this.#token,
      request,
      this.signal,
    );
  }

  /** Has the service judge the session token, once. */
  validateOnce(): Promise<HttpAnswer> {
    return this.sendOnce({ method: 'POST', path: '/sessions/validate', body: { session_jwt: this.#token } });
  }

  /**
   * Makes what the service said the state of the page, unless it has said something later already. What a backend of
   * the smaller, older call set leaves unsaid stays as it was.
   */
  accept(
    said: Partial<Session>,
    { server_time, session_token }: TimedAnswer,
    { sentAt, receivedAt }: HttpAnswer,
  ): void {
    const { state } = this.snapshot;
    if (this.signal.aborted || state === 'ended' || state === 'failed') return;
    if (server_time) this.clock.observe(sentAt, receivedAt, server_time);
    const serverTime = server_time ?? this.clock.now();
    if (serverTime < this.#lastServerTime) return;
    this.#lastServerTime = serverTime;
    this.keepToken(session_token ?? this.#token);
    const session = { ...unsaid, ...this.snapshot.session, ...said } as Session;
    this.owner.dispatch({ type: 'session', session, serverTime });
  }
}

const unsaid: Partial<Session> = {
  status: 'active',
  tokens_allocated: 0,
  duration_limit_seconds: 0,
  expires_at: null,
  pause_seconds_left: 0,
  extension_options: [],
  used_seconds: null,
  final_cost: null,
  tokens_refunded: null,
};
