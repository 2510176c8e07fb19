import type { TrackedValues } from './analytics/analytics.js';
import type { SessionError } from '../protocol/errors.js';
import type { ExtensionOption } from '../protocol/session.js';
import { formatRemaining } from '../protocol/time.js';
import { callEach } from './call-each.js';
import type { SessionEventMap } from './event-map.js';
import { SessionEvent, type SessionEventFields } from './events.js';
import type { LateCall } from './run/calls.js';
import { latePart } from './late-part.js';
import { numbers } from './option-values.js';
import { checkedAddress, type SessionControllerOptions } from './options.js';
import { quickValidation } from './token/quick-validation.js';
import { SessionRun, type SnapshotListener } from './run/session-run.js';
import { takeTokensFromAddress } from './token/take-from-address.js';
import {
  failing,
  initialSnapshot,
  reduce,
  settling,
  starting,
  timeUp,
  type SessionInPage,
  type SessionSnapshot,
  type SessionState,
  type Transition,
} from './snapshot.js';
import { browserWorld } from './browser-world.js';
import type { World } from './world.js';

/**
 * What the first second does not need: every change, heartbeats, warnings, failures, the end. Once it is there a call
 * gets as far as its request at once, also in a page that is being left.
 */
const lateParts = latePart(() => import('./late-parts.js'));
/** How long a call waits for the part that performs it, ms. */
const patienceMs = 10_000;
const loadLateParts = () => {
  const { monotonicNow } = browserWorld();
  const askedAt = monotonicNow();
  return lateParts(() => monotonicNow() - askedAt < patienceMs);
};

/** Listeners get the event of their type. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging -- types alone, without code for them
export interface SessionController {
  addEventListener<T extends keyof SessionEventMap>(
    type: T,
    listener: (event: SessionEventMap[T]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

/**
 * A paid, timed session without a view. Nothing happens before `start()`, and nothing is left after `destroy()`.
 *
 * Errors are `SessionError`s with a stable code: a call that the state does not allow is rejected with `CALL_REFUSED`.
 * @fires tick - on each second boundary of the remaining time; while nobody looks at the page, when something is due
 * @fires ready empty statechange start warning extend pause resume connection complete end error - see SessionEventFields
 * @fires extend-request end-request - before a change, cancelable, with `respondWith`
 * @fires redirect - before leaving, cancelable
 * @example
 * const controller = new SessionController({ apiEndpoint: 'https://market.example/api/v1' });
 * controller.addEventListener('warning', ({ remainingSeconds }) => save(remainingSeconds));
 * await controller.start();
 */
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging -- as above
export class SessionController extends EventTarget {
  readonly #options: SessionControllerOptions;
  #world: World | undefined;
  #snapshot = initialSnapshot;
  readonly #listeners = new Set<SnapshotListener>();
  #takenTokens: string[] = [];
  #run: SessionRun | undefined;
  #stopTicking: (() => void) | undefined;

  /**
   * @param options read when they are needed, from `start()` on.
   * @param world what the controller needs from where it runs; the page's own by default.
   */
  constructor(options: SessionControllerOptions, world?: World) {
    super();
    this.#options = options;
    this.#world = world;
  }

  override dispatchEvent(event: Event): boolean {
    if (event instanceof SessionEvent) this.#options.heard?.(event);
    return super.dispatchEvent(event);
  }

  get snapshot(): SessionSnapshot {
    return this.#snapshot;
  }

  get state(): SessionState {
    return this.#snapshot.state;
  }

  get session(): SessionInPage | null {
    return this.#snapshot.session;
  }

  /** Whole seconds left, rounded up, never negative; null before the service has spoken. */
  get remainingSeconds(): number | null {
    const { session, deadline, state } = this.#snapshot;
    if (deadline !== null) return Math.max(0, Math.ceil((deadline - this.#run!.clock.now()) / 1000));
    return session && (/ended|failed/.test(state) ? 0 : session.remaining_seconds);
  }

  /** The remaining time as `M:SS`, from one hour on as `H:MM:SS`; empty before the service has spoken. */
  get remainingText(): string {
    const seconds = this.remainingSeconds;
    return seconds === null ? '' : formatRemaining(seconds);
  }

  /** What the customer can buy: the service's options, cut to `extendMinutes`. */
  get extensionOptions(): ExtensionOption[] {
    const minutes = numbers(this.#options.extendMinutes) ?? [15, 30, 60];
    const sold = this.session?.extension_options ?? [];
    return sold.filter(({ additional_seconds }) => minutes.includes(additional_seconds / 60));
  }

  /** Calls back after each change of the snapshot. @returns a function that ends it. */
  subscribe(listener: SnapshotListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes the session token out of the page's address; `start()` does it too. For a page that starts later. */
  takeToken(): void {
    this.#world ??= browserWorld();
    const tokens = takeTokensFromAddress(this.#world, this.#options.tokenParam || 'session');
    // An address without one says nothing; a new one takes the place of what was taken before.
    if (tokens.length) this.#takenTokens = tokens;
  }

  /**
   * Finds the session token, has it validated, and runs the time. Fulfilled when the session runs; rejected with the
   * error that `snapshot.error` holds too, or with `NO_LIVE_SESSION` where the snapshot is empty.
   * @throws {SessionError} `CONFIGURATION_INVALID`, the `TOKEN_` codes, those of the service and of the network.
   */
  async start(): Promise<void> {
    // Before anything else runs, listeners included.
    this.takeToken();
    const loading = reduce(this.#snapshot, starting);
    this.#replaceSnapshot(loading);
    // A listener has ended this, or started anew.
    if (this.#snapshot !== loading) throw new DOMException('', 'AbortError');
    this.#run?.stop();
    let run: SessionRun | undefined;
    try {
      const world = this.#world!;
      const options = this.#options;
      // In a sandbox nobody is asked: what is no address of anybody leads nowhere.
      const endpoint = options.sandbox ? 'a:' : checkedAddress(options.apiEndpoint);
      run = this.#run = new SessionRun({
        world,
        options,
        endpoint,
        owner: this,
        dispatch: (transition) => this.#dispatch(transition),
      });
      const isAmbiguous = this.#takenTokens.length > 1;
      const token = this.#takenTokens[0] ?? (options.sessionToken || run.store.load());
      // The quick way is a plain yes to a plain token; whatever else happens is for the thorough way to tell apart.
      if (isAmbiguous || !token || !(await quickValidation(run, token))) {
        const { validate } = await loadLateParts();
        await validate(run, token, isAmbiguous);
      }
      run.signal.throwIfAborted();
      this.#takenTokens = [];
      world.whenIdle(() => this.#attachLateParts(run!));
    } catch (error) {
      if (!run?.signal.aborted) this.#dispatch(failing(error as SessionError));
      throw error;
    }
  }

  /** Asks the service to stop the time. @throws {SessionError} `PAUSE_NOT_ALLOWED`, `OPERATION_NOT_ALLOWED` and the codes of HTTP. */
  pause(): Promise<void> {
    return this.#call('pause');
  }

  resume(): Promise<void> {
    return this.#call('resume');
  }

  /**
   * Buys more time. A second call while the first is under way joins it.
   * @param minutes one of `extensionOptions`.
   * @throws {SessionError} `EXTENSION_REFUSED`, `INSUFFICIENT_TOKENS`, `EXTENSION_LIMIT_REACHED` and the codes of HTTP.
   */
  extend(minutes: number): Promise<void> {
    return this.#call('extend', minutes, this.extensionOptions);
  }

  /** Ends the session, after `end-request`; the service settles it and the page leaves. */
  end(): Promise<void> {
    return this.#call('end');
  }

  /**
   * Reports that the work is done, and settles. The service bills what it measured itself.
   * @param usage minutes as the page counted them, for the record.
   */
  complete(usage?: { actualUsageMinutes?: number; metadata?: Record<string, string> }): Promise<void> {
    return this.#call('complete', usage);
  }

  /** Has the service asked now how the session stands, while it runs; the answer becomes the snapshot. */
  refresh(): Promise<void> {
    return this.#call('refresh');
  }

  /**
   * Says that a person has answered the warning that stands, for a page that asks in a dialog of its own: it becomes
   * `snapshot.answeredWarning` in every tab of the session, and no tab asks again before the next warning.
   */
  answerWarning(): Promise<void> {
    return this.#call('answerWarning');
  }

  /**
   * Counts something of the page's own, where `analytics` is set: how often, the sums of its numbers, how often each of its
   * words. It becomes part of the provider's figures as `custom.<name>`; nothing else is told of whoever did it.
   * @param name `[a-z][a-z0-9_]{0,39}`, as that of each value.
   * @param values finite numbers, booleans, single words of at most 40 characters.
   * @throws {SessionError} `CALL_REFUSED` where it is anything else.
   */
  track(name: string, values?: TrackedValues): Promise<void> {
    return this.#call('track', name, values);
  }

  /** Ends all work of this controller in this page. The session itself goes on. */
  destroy(): void {
    this.#run?.stop();
    // Before anybody hears of it, who may start anew.
    this.#run = undefined;
    this.#replaceSnapshot(initialSnapshot);
  }

  async #call<T extends LateCall>(...call: T): Promise<void> {
    const { perform } = await loadLateParts();
    await perform(this.#run, call);
  }

  /** Asks for them for as long as the session runs. That they do not come is told once. */
  #attachLateParts(run: SessionRun): void {
    const isLive = () => !run.signal.aborted;
    loadLateParts()
      .catch((error: SessionError) => {
        run.signal.throwIfAborted();
        this.#dispatch(settling(error));
        return lateParts(isLive);
      })
      .then(
        ({ attach }) => attach(run),
        () => {},
      );
  }

  #dispatch(transition: Transition): void {
    this.#replaceSnapshot(reduce(this.#snapshot, transition));
  }

  #replaceSnapshot(after: SessionSnapshot): void {
    const before = this.#snapshot;
    if (after === before) return;
    this.#snapshot = after;
    this.#followTime(before);
    const { state, session, error } = after;
    const remainingSeconds = this.remainingSeconds ?? 0;
    // A listener may have changed everything again, and what came of that is told already.
    const isCurrent = () => this.#snapshot === after;
    const tell = <T extends 'statechange' | 'ready' | 'start' | 'error'>(
      type: T,
      fields: SessionEventFields[T],
    ) => isCurrent() && this.dispatchEvent(new SessionEvent(type, fields));
    if (state !== before.state) tell('statechange', { state, previousState: before.state });
    if (session && before.state === 'loading') {
      const { id: sessionId, application_id: applicationId } = session;
      tell('ready', { sessionId, applicationId, remainingSeconds });
      if (state === 'active') tell('start', { sessionId, remainingSeconds });
    }
    if (error && error !== before.error) tell('error', { code: error.code, error });
    callEach(Array.from(this.#listeners, (listener) => () => isCurrent() && listener(after, before)));
  }

  /** Ticks while time runs, and only then. */
  #followTime(before: SessionSnapshot): void {
    const { deadline, state } = this.#snapshot;
    if (deadline === before.deadline && state === before.state) return;
    this.#stopTicking?.();
    if (state !== 'active') return;
    const run = this.#run!;
    let toldSeconds = this.remainingSeconds;
    this.#stopTicking = run.world.ticker.add({
      nextTickMs: () => {
        const leftMs = deadline! - run.clock.now();
        return leftMs > 0 ? (run.quietMs?.(leftMs) ?? leftMs % 1000) : 1000;
      },
      // The ticker may have been set for another session of the page.
      tick: () => {
        const remainingSeconds = this.remainingSeconds!;
        // Whoever settles is missing, and so the service does it alone.
        if (!remainingSeconds && this.#snapshot.error?.code === 'SCRIPT_INCOMPLETE')
          return this.#dispatch(timeUp);
        if (remainingSeconds && remainingSeconds === toldSeconds) return;
        toldSeconds = remainingSeconds;
        this.dispatchEvent(new SessionEvent('tick', { remainingSeconds }));
      },
    });
  }
}
