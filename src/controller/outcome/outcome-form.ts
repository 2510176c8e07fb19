import { SessionError } from '../../protocol/errors.js';
import { isFinalHelpRequest, type HelpRequestAnswer, type Outcome } from '../../protocol/help-request.js';
import { AccessClient, type AccessClientOptions } from '../access/access-client.js';
import { Feed } from '../access/feed.js';
import { browserWorld } from '../browser-world.js';
import { callEach } from '../call-each.js';
import type { World } from '../world.js';

/** Characters of the notes, as the service counts them: UTF-16 code units. */
export const maxNotesLength = 2000;

export interface OutcomeFormOptions extends AccessClientOptions {
  /** The request whose talk it was. */
  readonly requestId: string;
}

export interface OutcomeFormSnapshot {
  /** `early` while the talk is not over, `form` while nothing was said of it, `given` after that, `void` where no talk came of it. */
  readonly phase: 'loading' | 'early' | 'form' | 'given' | 'void';
  readonly outcome: Outcome | null;
  readonly notes: string | null;
  /** Whether what is given is not what was sent here. */
  readonly isOther: boolean;
  readonly isSending: boolean;
  /** What failed last, until the next try. */
  readonly error: SessionError | null;
}

/** Before anything is known. */
export const unknownOutcome: OutcomeFormSnapshot = {
  phase: 'loading',
  outcome: null,
  notes: null,
  isOther: false,
  isSending: false,
  error: null,
};

/**
 * What a helper says of a talk that is over, once. The same once more is no mistake, and of two that differ the first stays.
 * @example
 * const form = new OutcomeForm({ apiEndpoint, accessTokenUrl: '/access-token', requestId });
 * form.subscribe(() => show(form.snapshot));
 * form.start();
 * await form.submit('resolved', 'A new seal.');
 */
export class OutcomeForm {
  readonly #world: World;
  readonly #client: AccessClient;
  readonly #path: string;
  readonly #listeners = new Set<() => void>();
  readonly #over = new AbortController();
  #snapshot = unknownOutcome;
  /** Of what was told last. */
  #version = 0;
  #feed: Feed | undefined;

  /** @throws {SessionError} `CONFIGURATION_INVALID` where `apiEndpoint` is no https address (localhost aside). */
  constructor(options: OutcomeFormOptions, world: World = browserWorld()) {
    this.#world = world;
    this.#client = new AccessClient(options, world);
    this.#path = `/help-requests/${encodeURIComponent(options.requestId)}`;
  }

  get snapshot(): OutcomeFormSnapshot {
    return this.#snapshot;
  }

  /** Calls back after each change. @returns ends it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Looks whether the talk is over, and what was said of it; waits for the end where it is not. */
  start(): void {
    void this.#look();
  }

  /** Hears nothing any more, and tells nothing. */
  close(): void {
    this.#listeners.clear();
    this.#over.abort(new DOMException('', 'AbortError'));
    this.#feed?.close();
    this.#client.destroy();
  }

  /** Tries anew what failed by itself. */
  retry(): void {
    this.#change({ error: null });
    this.#client.retry();
    this.#feed?.retry();
    void this.#look();
  }

  /**
   * Sends it. Where another one was given already that one is shown.
   * @throws {SessionError} `NOT_OFFERED` where another helper had the talk, `REQUEST_TRANSITION_REFUSED` where it is not over,
   *   the codes of access tokens and of HTTP; `CALL_REFUSED` where nothing can be said, or it is being sent.
   */
  async submit(outcome: Outcome, notes: string): Promise<void> {
    const { phase, isSending } = this.#snapshot;
    if (phase !== 'form' || isSending) throw new SessionError('CALL_REFUSED');
    this.#change({ isSending: true, error: null });
    const body = { outcome, notes: notes.trim() || null };
    try {
      this.#takeIn(await this.#ask('POST', '/outcome', body));
    } catch (cause) {
      const error = errorOf(cause);
      if (error.code !== 'OUTCOME_GIVEN') {
        this.#change({ error });
        throw error;
      }
      await this.#look();
      this.#change({ isOther: true });
    } finally {
      this.#change({ isSending: false });
    }
  }

  #ask(method: 'GET' | 'POST', below: string, body?: object): Promise<HelpRequestAnswer> {
    const request = { method, path: this.#path + below, ...(body && { body }) };
    return this.#client.request<HelpRequestAnswer>(request, this.#over.signal);
  }

  async #look(): Promise<void> {
    try {
      this.#takeIn(await this.#ask('GET', ''));
    } catch (cause) {
      this.#change({ error: errorOf(cause) });
    }
  }

  #takeIn({ status, outcome, notes, version }: HelpRequestAnswer): void {
    // An answer that was long on its way: who has heard of the end waits for it no more.
    if (version < this.#version) return;
    this.#version = version;
    const isOver = isFinalHelpRequest(status);
    const phase = !isOver ? 'early' : status !== 'completed' ? 'void' : outcome === null ? 'form' : 'given';
    this.#change({ phase, outcome, notes, error: null });
    if (!isOver) this.#listen();
    else this.#feed?.close();
  }

  /** Until the talk is over. */
  #listen(): void {
    if (this.#over.signal.aborted) return;
    this.#feed ??= new Feed(
      this.#client,
      {
        path: `${this.#path}/events`,
        onEvent: (_, data) => {
          const { request } = (data ?? {}) as { request?: HelpRequestAnswer };
          if (request && isFinalHelpRequest(request.status)) void this.#look();
        },
        onState: (state, error) => {
          if (state === 'over') void this.#look();
          if (state === 'refused') this.#change({ error: error ?? null });
        },
      },
      this.#world,
    );
  }

  #change(changes: Partial<OutcomeFormSnapshot>): void {
    if (this.#over.signal.aborted) return;
    this.#snapshot = { ...this.#snapshot, ...changes };
    callEach(this.#listeners);
  }
}

const errorOf = (cause: unknown): SessionError =>
  cause instanceof SessionError ? cause : new SessionError('SERVICE_ERROR', { cause });
