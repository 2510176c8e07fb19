import type { CreateSessionRequest, ExtendRequest } from '../../protocol/api.js';
import { SessionError } from '../../protocol/errors.js';
import type { ServiceEventType } from '../../protocol/events.js';
import type { Pauser } from '../../protocol/pauser.js';
import { parseReturnUrl } from '../../protocol/return-url.js';
import { priceOf } from '../../protocol/rules/cost.js';
import { chooseOption, hasRoom, tokensFor } from '../../protocol/rules/extension-prices.js';
import {
  billed,
  lengthened,
  paused,
  resumed,
  runningFrom,
  started,
  waitingFrom,
} from '../../protocol/rules/session-changes.js';
import type { SessionFacts } from '../../protocol/rules/session-facts.js';
import { isDue, toSession } from '../../protocol/rules/session-view.js';
import type { Session } from '../../protocol/session.js';
import { isFinal, nextStatus } from '../../protocol/state-machine.js';
import type { SandboxClock } from '../clock.js';
import type { EventLog } from '../event-log.js';
import { InvalidRequest } from '../http/problem.js';
import type { Settings } from '../options.js';
import type { Wallets } from '../wallets.js';
import type { SessionRecord } from './session-record.js';

/** How long a session waits where nobody says so, seconds. */
const usualWaitingSeconds = 600;

/** What is sold, beside what an application's server asks for. */
export interface Sale extends CreateSessionRequest {
  help_request_id?: string;
  waits_for_id?: string;
  /** Set aside already; the price of the application where it is left out. */
  held_tokens?: number;
}

export interface Extended {
  expires_at: number | null;
  additional_seconds: number;
  additional_cost: number;
}

/** The sessions of a sandbox, by the rules and tables of the protocol. Nothing waits in here, so each change is whole. */
export class Sessions {
  readonly #settings: Settings;
  readonly #clock: SandboxClock;
  readonly #wallets: Wallets;
  readonly #events: EventLog;
  readonly #records = new Map<string, SessionRecord>();
  readonly #timers = new Map<string, number>();
  /** Hears of each change of a session, once it is made. */
  onChange: (session: SessionRecord, type: ServiceEventType, at: number) => void = () => {};

  constructor(settings: Settings, clock: SandboxClock, wallets: Wallets, events: EventLog) {
    this.#settings = settings;
    this.#clock = clock;
    this.#wallets = wallets;
    this.#events = events;
  }

  /** Newest first. */
  all(): SessionRecord[] {
    return [...this.#records.keys()].map((id) => this.find(id)).reverse();
  }

  /** As it stands: what has fallen due is done first. @throws {SessionError} `SESSION_NOT_FOUND` */
  find(id: string): SessionRecord {
    const session = this.#records.get(id);
    if (!session) throw new SessionError('SESSION_NOT_FOUND');
    this.#advance(session);
    return session;
  }

  view(session: SessionRecord): { session: Session; server_time: number } {
    const read_at = this.#clock.now();
    const purse = {
      wallet_balance: this.#wallets.balanceOf(session.user_id),
      extension_count: session.extensions.length,
      takes_money: false,
    };
    return {
      session: toSession({ ...session, ...this.#settings.terms, ...purse, read_at }),
      server_time: read_at,
    };
  }

  /**
   * @throws {SessionError} `APPLICATION_NOT_FOUND`, `REQUEST_INVALID`, `RETURN_URL_REFUSED`, `SESSION_PRICE_CHANGED`,
   * `INSUFFICIENT_TOKENS`
   */
  sell(sale: Sale): SessionRecord {
    const { applicationId, terms, tokensPerMinute, warningSeconds } = this.#settings;
    const { duration_seconds, tokens_to_deduct, start, return_url = null, held_tokens } = sale;
    if (sale.application_id !== applicationId) throw new SessionError('APPLICATION_NOT_FOUND');
    if (duration_seconds > terms.max_duration_seconds)
      throw new InvalidRequest('/duration_seconds', `at most ${terms.max_duration_seconds}`);
    if (return_url !== null) parseReturnUrl(return_url, terms.return_origins);
    const tokens = held_tokens ?? priceOf(tokensPerMinute, duration_seconds);
    if (tokens_to_deduct !== undefined && tokens_to_deduct !== tokens)
      throw new SessionError('SESSION_PRICE_CHANGED');
    if (held_tokens === undefined) this.#wallets.hold(sale.user_id, tokens);
    const now = this.#clock.now();
    const isWaiting = start === 'when_joined';
    const session: SessionRecord = {
      id: crypto.randomUUID(),
      application_id: applicationId,
      user_id: sale.user_id,
      revision: 1,
      tokens_allocated: tokens,
      duration_limit_seconds: duration_seconds,
      created_at: now,
      ...(isWaiting
        ? {
            status: 'waiting',
            ...waitingFrom(now, duration_seconds, sale.waiting_seconds ?? usualWaitingSeconds),
          }
        : { status: 'active', ...runningFrom(now, duration_seconds, warningSeconds) }),
      ...{ paused_at: null, paused_by: null, paused_by_at: null, pause_seconds_used: 0 },
      warning_seconds: warningSeconds,
      return_url,
      sold_options: terms.extension_options,
      ...{ ended_at: null, used_seconds: null, final_cost: null, tokens_refunded: null },
      metadata: sale.metadata ?? {},
      waits_for: isWaiting ? (sale.waits_for ?? 'provider') : null,
      waits_for_id: sale.waits_for_id ?? null,
      help_request_id: sale.help_request_id ?? null,
      launch_count: 0,
      blocks: [{ seconds: duration_seconds, tokens }],
      ...{ extensions: [], messages: [], files: [], attendants: new Map() },
    };
    this.#records.set(session.id, session);
    if (isWaiting) this.tell(session, 'session.waiting', { waiting_until: session.waiting_until! / 1000 });
    else this.tell(session, 'session.started', { expires_at: session.deadline_at / 1000 });
    this.#watch(session);
    return session;
  }

  /** @throws {SessionError} `SESSION_ENDED`, `TRANSITION_REFUSED` */
  start(session: SessionRecord): void {
    if (session.started_at !== null && !isFinal(session.status)) return;
    const now = this.#clock.now();
    this.#revise(session, started(session, now));
    this.tell(session, 'session.started', { expires_at: session.deadline_at / 1000 });
  }

  /** @throws {SessionError} `SESSION_ENDED`, `TRANSITION_REFUSED`, `PAUSE_NOT_ALLOWED` */
  pause(session: SessionRecord, pauser: Pauser): void {
    this.#revise(session, paused(session, this.#settings.terms, pauser, this.#clock.now()));
    const pause_ends_at = Math.ceil(session.due_at! / 1000);
    this.tell(session, 'session.paused', { pause_ends_at, paused_by: pauser });
  }

  /** @throws {SessionError} `SESSION_ENDED`, `TRANSITION_REFUSED` */
  resume(session: SessionRecord, at = this.#clock.now()): void {
    this.#revise(session, resumed(session, at));
    this.tell(session, 'session.resumed', { expires_at: session.deadline_at / 1000 }, at);
  }

  /**
   * @throws {SessionError} `SESSION_ENDED`, `TRANSITION_REFUSED`, `EXTENSION_REFUSED`, `EXTENSION_PRICE_CHANGED`,
   * `PAYMENT_METHOD_REFUSED`, `EXTENSION_LIMIT_REACHED`, `INSUFFICIENT_TOKENS`
   */
  extend(session: SessionRecord, request: ExtendRequest): Extended {
    nextStatus(session.status, 'extend');
    const { terms } = this.#settings;
    const option = chooseOption(terms.extension_options, request);
    const tokens = tokensFor(session, option, request);
    if (tokens === null || request.payment === 'money') throw new SessionError('PAYMENT_METHOD_REFUSED');
    const seconds = option.additional_seconds;
    if (!hasRoom(terms, session, session.extensions.length, seconds))
      throw new SessionError('EXTENSION_LIMIT_REACHED');
    this.#wallets.hold(session.user_id, tokens);
    const now = this.#clock.now();
    session.blocks.push({ seconds, tokens });
    session.extensions.push({
      id: crypto.randomUUID(),
      ...{ additional_seconds: seconds, tokens },
      created_at: Math.floor(now / 1000),
      ...{ payment: 'tokens', status: 'paid' },
    });
    this.#revise(session, lengthened(session, { seconds, tokens }, now));
    const result = {
      expires_at: session.status === 'paused' ? null : session.deadline_at / 1000,
      additional_seconds: seconds,
      additional_cost: tokens,
    };
    this.tell(session, 'session.extended', result);
    return result;
  }

  /** Ends it, or cancels what waits; what has ended stays as it is. */
  complete(session: SessionRecord): void {
    if (!isFinal(session.status)) this.#end(session, session.status === 'waiting' ? 'cancel' : 'complete');
  }

  /** @throws {SessionError} `SESSION_ENDED`, `TRANSITION_REFUSED` */
  cancel(session: SessionRecord): void {
    if (session.status !== 'cancelled') this.#end(session, 'cancel');
  }

  /** The same, but what it held goes to nobody yet. */
  cancelHeld(session: SessionRecord): void {
    this.#wallets.credit(session.user_id, -session.tokens_allocated);
    this.#end(session, 'cancel');
  }

  /** Tells of something that has happened to it. */
  tell(session: SessionRecord, type: ServiceEventType, payload: object, at = this.#clock.now()): void {
    const { id: session_id, revision, help_request_id } = session;
    const ofHelp = help_request_id !== null && { help_request_id };
    this.#events.append(`session:${session_id}`, type, { session_id, revision, ...ofHelp, ...payload }, at);
    this.onChange(session, type, at);
  }

  #end(session: SessionRecord, action: 'complete' | 'expire' | 'cancel', at = this.#clock.now()): void {
    const bill = billed(session, session.blocks, action, at);
    const { waiting_until } = session;
    this.#wallets.credit(session.user_id, bill.tokens_refunded);
    this.#revise(session, {
      ...bill,
      ended_at: at,
      ...{ waiting_until: null, due_at: null, warn_at: null, paused_at: null },
    });
    if (action === 'cancel') {
      const reason = at < waiting_until! ? 'requested' : 'waiting_over';
      this.tell(session, 'session.cancelled', { reason, tokens_refunded: bill.tokens_refunded }, at);
    }
    this.tell(session, 'session.ended', bill, at);
  }

  /** Does what has fallen due, as of the moment it was due. */
  #advance(session: SessionRecord): void {
    const now = this.#clock.now();
    while (isDue(session, now) || this.#isToBeWarned(session, now)) {
      if (session.status === 'waiting') this.#end(session, 'cancel', session.waiting_until!);
      else if (session.status === 'paused') this.resume(session, session.due_at!);
      else if (session.due_at! > now) this.#warn(session);
      else this.#end(session, 'expire', session.due_at!);
    }
  }

  #isToBeWarned({ status, warn_at }: SessionRecord, now: number): boolean {
    return status === 'active' && warn_at !== null && warn_at <= now;
  }

  #warn(session: SessionRecord): void {
    const { warn_at, deadline_at } = session;
    session.warn_at = null;
    const remaining_seconds = Math.ceil((deadline_at - warn_at!) / 1000);
    this.tell(session, 'session.warning', { expires_at: deadline_at / 1000, remaining_seconds }, warn_at!);
  }

  #revise(session: SessionRecord, changes: Partial<SessionFacts>): void {
    Object.assign(session, changes, { revision: session.revision + 1 });
    this.#watch(session);
  }

  /** Looks again when something falls due. */
  #watch(session: SessionRecord): void {
    this.#clock.clearTimeout(this.#timers.get(session.id));
    const { status, waiting_until, due_at, warn_at } = session;
    const dueAt =
      waiting_until ?? Math.min(due_at ?? Infinity, (status === 'active' ? warn_at : null) ?? Infinity);
    if (dueAt === Infinity) return;
    const look = () => {
      this.#advance(session);
      this.#watch(session);
    };
    this.#timers.set(session.id, this.#clock.setTimeout(look, Math.max(0, dueAt - this.#clock.now())));
  }
}
