import type { MessagesAnswer, SessionMessage } from '../../protocol/api.js';
import type { ErrorCode } from '../../protocol/error-codes.js';
import { SessionError } from '../../protocol/errors.js';
import { isFinal } from '../../protocol/state-machine.js';
import { callEach } from '../call-each.js';
import { send } from '../network/http-client.js';
import { liveNewsOf } from '../network/live-news.js';
import { lifecycleOf } from '../page/lifecycle.js';
import { pageOf } from '../page/browser-page.js';
import { attachedRun, onAttached } from '../run/attached-runs.js';
import { onChange } from '../run/listen.js';
import { offers } from '../run/said.js';
import type { SessionRun } from '../run/session-run.js';
import type { SessionController } from '../session-controller.js';

/** Messages in one answer. */
const pageSize = 100;
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
 * same. It follows the controller from session to session.
 * @example
 * const chat = new Chat(controller);
 * chat.subscribe(() => show(chat.snapshot.messages));
 * await chat.send('It drips.');
 */
export class Chat {
  readonly #controller: SessionController;
  readonly #listeners = new Set<() => void>();
  readonly #stopWatching: () => void;
  #snapshot = closed;
  #run: SessionRun | undefined;
  /** Ends with the run. */
  #abort = new AbortController();
  /** By their positions, as the service has them. */
  #sent: SessionMessage[] = [];
  #unsent: ChatMessage[] = [];
  #reading: Promise<void> | undefined;
  /** Whether it hears what happens to the run: a tab that has joined others learns late that there is a chat. */
  #isAttached = false;
  /** Something has come since the reading began. */
  #isStale = false;

  constructor(controller: SessionController) {
    this.#controller = controller;
    const stopHearing = onAttached(() => this.#follow());
    const stopListening = controller.subscribe(() => this.#follow());
    this.#stopWatching = () => {
      stopHearing();
      stopListening();
    };
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
    this.#stopWatching();
    this.#listeners.clear();
    this.#abort.abort();
  }

  /**
   * Writes a message. It stands in the snapshot at once, and stays there where it fails.
   * @throws {SessionError} `CALL_REFUSED` where nothing can be written, `RATE_LIMITED`, `MESSAGE_LIMIT_REACHED`,
   *   `SESSION_ENDED` and the codes of HTTP.
   */
  async send(text: string): Promise<void> {
    const run = this.#run;
    if (!run || !this.#snapshot.isOpen)
      throw new SessionError('CALL_REFUSED', {
        message: 'send() is not possible: nothing can be written now',
      });
    const clientId = pageOf(run.world).randomId();
    this.#unsent.push({
      clientId,
      text,
      sentBy: 'customer',
      isOwn: true,
      createdAt: run.clock.now(),
      state: 'sending',
    });
    await this.#deliver(run, clientId);
  }

  /** Tries one that has failed once more, under the same name. @throws as `send()`. */
  async sendAgain(clientId: string): Promise<void> {
    if (this.#run && this.#unsent.some((one) => one.clientId === clientId && one.state === 'failed'))
      await this.#deliver(this.#run, clientId);
  }

  async #deliver(run: SessionRun, clientId: string): Promise<void> {
    const { text } = this.#unsent.find((one) => one.clientId === clientId)!;
    this.#mark(clientId, { state: 'sending' });
    try {
      const request = { method: 'POST', path: '/messages', body: { text, client_id: clientId } } as const;
      const { body } = await send<SessionMessage>(run, request);
      this.#takeIn(run, [body]);
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

  #follow(): void {
    const run = attachedRun(this.#controller);
    if (run !== this.#run) {
      this.#abort.abort();
      this.#abort = new AbortController();
      const isAnother = run?.snapshot.session?.id !== this.#run?.snapshot.session?.id;
      this.#run = run;
      if (isAnother) [this.#sent, this.#unsent] = [[], []];
      this.#isAttached = false;
    }
    if (run && offers(run, 'chat') && !this.#isAttached) {
      this.#isAttached = true;
      this.#attach(run, this.#abort.signal);
    }
    this.#tell();
  }

  #attach(run: SessionRun, signal: AbortSignal): void {
    run.signal.addEventListener('abort', () => this.#follow(), { signal });
    liveNewsOf(run).listen(({ name }) => name === 'message.created' && void this.#read(), signal);
    // Whatever was missed meanwhile.
    lifecycleOf(run).listen((news) => /online|resumed|shown/.test(news) && void this.#read(), signal);
    onChange(
      run,
      (after, before) => {
        if (after.connection === 'online' && before.connection !== 'online') this.#recover(run);
      },
      signal,
    );
    void this.#read();
  }

  /** The network is back: what has failed for want of it goes now. */
  #recover(run: SessionRun): void {
    void this.#read();
    for (const { clientId, state, code } of this.#unsent)
      if (state === 'failed' && /^(NETWORK|TIMED)/.test(code!)) this.#deliver(run, clientId).catch(() => {});
  }

  /** Reads what was written since; one request at a time. What fails is read with the next news. */
  #read(): Promise<void> {
    this.#isStale = true;
    return (this.#reading ??= this.#readAll()
      .catch(() => {})
      .finally(() => (this.#reading = undefined)));
  }

  async #readAll(): Promise<void> {
    const run = this.#run;
    while (run && run === this.#run && this.#isStale) {
      this.#isStale = false;
      const after = this.#lastPosition();
      const path = `/messages?after=${after}&limit=${pageSize}`;
      const { body } = await send<MessagesAnswer>(run, { method: 'GET', path });
      this.#takeIn(run, body.messages ?? []);
      this.#isStale ||= Boolean(body.next_cursor) && this.#lastPosition() > after;
      if (!this.#snapshot.isLoaded && !this.#isStale) this.#tell({ isLoaded: true });
    }
  }

  /** The last one before which none is missing: an own message may be known before others that were written earlier. */
  #lastPosition(): number {
    const gap = this.#sent.findIndex(({ position }, index) => position !== index + 1);
    return gap < 0 ? this.#sent.length : gap;
  }

  #takeIn(run: SessionRun, messages: readonly SessionMessage[]): void {
    if (run !== this.#run) return;
    const byPosition = new Map(this.#sent.map((one) => [one.position, one]));
    for (const message of messages)
      if (Number.isInteger(message.position)) byPosition.set(message.position, message);
    this.#sent = [...byPosition.values()].sort((one, other) => one.position - other.position);
    const known = new Set(this.#sent.filter(isOwn).map((one) => one.client_id));
    this.#unsent = this.#unsent.filter(({ clientId }) => !known.has(clientId));
    this.#tell();
  }

  #tell(change: Partial<ChatSnapshot> = {}): void {
    const { session } = this.#controller;
    const isOffered = this.#run !== undefined && offers(this.#run, 'chat');
    this.#snapshot = {
      isOffered,
      isLoaded: isOffered && this.#snapshot.isLoaded,
      isOpen:
        isOffered && Boolean(session) && !isFinal(session!.status) && this.#controller.state !== 'ended',
      messages: [...this.#sent.map(shown), ...this.#unsent],
      ...change,
    };
    callEach(this.#listeners);
  }
}

const isOwn = ({ sent_by }: SessionMessage) => sent_by === 'customer';

const shown = (message: SessionMessage): ChatMessage => ({
  clientId: message.client_id,
  text: message.text,
  sentBy: message.sent_by,
  isOwn: isOwn(message),
  createdAt: message.created_at * 1000,
  state: 'sent',
});
