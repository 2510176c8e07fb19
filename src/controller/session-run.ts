import type { Session } from '../protocol/session.js';
import type { SessionEvent } from './events.js';
import { requestInit, sendOnce, type HttpAnswer, type HttpRequest, type RoundTrip } from './http-request.js';
import type { Prover } from './late/proof-of-possession.js';
import type { SessionControllerOptions } from './options.js';
import { ServerClock } from './server-clock.js';
import type { SessionTokenStore } from './session-token-source.js';
import { deadlineOf, type SessionSnapshot, type SnapshotAction } from './snapshot.js';
import type { World } from './world.js';

/** What the service may still give a page whose time is up without the session going on, ms: its clock, or its end, may be late. */
const lateMs = 5000;

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
  /** When a backend that tells no time was asked, in its place: what has changed since is not undone. */
  askedAt?: number;
  session_token?: string;
  capabilities?: readonly string[];
  next_heartbeat_seconds?: number;
  /** Another tab heard it, and told this one. */
  isHandedOn?: boolean;
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
  /** What the backend offers beside the smaller call set. */
  capabilities: readonly string[] = [];
  /** Seconds between heartbeats, as the service wants them; 0 before it has said so. */
  intervalSeconds = 0;
  /** Called after each answer to this tab that has become the state of the page. */
  onSaid: () => void = () => {};
  /** Sends what this tab, which has no session token, cannot send itself. */
  relay: ((request: HttpRequest) => Promise<HttpAnswer>) | undefined;
  readonly #abort = new AbortController();
  #token = '';
  #prover: Promise<Prover> | undefined;
  #saidAt = 0;

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
    this.clock = new ServerClock(world);
  }

  /** Aborts when the run is over. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get snapshot(): SessionSnapshot {
    return this.owner.getSnapshot();
  }

  /** The session token; empty in a tab that joined without one. */
  get token(): string {
    return this.#token;
  }

  /** Whether requests prove that they come from the browser that the session is bound to. */
  get isBound(): boolean {
    return this.#prover !== undefined;
  }

  /** When the service said what the snapshot holds, by its own clock, ms since the epoch. */
  get saidAt(): number {
    return this.#saidAt;
  }

  stop(): void {
    this.#abort.abort();
  }

  /** Makes this the session token of all requests, and of a reload. */
  keepToken(token: string): void {
    this.store.save((this.#token = token));
  }

  /** From now on each request carries a proof of possession (RFC 9449). */
  bind(): void {
    this.#prover ??= import('./late/proof-of-possession.js').then(
      ({ createProver }) => createProver(this),
      (cause: unknown) => {
        this.#prover = undefined;
        throw cause;
      },
    );
    // Whoever needs a proof hears of the failure.
    this.#prover.catch(() => {});
  }

  /** A request as it leaves, with everything that lets it pass. */
  async requestInit(request: HttpRequest): Promise<RequestInit> {
    const url = this.endpoint + request.path;
    const proof = await (await this.#prover)?.prove(request.method, url, this.#token);
    return requestInit(this.options, url, this.#token, proof, request);
  }

  /** Makes the proof for a request without a body ahead, for a page that is being left. */
  prepare(request: Pick<HttpRequest, 'method' | 'path'>): void {
    void this.#prover?.then(
      ({ prepare }) => prepare(request.method, this.endpoint + request.path, this.#token),
      () => {},
    );
  }

  /** One request with the session token, once. */
  async sendOnce(request: HttpRequest): Promise<HttpAnswer> {
    const { world, options, endpoint, signal } = this;
    if (!this.#token && this.relay) return this.relay(request);
    const url = endpoint + request.path;
    const init = this.isBound
      ? await this.requestInit(request)
      : requestInit(options, url, this.#token, undefined, request);
    return sendOnce(world, options, url, init, signal);
  }

  /** Has the service judge the session token, once. */
  validateOnce(): Promise<HttpAnswer> {
    return this.sendOnce({ method: 'POST', path: '/sessions/validate', body: { session_jwt: this.#token } });
  }

  /**
   * Makes what the service said the state of the page, unless it has said something later already. What a backend of
   * the smaller, older call set leaves unsaid stays as it was.
   * @param trip when the answer travelled; left out where it tells nothing of the clock.
   */
  accept(
    said: Partial<Session>,
    { server_time, askedAt, session_token, capabilities, next_heartbeat_seconds, isHandedOn }: TimedAnswer,
    trip?: RoundTrip,
  ): void {
    const { state } = this.snapshot;
    if (this.signal.aborted || state === 'ended' || state === 'failed') return;
    if (capabilities) this.capabilities = capabilities;
    this.intervalSeconds = +next_heartbeat_seconds! || this.intervalSeconds;
    if (server_time && trip) this.clock.observe(trip.sentAt, trip.receivedAt, server_time);
    const saidAt = server_time ?? askedAt ?? this.clock.now();
    if (saidAt < this.#saidAt) return;
    this.#saidAt = saidAt;
    const token = session_token ?? this.#token;
    if (token && token !== this.#token) this.keepToken(token);
    const session = { ...unsaid, ...this.snapshot.session, ...said } as Session;
    // A page that waits for its bill goes on waiting, unless there is time again.
    const isSpent =
      state === 'ending' &&
      session.status === 'active' &&
      deadlineOf(session, saidAt) - this.clock.now() <= lateMs;
    if (!isSpent) this.owner.dispatch({ type: 'session', session, serverTime: saidAt });
    if (!isHandedOn) this.onSaid();
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
