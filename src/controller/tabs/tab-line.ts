import { callEach } from '../call-each.js';
import type { SessionRun } from '../run/session-run.js';
import { pageOf } from '../page/browser-page.js';
import { perRun } from '../run/per-run.js';
import type { TabChannel } from './tab-channel.js';
import { readTabMessage, type TabMessage, type TabMessages, type TabMessageType } from './tab-messages.js';

/** What is told to the tabs of this session; the session's id is added on the way. */
type Told<T extends TabMessageType> = Omit<TabMessages[T], 'sessionId'>;
type Heard<T extends TabMessageType> = Extract<TabMessage, { type: T }>;

/** The line between the tabs of one application. Messages of other sessions are not heard. */
class TabLine {
  readonly #run: SessionRun;
  readonly #listeners = new Set<(message: TabMessage) => void>();
  #channel: TabChannel | null = null;

  constructor(run: SessionRun) {
    this.#run = run;
    run.signal.addEventListener('abort', () => this.close());
  }

  get isOpen(): boolean {
    return this.#channel !== null;
  }

  /** Whether a bound session token may be told. */
  get isUnwritten(): boolean {
    return this.#channel?.isUnwritten ?? false;
  }

  open(): void {
    this.#channel ??= pageOf(this.#run.world).openTabChannel(this.#run.store.key, (data) => {
      const message = readTabMessage(data);
      const own = this.#run.snapshot.session?.id;
      if (!message || (own && message.sessionId && message.sessionId !== own)) return;
      callEach(this.#listeners, message);
    });
  }

  close(): void {
    this.#channel?.close();
    this.#channel = null;
  }

  post<T extends TabMessageType>(type: T, told: Told<T>): void {
    this.#channel?.post({ type, sessionId: this.#run.snapshot.session?.id, ...told });
  }

  /** Calls back with each message of that type, until `signal` aborts. */
  on<T extends TabMessageType>(
    type: T,
    listener: (message: Heard<T>) => void,
    signal: AbortSignal = this.#run.signal,
  ): void {
    const hear = (message: TabMessage) => {
      if (message.type === type) listener(message as Heard<T>);
    };
    this.#listeners.add(hear);
    signal.addEventListener('abort', () => this.#listeners.delete(hear));
  }

  /** The next message of that type that is wanted; undefined where none comes in time. */
  next<T extends TabMessageType>(
    type: T,
    withinMs: number,
    isWanted: (message: Heard<T>) => boolean = () => true,
  ): Promise<Heard<T> | undefined> {
    const { world, signal } = this.#run;
    return new Promise((resolve) => {
      const over = new AbortController();
      const settle = (message?: Heard<T>) => {
        world.clearTimeout(timer);
        over.abort();
        resolve(message);
      };
      const timer = world.setTimeout(settle, withinMs);
      signal.addEventListener('abort', () => settle(), { signal: over.signal });
      this.on(type, (message) => isWanted(message) && settle(message), over.signal);
    });
  }
}

export const tabLineOf = perRun((run) => new TabLine(run));
