import type { ErrorCode } from '../../protocol/error-codes.js';
import { SessionError } from '../../protocol/errors.js';
import type { Availability, DeskRequest } from '../../protocol/help-request.js';
import type { MoneyPrice } from '../../protocol/session.js';
import { browserWorld } from '../browser-world.js';
import { callEach } from '../call-each.js';
import type { World } from '../world.js';
import { deskLink, type DeskConnection, type DeskLink } from './desk-link.js';
import type { DeskOptions } from './desk-options.js';
import { isShown, wentOf, type Went } from './desk-state.js';
import { RequestDetails } from './request-details.js';

/** What another helper has taken, or nobody, still stands there for so long, ms: nothing moves under a finger. */
const goneMs = 15_000;
/** What was done is told by the desk's own stream; a press does nothing until then, and no longer than this, ms. */
const longestDoingMs = 5000;

/** What a helper does with a request. */
export type DeskAction = 'claim' | 'decline' | 'start' | 'withdraw';

/** A request as a desk shows it. Instants are ms since the epoch, by the service's clock. */
export interface DeskEntry {
  readonly id: string;
  /** `completed` is one whose talk is over, and of which the helper is to say how; `gone` is one that is this helper's no more, or was not to be had. */
  readonly stage: 'offered' | 'claimed' | 'in_progress' | 'completed' | 'gone';
  /** How it went; `customer_absent` and `cancelled` were claimed by this helper, or offered. */
  readonly went: Went | 'customer_absent' | undefined;
  /** Whether this helper has, or had it. */
  readonly isOwn: boolean;
  /** The name of its category; its id where that is not known. */
  readonly category: string;
  /** What the customer wrote, once it is read. */
  readonly description: string | null;
  readonly sessionId: string | null;
  /** The price of the whole length: tokens, or null where it is paid by money. */
  readonly tokens: number | null;
  readonly money: MoneyPrice | undefined;
  readonly durationSeconds: number;
  readonly createdAt: number;
  /** When the service acts next: asks more helpers, or others in place of this one. */
  readonly dueAt: number | null;
  /** What the service was asked to do with it, and has not told yet. */
  readonly doing: DeskAction | undefined;
  /** Why the last action was refused. */
  readonly code: ErrorCode | undefined;
}

export interface DeskSnapshot {
  readonly connection: DeskConnection;
  /** Why there is no connection, where the service, or the server that gives access tokens, has said so. */
  readonly code: ErrorCode | undefined;
  /** Undefined until the service has told of it. */
  readonly availability: Availability | undefined;
  /** What the switch was put to, until the service says so too. */
  readonly wanted: Availability | undefined;
  /** When the service put the switch to away, because requests were missed in a row; ms since the epoch. */
  readonly setAwayAt: number | undefined;
  /** Whether the helper has as many requests as he takes at a time. */
  readonly isBusy: boolean;
  readonly unreadCount: number;
  /** Oldest first. */
  readonly entries: readonly DeskEntry[];
}

interface Entry {
  /** As the stream told it last. */
  request: DeskRequest;
  isOwn: boolean;
  went?: Went;
  doing?: DeskAction | undefined;
  code?: ErrorCode | undefined;
}

const stageOf = {
  open: 'offered',
  claimed: 'claimed',
  in_progress: 'in_progress',
  completed: 'completed',
} as const;
const stagesOf: Record<DeskAction, readonly DeskEntry['stage'][]> = {
  claim: ['offered'],
  decline: ['offered'],
  start: ['claimed'],
  withdraw: ['claimed'],
};

const errorOf = (cause: unknown): SessionError =>
  cause instanceof SessionError ? cause : new SessionError('SERVICE_ERROR', { cause });

/**
 * A helper's desk: what is offered to him, what is his, and his switch, as the service tells it as it happens. Nothing is
 * believed before the service says so, and nothing can be done while it cannot be heard.
 * @example
 * const desk = new Desk({ apiEndpoint: 'https://market.example/api/v1', accessTokenUrl: '/access-token' });
 * desk.subscribe(() => show(desk.snapshot.entries));
 * const { sessionId } = await desk.claim(id);
 */
export class Desk {
  readonly #world: World;
  readonly #link: DeskLink;
  readonly #listeners = new Set<() => void>();
  readonly #over = new AbortController();
  readonly #entries = new Map<string, Entry>();
  readonly #details: RequestDetails;
  #wanted: Availability | undefined;
  #turning = Promise.resolve();
  #availability: Availability | undefined;
  #setAwayAt: number | undefined;
  #snapshot: DeskSnapshot;

  /** An `apiEndpoint` that is no https address (localhost aside) is told as `CONFIGURATION_INVALID` in the snapshot. */
  constructor(options: DeskOptions, world: World = browserWorld()) {
    this.#world = world;
    const { signal } = this.#over;
    this.#link = deskLink(world, options);
    this.#details = new RequestDetails(world, this.#link, () => this.#tell(), signal);
    this.#snapshot = this.#look();
    this.#link.hold(() => this.#follow(), signal);
    this.#follow();
  }

  get snapshot(): DeskSnapshot {
    return this.#snapshot;
  }

  /** The service's clock, ms since the epoch. */
  now(): number {
    return this.#link.now();
  }

  /** Calls back after each change. @returns ends it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Hears nothing any more, and tells nothing. The service takes the helper for gone some seconds later. */
  close(): void {
    this.#listeners.clear();
    this.#over.abort(new DOMException('', 'AbortError'));
  }

  /** Tries at once to hear the service again. */
  retry(): void {
    this.#link.retry();
  }

  /**
   * Takes a request: of many helpers exactly one has it then.
   * @returns its session, which waits for both.
   * @throws {SessionError} `REQUEST_TAKEN`, `REQUEST_EXPIRED`, `REQUEST_CANCELLED`, `NOT_OFFERED`, `HELPER_BUSY`,
   * `HELPER_UNAVAILABLE`, `CALL_REFUSED` while there is no connection, and those of `AccessClient.request`.
   */
  async claim(id: string): Promise<{ sessionId: string }> {
    const { session_id } = await this.#do(id, 'claim');
    return { sessionId: session_id! };
  }

  /** Does not want it; others may. @throws as `claim()`. */
  async decline(id: string): Promise<void> {
    await this.#do(id, 'decline');
  }

  /** Gives back what was claimed: others are asked. @throws as `claim()`, `REQUEST_TRANSITION_REFUSED`. */
  async withdraw(id: string): Promise<void> {
    await this.#do(id, 'withdraw');
  }

  /**
   * Starts the talk: it costs from then on. It starts by itself once both sides are in the session.
   * @throws {SessionError} `CUSTOMER_ABSENT`, and as `withdraw()`.
   */
  async start(id: string): Promise<void> {
    await this.#do(id, 'start');
  }

  /** Puts a request away that is gone. */
  dismiss(id: string): void {
    if (this.#entries.get(id)?.went) this.#entries.delete(id);
    this.#tell();
  }

  /**
   * Puts the switch. Away asks only when nobody else can, offline not at all.
   * @throws {SessionError} `CALL_REFUSED` while there is no connection, and those of `AccessClient.request`.
   */
  async setAvailability(availability: Availability): Promise<void> {
    this.#requireConnection();
    this.#wanted = availability;
    this.#setAwayAt = undefined;
    this.#tell();
    // One after the other: the last one is to be the last.
    const turned = this.#turning.then(() => this.#turn(availability));
    this.#turning = turned.catch(() => {});
    await turned;
  }

  async #turn(availability: Availability): Promise<void> {
    // It was put elsewhere meanwhile.
    if (this.#wanted !== availability) return;
    try {
      const path = `${this.#link.helperPath}/availability`;
      await this.#link.request({ method: 'PUT', path, body: { availability } });
      this.#world.setTimeout(() => this.#stopWanting(availability), longestDoingMs);
    } catch (cause) {
      this.#stopWanting(availability);
      throw errorOf(cause);
    }
  }

  #stopWanting(availability: Availability): void {
    if (this.#wanted === availability) this.#wanted = undefined;
    this.#tell();
  }

  #requireConnection(): void {
    if (this.#link.connection !== 'online' || !this.#link.state)
      throw new SessionError('CALL_REFUSED', { message: 'nothing can be done without a connection' });
  }

  async #do(id: string, action: DeskAction): Promise<{ session_id: string | null }> {
    this.#requireConnection();
    const entry = this.#entries.get(id);
    if (!entry || entry.doing || !stagesOf[action].includes(stage(entry)))
      throw new SessionError('CALL_REFUSED', { message: `${action}() is not possible now` });
    entry.doing = action;
    entry.code = undefined;
    const before = entry.request;
    this.#tell();
    try {
      const path = `/help-requests/${encodeURIComponent(id)}/${action}`;
      const answer = await this.#link.request<{ session_id: string | null }>({ method: 'POST', path });
      this.#world.setTimeout(() => entry.request === before && this.#stopDoing(entry), longestDoingMs);
      return answer;
    } catch (cause) {
      const error = errorOf(cause);
      entry.code = error.code;
      this.#stopDoing(entry);
      throw error;
    }
  }

  #stopDoing(entry: Entry): void {
    entry.doing = undefined;
    this.#tell();
  }

  /** Takes over what the stream says. */
  #follow(): void {
    const { state } = this.#link;
    for (const request of state?.requests.values() ?? []) {
      const entry = this.#entries.get(request.id);
      if (isShown(request)) this.#show(request, entry);
      else if (entry && !entry.went) this.#letGo(request, entry);
    }
    const availability = state?.helper.availability;
    if (availability !== this.#availability) this.#turned(availability);
    this.#details.read([...this.#entries.values()].map(({ request }) => request));
    this.#tell();
  }

  #show(request: DeskRequest, entry: Entry | undefined): void {
    if (entry?.request === request) return;
    this.#entries.set(request.id, { request, isOwn: request.offer === 'accepted' });
  }

  #letGo(request: DeskRequest, entry: Entry): void {
    const { id } = request;
    const went = wentOf(entry.request, request);
    // Own doing: there is nothing to tell.
    if (went === 'declined' || went === 'returned' || went === 'recorded')
      return void this.#entries.delete(id);
    Object.assign(entry, { request, went, doing: undefined });
    // The reason stands in the request, not in the stream.
    if (entry.isOwn && went === 'cancelled') this.#details.readAgain(id);
    if (!entry.isOwn)
      this.#world.setTimeout(() => this.#entries.get(id) === entry && this.dismiss(id), goneMs);
  }

  #turned(availability: Availability | undefined): void {
    const wasOwn = this.#wanted === availability;
    this.#availability = availability;
    if (wasOwn || availability !== 'away') this.#setAwayAt = undefined;
    if (wasOwn) this.#wanted = undefined;
    else if (availability === 'away') void this.#lookWhy().catch(() => {});
  }

  /** Whether it was the service that put the switch to away. */
  async #lookWhy(): Promise<void> {
    const path = `${this.#link.helperPath}/notifications?unread=true&limit=100`;
    interface Answer {
      notifications: { type: string; created_at: number }[];
    }
    const { notifications } = await this.#link.request<Answer>({ method: 'GET', path });
    const told = notifications.find(({ type }) => type === 'set_away');
    if (!told || this.#availability !== 'away' || this.#wanted) return;
    this.#setAwayAt = told.created_at * 1000;
    this.#tell();
  }

  #tell(): void {
    if (this.#over.signal.aborted) return;
    this.#snapshot = this.#look();
    callEach(this.#listeners);
  }

  #look(): DeskSnapshot {
    const { state, connection, code } = this.#link;
    const { availability, active_count = 0, max_concurrent = 1 } = state?.helper ?? {};
    return {
      ...{ connection, code, availability, wanted: this.#wanted, setAwayAt: this.#setAwayAt },
      isBusy: active_count >= max_concurrent,
      unreadCount: state?.unreadCount ?? 0,
      entries: [...this.#entries.values()]
        .sort(
          ({ request: one }, { request: other }) =>
            one.created_at - other.created_at || (one.id < other.id ? -1 : 1),
        )
        .map((entry) => this.#shown(entry)),
    };
  }

  #shown(entry: Entry): DeskEntry {
    const { request, isOwn, went, doing, code } = entry;
    const { description, isCustomerAbsent } = this.#details.of(request.id);
    return {
      ...{ id: request.id, stage: stage(entry), isOwn, doing, code, description },
      went: went === 'cancelled' && isCustomerAbsent ? 'customer_absent' : went,
      category: this.#details.category(request.category_id),
      sessionId: request.session_id,
      tokens: request.tokens,
      money: moneyOf(request),
      durationSeconds: request.duration_seconds,
      createdAt: request.created_at * 1000,
      dueAt: request.due_at === null ? null : request.due_at * 1000,
    };
  }
}

/** Missing where a backend knows none. */
const moneyOf = ({ amount, currency }: DeskRequest): MoneyPrice | undefined =>
  amount && currency ? { amount, currency } : undefined;

const stage = ({ request: { status }, went }: Entry): DeskEntry['stage'] =>
  went ? 'gone' : stageOf[status as keyof typeof stageOf];
