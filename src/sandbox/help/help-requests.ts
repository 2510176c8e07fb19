import { SessionError } from '../../protocol/errors.js';
import type {
  DeskRequest,
  HelpRequestEventType,
  HelpRequestNews,
  HelpRequestState,
  OfferState,
  Outcome,
} from '../../protocol/help-request.js';
import { nextHelpRequestStatus, type HelpRequestAction } from '../../protocol/help-request-machine.js';
import type { SandboxClock } from '../clock.js';
import type { EventLog } from '../event-log.js';
import type { Settings } from '../options.js';
import type { Participants } from '../sessions/participants.js';
import type { SessionRecord } from '../sessions/session-record.js';
import type { Sessions } from '../sessions/sessions.js';
import type { Wallets } from '../wallets.js';
import type { Category, Helper, Helpers } from './helpers.js';

/** How long who has claimed has to come, ms. */
const joinMs = 120_000;
/** How long a helper who is there waits for the customer, ms. */
const customerMs = 300_000;
/** How long the session waits, seconds: longer than either, for the request decides. */
const sessionWaitingSeconds = 360;

/** A request as it is kept. */
export interface HelpRequest extends HelpRequestState {
  description: string | null;
  notes: string | null;
  category: Category;
  offers: Map<string, OfferState>;
}

/** What they need of the sandbox. */
interface Context {
  readonly settings: Settings;
  readonly clock: SandboxClock;
  readonly events: EventLog;
  readonly wallets: Wallets;
  readonly sessions: Sessions;
  readonly participants: Participants;
  readonly helpers: Helpers;
}

/** Requests for help: offered to those who can help, taken by one, by the protocol's own table. */
export class HelpRequests {
  readonly #context: Context;
  readonly #requests = new Map<string, HelpRequest>();
  readonly #timers = new Map<string, number>();

  constructor(context: Context) {
    this.#context = context;
    context.sessions.onChange = (session, type, at) => this.#follow(session, type, at);
  }

  /** Newest first. */
  all(): HelpRequest[] {
    return [...this.#requests.values()].reverse();
  }

  /** @throws {SessionError} `HELP_REQUEST_NOT_FOUND` */
  find(id: string): HelpRequest {
    const request = this.#requests.get(id);
    if (!request) throw new SessionError('HELP_REQUEST_NOT_FOUND');
    return request;
  }

  /** @throws {SessionError} `HELP_CATEGORY_NOT_FOUND`, `HELP_CATEGORY_INACTIVE`, `PAYMENT_METHOD_REFUSED`, `INSUFFICIENT_TOKENS` */
  create(userId: string, categoryId: string, description: string | null): HelpRequest {
    const { settings, helpers, wallets } = this.#context;
    const category = helpers.category(categoryId);
    if (!category.active) throw new SessionError('HELP_CATEGORY_INACTIVE');
    if (category.tokens === null) throw new SessionError('PAYMENT_METHOD_REFUSED');
    wallets.hold(userId, category.tokens);
    const now = this.#seconds();
    const request: HelpRequest = {
      id: crypto.randomUUID(),
      ...{ provider_id: settings.providerId, application_id: settings.applicationId, user_id: userId },
      ...{ category_id: categoryId, status: 'open', reason: null, version: 1, round: 1, offered_count: 0 },
      ...{ helper_id: null, session_id: null, tokens: category.tokens, amount: null, currency: null },
      ...{ payment_status: null, captured_amount: null, duration_seconds: category.duration_seconds },
      ...{ created_at: now, claimed_at: null, started_at: null, ended_at: null, due_at: null },
      ...{ used_seconds: null, final_cost: null, outcome: null },
      ...{ description, notes: null, category, offers: new Map() },
    };
    this.#requests.set(request.id, request);
    this.#due(request, category.search_seconds * 1000);
    this.#tell(request, 'help_request.opened');
    this.#look(request);
    return request;
  }

  /** A helper has come, or is free again: what is open is offered to him too. */
  offerAgain(): void {
    for (const request of this.#requests.values()) if (request.status === 'open') this.#offer(request);
  }

  /**
   * Of however many who ask at the same time exactly one gets it.
   * @throws {SessionError} `REQUEST_TAKEN`, `REQUEST_CANCELLED`, `REQUEST_EXPIRED`, `NOT_OFFERED`, `HELPER_BUSY`
   */
  claim(request: HelpRequest, helper: Helper): void {
    if (request.helper_id === helper.id && /claimed|in_progress/.test(request.status)) return;
    const offer = request.offers.get(helper.id);
    if (offer === undefined || (request.status === 'open' && offer !== 'offered'))
      throw new SessionError('NOT_OFFERED');
    nextHelpRequestStatus(request.status, 'claim');
    if (helper.active_count >= helper.max_concurrent) throw new SessionError('HELPER_BUSY');
    const { sessions } = this.#context;
    helper.active_count += 1;
    this.#endOffers(request, 'withdrawn');
    request.offers.set(helper.id, 'accepted');
    const session = sessions.sell({
      ...{ application_id: request.application_id, user_id: request.user_id },
      ...{ duration_seconds: request.duration_seconds, start: 'when_joined', waits_for: 'helper' },
      ...{ waiting_seconds: sessionWaitingSeconds, held_tokens: request.tokens! },
      ...{ help_request_id: request.id, waits_for_id: helper.id },
    });
    const changes = { helper_id: helper.id, session_id: session.id, claimed_at: this.#seconds() };
    this.#write(request, 'claim', changes, joinMs, 'help_request.claimed');
  }

  /** @throws {SessionError} `NOT_OFFERED`, `REQUEST_TAKEN`, `REQUEST_CANCELLED`, `REQUEST_EXPIRED` */
  decline(request: HelpRequest, helper: Helper): void {
    const offer = request.offers.get(helper.id);
    if (offer === 'declined') return;
    nextHelpRequestStatus(request.status, 'decline');
    if (offer !== 'offered') throw new SessionError('NOT_OFFERED');
    request.offers.set(helper.id, 'declined');
    this.#count(request);
    this.#wake(request, helper.id);
    this.#look(request);
  }

  /** Gives it back. @throws {SessionError} `NOT_OFFERED`, `REQUEST_TRANSITION_REFUSED` */
  withdraw(request: HelpRequest, helper: Helper): void {
    if (request.offers.get(helper.id) === 'declined') return;
    requireOwn(request, helper);
    this.#reopen(request, 'declined');
  }

  /** @throws {SessionError} `NOT_OFFERED`, `CUSTOMER_ABSENT`, `REQUEST_TRANSITION_REFUSED` */
  start(request: HelpRequest, helper: Helper): void {
    requireOwn(request, helper);
    if (request.status === 'in_progress') return;
    nextHelpRequestStatus(request.status, 'start');
    const { sessions, participants } = this.#context;
    const session = sessions.find(request.session_id!);
    if (!participants.isThere(session, ({ role }) => role === 'customer'))
      throw new SessionError('CUSTOMER_ABSENT');
    sessions.start(session);
  }

  /** @throws {SessionError} `NOT_OFFERED`, `OUTCOME_GIVEN`, `REQUEST_TRANSITION_REFUSED` */
  record(request: HelpRequest, helper: Helper, outcome: Outcome, notes: string | null): void {
    requireOwn(request, helper);
    nextHelpRequestStatus(request.status, 'record');
    if (request.outcome === outcome && request.notes === notes) return;
    if (request.outcome !== null) throw new SessionError('OUTCOME_GIVEN');
    this.#write(request, 'record', { outcome, notes }, null, 'help_request.outcome_recorded');
  }

  /** @throws {SessionError} `REQUEST_TRANSITION_REFUSED`, `REQUEST_EXPIRED` */
  cancel(request: HelpRequest, reason: 'requested' | 'customer_absent' | 'session_cancelled'): void {
    if (request.status === 'cancelled') return;
    nextHelpRequestStatus(request.status, 'cancel');
    const { sessions, helpers } = this.#context;
    this.#endOffers(request, 'withdrawn');
    const changes = { reason, ended_at: this.#seconds() };
    const { session_id, helper_id } = request;
    this.#write(request, 'cancel', changes, null, 'help_request.cancelled');
    if (session_id === null) this.#release(request);
    else if (sessions.find(session_id).status === 'waiting') sessions.cancel(sessions.find(session_id));
    if (helper_id !== null) this.#free(helpers.find(helper_id));
  }

  /** What is on a helper's desk. @param shown what was shown there before */
  desk(helper: Helper, shown: ReadonlySet<string>): DeskRequest[] {
    return [...this.#requests.values()].flatMap((request) => {
      const offer = request.offers.get(helper.id);
      const isOwn = request.helper_id === helper.id;
      const isTold = isOwn || request.status === 'open' || shown.has(request.id);
      if (offer === undefined || !isTold || (offer !== 'offered' && !isOwn && !shown.has(request.id)))
        return [];
      const { id, application_id, category_id, version, status, tokens, amount, currency } = request;
      const { duration_seconds, created_at, due_at, session_id, outcome } = request;
      return {
        ...{ id, application_id, category_id, version, status, offer, tokens, amount, currency },
        ...{ duration_seconds, created_at, due_at },
        session_id: isOwn ? session_id : null,
        outcome: isOwn ? outcome : null,
      };
    });
  }

  #seconds = () => Math.floor(this.#context.clock.now() / 1000);

  /** Asks all who can help; where nobody is left to ask, all who are there at once. */
  #look(request: HelpRequest): void {
    this.#offer(request);
    if (request.round === 1 && ![...request.offers.values()].includes('offered')) this.#widen(request);
  }

  #offer(request: HelpRequest): void {
    const { round, category, offers } = request;
    for (const { id, availability, skills, active_count, max_concurrent } of this.#context.helpers.all()) {
      const isAsked =
        round === 1
          ? availability === 'available' && category.skills.every((skill) => skills.includes(skill))
          : availability !== 'offline';
      const isNews = !offers.has(id) || offers.get(id) === 'withdrawn';
      if (!isAsked || !isNews || active_count >= max_concurrent) continue;
      offers.set(id, 'offered');
      this.#count(request);
      this.#wake(request, id);
    }
  }

  #widen(request: HelpRequest): void {
    this.#write(request, 'widen', { round: 2 }, request.category.search_seconds * 1000);
    this.#offer(request);
  }

  #reopen(request: HelpRequest, answer: 'declined' | 'missed'): void {
    const { sessions, helpers } = this.#context;
    const helper = helpers.find(request.helper_id!);
    const session = sessions.find(request.session_id!);
    const changes = { helper_id: null, session_id: null, claimed_at: null, round: 1 };
    const searchMs = request.category.search_seconds * 1000;
    this.#write(request, 'reopen', changes, searchMs, 'help_request.reopened');
    request.offers.set(helper.id, answer);
    sessions.cancelHeld(session);
    this.#look(request);
    this.#free(helper);
  }

  /** What is due: the end of a round, or nobody has come. */
  #act(request: HelpRequest): void {
    const { sessions, participants } = this.#context;
    if (request.status === 'open') {
      if (request.round === 1) return this.#widen(request);
      this.#endOffers(request, 'missed');
      const changes = { reason: 'nobody_free' as const, ended_at: this.#seconds() };
      this.#write(request, 'expire', changes, null, 'help_request.expired');
      return this.#release(request);
    }
    if (request.status !== 'claimed') return;
    const isThere = participants.isThere(sessions.find(request.session_id!), ({ role }) => role === 'helper');
    const hasWaited = this.#seconds() >= request.claimed_at! + customerMs / 1000;
    if (!isThere) return this.#reopen(request, 'missed');
    if (hasWaited) return this.cancel(request, 'customer_absent');
    this.#write(request, 'wait', {}, customerMs - joinMs);
  }

  /** What happens to the session of a request happens to the request. */
  #follow(session: SessionRecord, type: string, at: number): void {
    const request =
      session.help_request_id === null ? undefined : this.#requests.get(session.help_request_id);
    if (!request || request.session_id !== session.id) return;
    const { helpers } = this.#context;
    const seconds = Math.floor(at / 1000);
    if (type === 'session.started')
      this.#write(request, 'start', { started_at: seconds }, null, 'help_request.started');
    if (type === 'session.ended' && request.status === 'in_progress') {
      const { used_seconds, final_cost } = session;
      const changes = { used_seconds, final_cost, ended_at: seconds };
      this.#write(request, 'complete', changes, null, 'help_request.completed');
      this.#free(helpers.find(request.helper_id!));
    }
    if (type === 'session.ended' && request.status === 'claimed') this.cancel(request, 'session_cancelled');
  }

  #free(helper: Helper): void {
    helper.active_count -= 1;
    this.#context.events.wake(`helper:${helper.id}`);
    this.offerAgain();
  }

  #release({ user_id, tokens }: HelpRequest): void {
    this.#context.wallets.credit(user_id, tokens!);
  }

  #endOffers(request: HelpRequest, state: 'withdrawn' | 'missed'): void {
    for (const [id, offer] of request.offers) if (offer === 'offered') request.offers.set(id, state);
  }

  /** @param dueInMs when the sandbox acts next; null never */
  #write(
    request: HelpRequest,
    action: HelpRequestAction,
    changes: Partial<HelpRequest>,
    dueInMs: number | null,
    tells?: HelpRequestEventType,
  ): void {
    const status = nextHelpRequestStatus(request.status, action);
    Object.assign(request, changes, { status, version: request.version + 1 });
    this.#count(request);
    this.#due(request, dueInMs);
    if (tells) this.#tell(request, tells);
    this.#wake(request, ...request.offers.keys());
  }

  #count(request: HelpRequest): void {
    const offered = [...request.offers.values()].filter((offer) => offer === 'offered');
    request.offered_count = request.status === 'open' ? offered.length : 0;
  }

  #due(request: HelpRequest, dueInMs: number | null): void {
    const { clock } = this.#context;
    clock.clearTimeout(this.#timers.get(request.id));
    request.due_at = dueInMs === null ? null : Math.floor((clock.now() + dueInMs) / 1000);
    if (dueInMs !== null)
      this.#timers.set(
        request.id,
        clock.setTimeout(() => this.#act(request), dueInMs),
      );
  }

  #tell(request: HelpRequest, type: HelpRequestEventType): void {
    const { id: request_id, category_id, version, status, reason, helper_id, session_id, outcome } = request;
    const news: HelpRequestNews = {
      ...{ request_id, category_id, version, status, reason, helper_id, session_id, outcome },
    };
    this.#context.events.append(`request:${request_id}`, type, news, this.#context.clock.now());
  }

  #wake({ id }: HelpRequest, ...helperIds: string[]): void {
    for (const helperId of helperIds) this.#context.events.wake(`helper:${helperId}`);
    this.#context.events.wake(`request:${id}`);
  }
}

function requireOwn({ helper_id }: HelpRequest, { id }: Helper): void {
  if (helper_id !== id) throw new SessionError('NOT_OFFERED');
}
