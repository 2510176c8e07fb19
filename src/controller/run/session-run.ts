import type { Session } from '../../protocol/session.js';
import type { SessionEvent } from '../events.js';
import {
  requestInit,
  sendOnce,
  timeoutMs,
  type HttpAnswer,
  type HttpRequest,
  type RoundTrip,
} from '../network/http-request.js';
import { inTime } from '../in-time.js';
import { latePart } from '../late-part.js';
import type { Prover } from '../token/prover.js';
import type { SessionControllerOptions } from '../options.js';
import { ServerClock } from '../clock/server-clock.js';
import type { SessionTokenStore } from '../token/session-token-source.js';
import type { SessionInPage, SessionSnapshot, SnapshotAction } from '../snapshot.js';
import type { World } from '../world.js';

const proof = latePart(() => import('../token/proof-of-possession.js'));

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
  server_time?: number | undefined;
  session_token?: string;
  capabilities?: readonly string[];
  next_heartbeat_seconds?: number;
  /** Where it does not stand on the session itself. */
  revision?: number | undefined;
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
  /** What answers have said beside the session, the last of each (`said.ts`). */
  readonly said: TimedAnswer = {};
  /** When the service said what the snapshot holds, by its own clock, ms since the epoch. */
  saidAt = 0;
  /** How long nothing is due of the time that is left, ms; undefined where each second is wanted. */
  quietMs: ((leftMs: number) => number | undefined) | undefined;
  /** Sends what this tab, which has no session token, cannot send itself. */
  relay: ((request: HttpRequest) => Promise<HttpAnswer>) | undefined;
  /** Proves that requests come from the browser that the session is bound to; undefined where it is to none. */
  prover: Promise<Prover> | undefined;
  readonly #abort = new AbortController();
  #token = '';

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

  stop(): void {
    this.#abort.abort();
  }

  /** Makes this the session token of all requests, and of a reload. */
  keepToken(token: string): void {
    this.store.save((this.#token = token));
  }

  /** From now on each request carries a proof of possession (RFC 9449). */
  bind(): void {
    this.prover ??= proof(() => !this.signal.aborted).then(({ createProver }) => createProver(this));
    // Whoever needs a proof hears of the failure.
    this.prover.catch(() => {});
  }

  /** A request as it leaves, with everything that lets it pass: at once, where nothing is to be proved. */
  requestInit(request: HttpRequest): RequestInit | Promise<RequestInit> {
    const url = this.endpoint + request.path;
    const make = (proof?: Record<string, string>) =>
      requestInit(this.options, url, { Authorization: `Bearer ${this.#token}`, ...proof }, request);
    if (!this.prover) return make();
    return inTime(this.prover, timeoutMs, this.world)
      .then((prover) => prover.prove(request.method, url, this.#token))
      .then(make);
  }

  /** One request with the session token, once. */
  async sendOnce(request: HttpRequest): Promise<HttpAnswer> {
    const { world, options, endpoint, signal } = this;
    if (!this.#token && this.relay) return this.relay(request);
    const init = this.requestInit(request);
    // A page that is being left waits for nothing.
    const ready = init instanceof Promise ? await init : init;
    return sendOnce(world, options, endpoint + request.path, ready, signal);
  }

  /** Has the service judge the session token, once. */
  validateOnce(): Promise<HttpAnswer> {
    return this.sendOnce({ method: 'POST', path: '/sessions/validate', body: { session_jwt: this.#token } });
  }

  /**
   * Learns what an answer says beside the session.
   * @param trip when the answer travelled; left out where it tells nothing of the clock.
   * @returns when the service said so, by its own clock, ms since the epoch.
   */
  learn(answer: TimedAnswer, trip?: RoundTrip): number {
    const { server_time } = answer;
    Object.assign(this.said, answer);
    const saidAt = +server_time!;
    if (saidAt && trip) this.clock.observe(trip.sentAt, trip.receivedAt, saidAt);
    return saidAt || this.clock.now();
  }

  /**
   * Makes what the service said the state of the page. What a backend of the smaller, older call set leaves unsaid stays
   * as it was. Every answer but the first comes through `answers.ts`, which keeps them in order.
   */
  take(said: Partial<SessionInPage>, saidAt: number): void {
    if (this.signal.aborted) return;
    const session = { ...unsaid, ...this.snapshot.session, ...said } as SessionInPage;
    // Refused where it makes no sense, and then it counts for nothing.
    this.owner.dispatch({ type: 'session', session, serverTime: saidAt });
    this.saidAt = saidAt;
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
