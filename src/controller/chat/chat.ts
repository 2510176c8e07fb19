import type { MessagesAnswer, SessionMessage } from '../../protocol/api.js';
import type { ErrorCode } from '../../protocol/error-codes.js';
import { SessionError } from '../../protocol/errors.js';
import type { Participant } from '../../protocol/events.js';
import { callEach } from '../call-each.js';
import type { LineNews, SessionLine } from '../line/session-line.js';
import { pageOf } from '../page/browser-page.js';

/** Messages in one answer. */
const pageSize = 100;
/** Between two readings that failed, ms: twice as long each time, and half of it by chance. */
const firstPauseMs = 2000;
const longestPauseMs = 60_000;
/** Characters of a message, as the service counts them: UTF-16 code units. */
export const maxMessageLength = 4000;

/** A message as a page shows it. */
export interface ChatMessage {
  /** The sender's own name for it. */
  readonly clientId: string;
  readonly text: string;
  /** The side that has written it. */
  readonly sentBy: SessionMessage['sent_by'];
  readonly isOwn: boolean;
  /** When the service has written it down; the device's clock until then. ms since the epoch */
  readonly createdAt: number;
  /** `sending` until the service has it; `failed` where it does not, and can be asked again. */
  readonly state: 'sent' | 'sending' | 'failed';
  /** Why it failed. */
  readonly code?: ErrorCode | undefined;
}

export interface ChatSnapshot {
  /** Whether the backend offers it. */
  readonly isOffered: boolean;
  /** Whether what was written before is known. */
  readonly isLoaded: boolean;
  /** Whether something can be written now. */
  readonly isOpen: boolean;
  /** In the order of the session; what is not sent yet comes last. */
  readonly messages: readonly ChatMessage[];
}

const closed: ChatSnapshot = { isOffered: false, isLoaded: false, isOpen: false, messages: [] };

/**
 * What both sides of a session write to each other. Each message is sent once, however often it is tried; all tabs show the
 * same. It follows its line from session to session.
 * @example
 * const chat = new Chat(new ControllerLine(controller));
 * chat.subscribe(() => show(chat.snapshot.messages));
 * await chat.send('It drips.');
 */
export class Chat {
  readonly #line: SessionLine;
  readonly #listeners = new Set<() => void>();
  readonly #over = new AbortController();
  #snapshot = closed;
  #sessionId: string | undefined;
  /** By their positions, as the service has them. */
  #sent: SessionMessage[] = [];
  #unsent: ChatMessage[] = [];
  #reading: Promise<unknown> | undefined;
  /** Something has come since the reading began. */
  #isStale = false;
  #failures = 0;
  #timer: number | undefined;

  constructor(line: SessionLine) {
    this.#line = line;
    const { signal } = this.#over;
    // Whatever was missed meanwhile.
    pageOf(line.world).listen((news) => /online|resumed|shown/.test(news) && void this.#read(), signal);
    line.listen((news) => this.#hear(news), signal);
    this.#follow();
  }

  get snapshot(): ChatSnapshot {
    return this.#snapshot;
  }

  /** Calls back after each change. @returns ends it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Hears nothing any more, and tells nothing: not even an answer that is on its way. */
  close(): void {
    this.#over.abort();
    this.#line.world.clearTimeout(this.#timer);
    this.#listeners.clear();
  }

  /**
   * Writes a message. It stands in the snapshot at once, and stays there where it fails.
   * @throws {SessionError} `CALL_REFUSED` where nothing can be written, `RATE_LIMITED`, `MESSAGE_LIMIT_REACHED`,
   *   `SESSION_ENDED` and the codes of HTTP.
   */
  async send(text: string): Promise<void> {
    const { world, side } = this.#line;
    if (!this.#snapshot.isOpen)
      throw new SessionError('CALL_REFUSED', {
        message: 'send() is not possible: nothing can be written now',
      });
    const clientId = pageOf(world).randomId();
    this.#unsent.push({
      clientId,
      text,
      sentBy: side,
      isOwn: true,
      createdAt: this.#line.now(),
      state: 'sending',
    });
    await this.#deliver(clientId);
  }

  /** Tries one that has failed once more, under the same name. @throws as `send()`. */
  async sendAgain(clientId: string): Promise<void> {
    if (this.#unsent.some((one) => one.clientId === clientId && one.state === 'failed'))
      await this.#deliver(clientId);
  }

  async #deliver(clientId: string): Promise<void> {
    const sessionId = this.#sessionId;
    const { text } = this.#unsent.find((one) => one.clientId === clientId)!;
    this.#mark(clientId, { state: 'sending' });
    try {
      const request = { method: 'POST', path: '/messages', body: { text, client_id: clientId } } as const;
      const message = await this.#line.request<SessionMessage>(request);
      this.#takeIn(sessionId, [message]);
      // Others may have written before it.
      void this.#read();
    } catch (cause) {
      const error = cause instanceof SessionError ? cause : new SessionError('SERVICE_ERROR', { cause });
      this.#mark(clientId, { state: 'failed', code: error.code });
      throw error;
    }
  }

  #mark(clientId: string, { state, code }: Pick<ChatMessage, 'state' | 'code'>): void {
    this.#unsent = this.#unsent.map((one) => (one.clientId === clientId ? { ...one, state, code } : one));
    this.#tell();
  }

  #hear(news: LineNews): void {
    if (news.type === 'changed') this.#follow();
    else if (news.type === 'restored') this.#recover();
    else if (news.event.name === 'message.created') void this.#read();
  }

  /** Goes with the session of the line. */
  #follow(): void {
    const wasOffered = this.#snapshot.isOffered;
    const isAnother = this.#line.sessionId !== this.#sessionId;
    if (isAnother) {
      this.#sessionId = this.#line.sessionId;
      [this.#sent, this.#unsent] = [[], []];
    }
    this.#tell(isAnother ? { isLoaded: false } : {});
    if (this.#isOffered && (isAnother || !wasOffered)) void this.#read();
  }

  get #isOffered(): boolean {
    return this.#line.state !== 'closed' && this.#line.offers('chat');
  }

  /** The network is back: what has failed for want of it goes now. */
  #recover(): void {
    void this.#read();
    for (const { clientId, state, code } of this.#unsent)
      if (state === 'failed' && /^(NETWORK|TIMED)/.test(code!)) this.#deliver(clientId).catch(() => {});
  }

  /** Reads what was written since; one request at a time. What fails is read with the next news, or after a pause. */
  #read(): Promise<unknown> {
    this.#isStale = true;
    return (this.#reading ??= this.#readAll()
      .then(
        () => (this.#failures = 0),
        () => this.#readLater(),
      )
      .then(() => (this.#reading = undefined)));
  }

  #readLater(): void {
    const { world } = this.#line;
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** this.#failures++);
    world.clearTimeout(this.#timer);
    if (this.#over.signal.aborted) return;
    this.#timer = world.setTimeout(() => void this.#read(), pauseMs * (0.5 + pageOf(world).random() / 2));
  }

  async #readAll(): Promise<void> {
    while (this.#isOffered && this.#isStale && !this.#over.signal.aborted) {
      const sessionId = this.#sessionId;
      this.#isStale = false;
      const after = this.#lastPosition();
      const path = `/messages?after=${after}&limit=${pageSize}`;
      const { messages, next_cursor } = await this.#line.request<MessagesAnswer>({ method: 'GET', path });
      this.#takeIn(sessionId, messages ?? []);
      this.#isStale ||= Boolean(next_cursor) && this.#lastPosition() > after;
      if (!this.#snapshot.isLoaded && !this.#isStale) this.#tell({ isLoaded: true });
    }
  }

  /** The last one before which none is missing: an own message may be known before others that were written earlier. */
  #lastPosition(): number {
    const gap = this.#sent.findIndex(({ position }, index) => position !== index + 1);
    return gap < 0 ? this.#sent.length : gap;
  }

  #takeIn(sessionId: string | undefined, messages: readonly SessionMessage[]): void {
    if (sessionId !== this.#sessionId) return;
    const byPosition = new Map(this.#sent.map((one) => [one.position, one]));
    for (const message of messages)
      if (Number.isInteger(message.position)) byPosition.set(message.position, message);
    this.#sent = [...byPosition.values()].sort((one, other) => one.position - other.position);
    const { side } = this.#line;
    const known = new Set(
      this.#sent.filter(({ sent_by }) => sent_by === side).map(({ client_id }) => client_id),
    );
    this.#unsent = this.#unsent.filter(({ clientId }) => !known.has(clientId));
    this.#tell();
  }

  #tell(change: Partial<ChatSnapshot> = {}): void {
    const isOffered = this.#isOffered;
    this.#snapshot = {
      isOffered,
      isLoaded: isOffered && this.#snapshot.isLoaded,
      isOpen: isOffered && this.#line.state === 'open',
      messages: [...this.#sent.map((message) => shown(message, this.#line.side)), ...this.#unsent],
      ...change,
    };
    callEach(this.#listeners);
  }
}

const shown = (message: SessionMessage, side: Participant): ChatMessage => ({
  clientId: message.client_id,
  text: message.text,
  sentBy: message.sent_by,
  isOwn: message.sent_by === side,
  createdAt: message.created_at * 1000,
  state: 'sent',
});
