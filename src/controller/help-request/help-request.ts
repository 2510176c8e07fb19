import { SessionError } from '../../protocol/errors.js';
import {
  isFinalHelpRequest,
  type HelpCategory,
  type HelpRequestAnswer,
  type HelpRequestState,
  type HelpRequestStatus,
} from '../../protocol/help-request.js';
import { AccessClient, type AccessClientOptions } from '../access/access-client.js';
import { Feed, type FeedState } from '../access/feed.js';
import { browserWorld } from '../browser-world.js';
import { callEach } from '../call-each.js';
import { pageOf } from '../page/browser-page.js';
import type { World } from '../world.js';
import { KeptRequest } from './kept-request.js';
import { askOwnRoute, checkedDestination } from './own-route.js';

/** Characters of a description, as the service counts them: UTF-16 code units. */
export const maxDescriptionLength = 1000;
/** A stream that comes back within this time was never missed, ms. */
const graceMs = 4000;
/** What a talk has cost in money is asked for after these pauses, ms. */
const billPausesMs = [2000, 8000, 30_000];
/** Pages of categories that are read at most. */
const maxPages = 5;

export interface HelpRequestOptions extends AccessClientOptions {
  /**
   * A route of the provider's own server that creates the request for who is signed in: it answers a POST of
   * `{category_id, description}` with the help request, as the service answers that server, and passes `Idempotency-Key` on.
   */
  readonly requestUrl?: string | undefined;
  /**
   * A route of the provider's own server that lets the customer into the session of a request: it answers a POST of
   * `{request_id, session_id}` with `{launch_url}`, as the service answers that server's launch.
   */
  readonly joinUrl?: string | undefined;
  /** A request that is there already. */
  readonly requestId?: string | undefined;
  /** What can be asked for; read from the service where it is left out. */
  readonly categories?: readonly HelpCategory[] | undefined;
}

/**
 * How far it has come: `loading` until it is known whether there is a request, `form` where there is none, `paying`,
 * `waiting` for a helper, `claimed` by one, `running`, `ended` whatever came of it.
 */
export type HelpPhase = 'loading' | 'form' | 'paying' | 'waiting' | 'claimed' | 'running' | 'ended';

const phases: Record<HelpRequestStatus, HelpPhase> = {
  awaiting_payment: 'paying',
  open: 'waiting',
  claimed: 'claimed',
  in_progress: 'running',
  completed: 'ended',
  cancelled: 'ended',
  expired: 'ended',
};

/** What a person has asked for and was not answered yet. */
export type HelpCall = 'ask' | 'cancel' | 'join';

export interface HelpRequestSnapshot {
  readonly phase: HelpPhase;
  /** What can be asked for, once it is known. */
  readonly categories: readonly HelpCategory[] | null;
  /** As the service told it last. */
  readonly request: HelpRequestState | null;
  /** Of who has claimed it, once it is known. */
  readonly helperName: string | null;
  readonly typicalWaitSeconds: number | null;
  /** Where it is paid. */
  readonly checkoutUrl: string | null;
  /** Whether what happens is not heard just now; nothing is lost by that. */
  readonly isCutOff: boolean;
  readonly pending: HelpCall | null;
  /** What failed last, until the next try. */
  readonly error: SessionError | null;
}

/** Before anything is known. */
export const unknownHelpRequest: HelpRequestSnapshot = {
  phase: 'loading',
  categories: null,
  request: null,
  helperName: null,
  typicalWaitSeconds: null,
  checkoutUrl: null,
  isCutOff: false,
  pending: null,
  error: null,
};

/** Whether the request may have arrived although nothing says so. */
const isUnanswered = ({ code, status = 0 }: SessionError) =>
  status >= 500 || /^(NETWORK_FAILED|TIMED_OUT|ANSWER_INVALID|IDEMPOTENCY_KEY_IN_USE)$/.test(code);

const errorOf = (cause: unknown): SessionError =>
  cause instanceof SessionError ? cause : new SessionError('SERVICE_ERROR', { cause });

/**
 * A customer's request for help, from the question to the end of the talk. It survives reloads, is found again in other tabs,
 * and is created once, however often the person asks while no answer comes.
 * @example
 * const help = new HelpRequest({ apiEndpoint, accessTokenUrl: '/access-token', requestUrl: '/help' });
 * help.subscribe(() => show(help.snapshot));
 * help.start();
 * await help.ask({ categoryId: 'leak', description: 'It drips.' });
 */
export class HelpRequest {
  readonly #options: HelpRequestOptions;
  readonly #world: World;
  readonly #client: AccessClient;
  readonly #kept: KeptRequest;
  readonly #listeners = new Set<() => void>();
  readonly #over = new AbortController();
  #snapshot: HelpRequestSnapshot;
  /** Of the request, before anything else of it is known. */
  #id: string | undefined;
  #feed: Feed | undefined;
  #cutOffTimer: number | undefined;
  #billTimer: number | undefined;
  #billTries = 0;
  /** A request that was sent and not answered: it goes again under the same name. */
  #attempt: { idempotencyKey: string; text: string } | undefined;

  /** @throws {SessionError} `CONFIGURATION_INVALID` where `apiEndpoint` is no https address (localhost aside). */
  constructor(options: HelpRequestOptions, world: World = browserWorld()) {
    this.#options = options;
    this.#world = world;
    this.#client = new AccessClient(options, world);
    this.#kept = new KeptRequest(world, `${options.apiEndpoint} ${options.requestUrl ?? ''}`);
    this.#snapshot = { ...unknownHelpRequest, categories: options.categories ?? null };
  }

  get snapshot(): HelpRequestSnapshot {
    return this.#snapshot;
  }

  /** Calls back after each change. @returns ends it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes up the request that there is: the one that was named, that of this tab, or one that another tab has made. */
  start(): void {
    pageOf(this.#world).listen((news) => {
      const { phase, pending } = this.#snapshot;
      if (news === 'shown' && phase === 'form' && !pending) void this.#look();
    }, this.#over.signal);
    const { requestId } = this.#options;
    const id = requestId ?? this.#kept.id;
    if (id) this.#follow(id);
    else void this.#look();
  }

  /** Hears nothing any more, and tells nothing. */
  close(): void {
    this.#listeners.clear();
    this.#over.abort(new DOMException('', 'AbortError'));
    this.#leave();
    this.#client.destroy();
  }

  /**
   * Asks for help. While nothing was answered the same question is the same request, however often it is asked.
   * @returns the id of the request.
   * @throws {SessionError} the code of the provider's server or of the service, such as `INSUFFICIENT_TOKENS`; `NETWORK_FAILED`,
   *   `TIMED_OUT`, `ANSWER_INVALID`; `CALL_REFUSED` where there is a request, or nowhere to ask.
   */
  async ask({ categoryId, description }: { categoryId: string; description: string }): Promise<string> {
    const { requestUrl } = this.#options;
    if (this.#id || requestUrl === undefined) throw new SessionError('CALL_REFUSED');
    const body = { category_id: categoryId, description: description.trim() || null };
    await this.#call('ask', () => this.#create(requestUrl, body));
    return this.#id!;
  }

  /** Gives the request up; it costs nothing then. What became of it meanwhile is shown instead. @throws {SessionError} as `ask()`. */
  async cancel(): Promise<void> {
    if (!this.#id) throw new SessionError('CALL_REFUSED');
    await this.#call('cancel', async () => {
      const path = `${this.#path}/cancel`;
      try {
        const { signal } = this.#over;
        this.#takeIn(await this.#client.request<HelpRequestAnswer>({ method: 'POST', path }, signal));
      } catch (error) {
        if (!/^REQUEST_/.test(errorOf(error).code)) throw error;
        await this.#read();
      }
    });
  }

  /**
   * Asks the provider's server for the way into the session of the request, now or again.
   * @returns the address to open.
   * @throws {SessionError} as `ask()`; `CALL_REFUSED` where there is no session, or no `joinUrl`.
   */
  async join(): Promise<string> {
    const { joinUrl } = this.#options;
    const { request } = this.#snapshot;
    if (!request?.session_id || joinUrl === undefined) throw new SessionError('CALL_REFUSED');
    const body = { request_id: request.id, session_id: request.session_id };
    let address = '';
    await this.#call('join', async () => {
      const { launch_url } = await askOwnRoute(this.#world, joinUrl, { body }, this.#over.signal);
      address = checkedDestination(launch_url, this.#world.address);
    });
    return address;
  }

  /** Puts a request away that has ended, or cannot be read, and begins anew. */
  again(): void {
    this.#begin('form');
  }

  /** Tries anew what failed by itself. */
  retry(): void {
    this.#change({ error: null });
    this.#client.retry();
    this.#feed?.retry();
    if (!this.#id) void this.#look();
  }

  get #path(): string {
    return `/help-requests/${encodeURIComponent(this.#id!)}`;
  }

  #begin(phase: 'loading' | 'form'): void {
    this.#leave();
    this.#id = undefined;
    this.#kept.id = undefined;
    this.#change({ ...unknownHelpRequest, phase, categories: this.#options.categories ?? null });
    void this.#look();
  }

  /** One call at a time; what is pressed again meanwhile is the same call. */
  async #call(pending: HelpCall, work: () => Promise<void>): Promise<void> {
    if (this.#snapshot.pending) throw new SessionError('CALL_REFUSED');
    this.#change({ pending, error: null });
    try {
      await work();
      this.#change({ pending: null });
    } catch (cause) {
      this.#over.signal.throwIfAborted();
      const error = errorOf(cause);
      this.#change({ pending: null, error });
      throw error;
    }
  }

  async #create(
    requestUrl: string,
    body: { category_id: string; description: string | null },
  ): Promise<void> {
    const text = JSON.stringify(body);
    if (this.#attempt && this.#attempt.text !== text) {
      // The one before may have arrived.
      if (await this.#takeUp()) return;
      this.#attempt = undefined;
    }
    this.#attempt ??= { idempotencyKey: pageOf(this.#world).randomId(), text };
    const { idempotencyKey } = this.#attempt;
    try {
      const { signal } = this.#over;
      const answer = await askOwnRoute(this.#world, requestUrl, { body, idempotencyKey }, signal);
      const { id } = answer;
      if (typeof id !== 'string' || !id) throw new SessionError('ANSWER_INVALID');
      this.#attempt = undefined;
      this.#follow(id, answer as Partial<HelpRequestAnswer>);
    } catch (error) {
      if (error instanceof SessionError && !isUnanswered(error)) this.#attempt = undefined;
      throw error;
    }
  }

  /** Looks what can be asked for, and whether the person has a request already. */
  async #look(): Promise<void> {
    try {
      const [isThere, categories] = await Promise.all([
        this.#takeUp(),
        this.#snapshot.categories ?? this.#readCategories(),
      ]);
      this.#change({ categories, error: null, ...(!isThere && !this.#id && { phase: 'form' }) });
    } catch (cause) {
      if (this.#over.signal.aborted) return;
      // What is known can be asked for all the same.
      const isKnown = this.#snapshot.categories !== null;
      this.#change({ ...(!this.#id && { phase: 'form' }), error: isKnown ? null : errorOf(cause) });
    }
  }

  /** Goes on with the newest of the person's own requests that looks for somebody, or has found one. */
  async #takeUp(): Promise<boolean> {
    const path = '/help-requests?limit=5';
    const { requests } = await this.#client.request<{ requests?: HelpRequestState[] }>(
      { method: 'GET', path },
      this.#over.signal,
    );
    const live = requests?.find(({ status }) => phases[status] && !isFinalHelpRequest(status));
    if (!live || this.#id) return this.#id !== undefined;
    this.#follow(live.id, live);
    return true;
  }

  async #readCategories(): Promise<HelpCategory[]> {
    const found: HelpCategory[] = [];
    let cursor: string | null | undefined = '';
    for (let page = 0; page < maxPages && cursor != null; page++) {
      const path = `/help-categories?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
      const answer: { categories?: HelpCategory[]; next_cursor?: string | null } = await this.#client.request(
        { method: 'GET', path },
        this.#over.signal,
      );
      found.push(...(answer.categories ?? []));
      cursor = answer.next_cursor;
    }
    return found.filter(({ active }) => active).reverse();
  }

  /** Hears what happens to a request. @param known what is known of it already. */
  #follow(id: string, known: Partial<HelpRequestAnswer> = {}): void {
    this.#leave();
    this.#id = id;
    this.#billTries = 0;
    this.#kept.id = id;
    const { categories, pending } = this.#snapshot;
    this.#change({ ...unknownHelpRequest, categories, pending });
    if (known.status) this.#takeIn({ ...(known as HelpRequestAnswer), id });
    if (this.#snapshot.phase === 'ended') return;
    this.#feed = new Feed(
      this.#client,
      {
        path: `${this.#path}/events`,
        onEvent: (_, data) => this.#hear(id, data),
        onState: (state, error) => this.#heardState(state, error),
      },
      this.#world,
    );
    void this.#read().catch(() => {});
  }

  /** Hears no more of the request. */
  #hangUp(): void {
    this.#feed?.close();
    this.#feed = undefined;
    this.#world.clearTimeout(this.#cutOffTimer);
  }

  /** Has nothing more to do with it. */
  #leave(): void {
    this.#hangUp();
    this.#world.clearTimeout(this.#billTimer);
    this.#billTimer = undefined;
  }

  #hear(id: string, data: unknown): void {
    const { request } = (data ?? {}) as { request?: HelpRequestState };
    if (request?.id !== id) return;
    this.#takeIn(request);
    const { helper_id } = request;
    // Names are in no event.
    if (helper_id !== null && this.#snapshot.helperName === null) void this.#read().catch(() => {});
  }

  #heardState(state: FeedState, error: SessionError | undefined): void {
    this.#world.clearTimeout(this.#cutOffTimer);
    if (state === 'live' || state === 'over')
      this.#change({ isCutOff: false, error: this.#errorAfter(state) });
    // The last word was missed.
    if (state === 'over') void this.#read().catch(() => {});
    if (state === 'lost')
      this.#cutOffTimer = this.#world.setTimeout(() => this.#change({ isCutOff: true }), graceMs);
    // One that was kept from before, and is nobody's any more, is not the person's to hear of.
    if (error?.code === 'HELP_REQUEST_NOT_FOUND' && this.#options.requestId === undefined)
      return this.again();
    if (error?.code.startsWith('ACCESS_TOKEN_') || state === 'refused')
      this.#change({ error: error ?? null });
  }

  /** What the person was told of the stream is told no more once it is heard. */
  #errorAfter(state: FeedState): SessionError | null {
    const { error } = this.#snapshot;
    return state === 'live' && error?.code.startsWith('ACCESS_TOKEN_') ? null : error;
  }

  /** Reads what no event holds: names, and how long one waits. */
  async #read(): Promise<void> {
    const answer = await this.#client.request<HelpRequestAnswer>(
      { method: 'GET', path: this.#path },
      this.#over.signal,
    );
    if (answer.id === this.#id) this.#takeIn(answer);
  }

  /** Makes it the state of the page, unless that is newer. */
  #takeIn(answer: HelpRequestState | HelpRequestAnswer): void {
    const { request } = this.#snapshot;
    if (request && request.version > answer.version) return;
    const { helper_name, typical_wait_seconds, checkout_url } = answer as Partial<HelpRequestAnswer>;
    const isSameHelper = request?.helper_id === answer.helper_id;
    this.#change({
      request: answer,
      phase: phases[answer.status] ?? this.#snapshot.phase,
      helperName: helper_name ?? (isSameHelper ? this.#snapshot.helperName : null),
      checkoutUrl: checkout_url === undefined ? this.#snapshot.checkoutUrl : this.#destination(checkout_url),
      typicalWaitSeconds: typical_wait_seconds ?? this.#snapshot.typicalWaitSeconds,
      ...(answer.status !== request?.status && { error: null }),
    });
    if (isFinalHelpRequest(answer.status)) this.#hangUp();
    this.#awaitBill();
  }

  /** None where it is no address of the web: there is still the way to cancel. */
  #destination(address: string | null): string | null {
    try {
      return address === null ? null : checkedDestination(address, this.#world.address);
    } catch {
      return null;
    }
  }

  /** What is taken in money is known some time after the talk, when the stream is over. */
  #awaitBill(): void {
    const { payment_status } = this.#snapshot.request!;
    if (payment_status !== 'authorized' && payment_status !== 'capturing') return;
    const pauseMs = billPausesMs[this.#billTries];
    if (this.#snapshot.phase !== 'ended' || this.#billTimer !== undefined || pauseMs === undefined) return;
    this.#billTries++;
    this.#billTimer = this.#world.setTimeout(() => {
      this.#billTimer = undefined;
      void this.#read().catch(() => {});
    }, pauseMs);
  }

  #change(changes: Partial<HelpRequestSnapshot>): void {
    if (this.#over.signal.aborted) return;
    this.#snapshot = { ...this.#snapshot, ...changes };
    callEach(this.#listeners);
  }
}
