import {
  requestInit,
  sendOnce,
  timeoutMs,
  type HttpAnswer,
  type HttpRequest,
} from '../network/http-request.js';
import { hooks } from '../option-values.js';
import { inTime } from '../in-time.js';
import { latePart } from '../late-part.js';
import type { Prover } from '../token/prover.js';
import type { PageCounts } from '../analytics/page-counts.js';
import type { SessionControllerOptions } from '../options.js';
import { ServerClock } from '../clock/server-clock.js';
import { SessionTokenStore } from '../token/session-token-store.js';
import type { SessionSnapshot, Transition } from '../snapshot.js';
import type { World } from '../world.js';

const proof = latePart(() => import('../token/proof-of-possession.js'));

/** Called after each change of the snapshot. */
export type SnapshotListener = (after: SessionSnapshot, before: SessionSnapshot) => void;

/** The controller that owns a run, as much of it as the run knows: its state, and who listens to it. */
export interface SessionRunOwner extends EventTarget {
  readonly snapshot: SessionSnapshot;
  readonly remainingSeconds: number | null;
  subscribe(listener: SnapshotListener): () => void;
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
  declare world: World;
  declare readonly options: SessionControllerOptions;
  /** The service's address, checked. */
  declare endpoint: string;
  declare readonly store: SessionTokenStore;
  declare readonly owner: SessionRunOwner;
  /** Changes the snapshot. @throws {SessionError} `CALL_REFUSED` where that may not happen in its state. */
  declare readonly dispatch: (transition: Transition) => void;
  declare readonly clock: ServerClock;
  /** What answers have said beside the session, the last of each (`said.ts`). */
  readonly said: TimedAnswer = {};
  /** When the service said what the snapshot holds, by its own clock, ms since the epoch. */
  saidAt = 0;
  /** How long nothing is due of the time that is left, ms; undefined where each second is wanted. */
  declare quietMs: ((leftMs: number) => number | undefined) | undefined;
  /** What this tab counts, where the page asked for it. */
  declare counts: PageCounts | undefined;
  /** Proves that requests come from the browser that the session is bound to; undefined where it is to none. */
  declare prover: Promise<Prover> | undefined;
  /** What the service answers to the quick way; undefined where that has asked nothing. */
  declare firstAnswer: Promise<HttpAnswer> | undefined;
  readonly #abort = new AbortController();
  /** Aborts when the run is over. */
  readonly signal = this.#abort.signal;
  /** The session token; empty in a tab that joined without one. */
  token = '';

  constructor(given: Pick<SessionRun, 'world' | 'options' | 'endpoint' | 'owner' | 'dispatch'>) {
    Object.assign(this, given);
    this.clock = new ServerClock(this.world);
    this.store = new SessionTokenStore(this);
  }

  get snapshot(): SessionSnapshot {
    return this.owner.snapshot;
  }

  stop(): void {
    this.#abort.abort();
  }

  /** Makes this the session token of all requests, and of a reload. */
  keepToken(token: string): void {
    this.store.save((this.token = token));
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
      requestInit(this.options, url, { Authorization: `Bearer ${this.token}`, ...proof }, request);
    if (!this.prover) return make();
    return inTime(this.prover, timeoutMs, this.world)
      .then((prover) => prover.prove(request.method, url, this.token))
      .then(make);
  }

  /** One request with the session token, once. A tab without one has others send it (`relay.ts`). */
  async sendOnce(request: HttpRequest): Promise<HttpAnswer> {
    const { world, options, endpoint, signal } = this;
    const init = this.requestInit(request);
    // A page that is being left waits for nothing.
    const ready = 'then' in init ? await init : init;
    return sendOnce(world, endpoint + request.path, ready, signal, hooks(options.hooks));
  }

  /** Has the service judge the session token, once. */
  validateOnce(): Promise<HttpAnswer> {
    return this.sendOnce({ method: 'POST', path: '/sessions/validate', body: { session_jwt: this.token } });
  }

  /**
   * Makes what the service said the state of the page. Every answer but the first comes through `answers.ts`, which keeps
   * them in order.
   */
  take(heard: Transition, saidAt: number): void {
    if (this.signal.aborted) return;
    this.dispatch(heard);
    this.saidAt = saidAt;
  }
}
