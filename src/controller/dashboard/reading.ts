import type { ErrorCode } from '../../protocol/error-codes.js';
import { SessionError } from '../../protocol/errors.js';
import type { World } from '../world.js';

/** Between two questions of the same, whatever changes, ms. */
const leastMs = 2000;
/** After a failure that may pass it is asked again, ms; twice as long each time. */
const firstPauseMs = 5000;
const longestPauseMs = 80_000;

/** Something that was read, and is read anew. */
export interface Read<T> {
  /** `loading` before the first answer, `failed` where none came. */
  readonly state: 'loading' | 'ready' | 'failed';
  readonly value: T | undefined;
  /** When it was so, by the service's clock, ms since the epoch. */
  readonly at: number | undefined;
  /** Why the last question was not answered; what is shown may be old then. */
  readonly code: ErrorCode | undefined;
}

const isLasting = ({ code, status = 0 }: SessionError) =>
  code === 'CONFIGURATION_INVALID' || (status >= 400 && status < 500 && ![408, 425, 429].includes(status));

/** Reads one thing of the service: one question at a time, and what was asked before a change of it counts no more. */
export class Reading<T> {
  readonly #ask: (signal: AbortSignal) => Promise<T>;
  readonly #changed: () => void;
  readonly #world: World;
  readonly #now: () => number;
  #asking: AbortController | undefined;
  #isDue = false;
  #askedAt = -Infinity;
  #timer: number | undefined;
  #failures = 0;
  #read: Read<T> = { state: 'loading', value: undefined, at: undefined, code: undefined };

  /** @param now the service's clock */
  constructor(
    world: World,
    now: () => number,
    ask: (signal: AbortSignal) => Promise<T>,
    changed: () => void,
  ) {
    this.#world = world;
    this.#now = now;
    this.#ask = ask;
    this.#changed = changed;
  }

  get read(): Read<T> {
    return this.#read;
  }

  /** Something else is to be read: what was is forgotten. */
  restart(): void {
    this.stop();
    this.#read = { state: 'loading', value: undefined, at: undefined, code: undefined };
    this.#failures = 0;
    void this.#go();
  }

  /** It may have changed: read once more, soon. */
  again(): void {
    if (this.#asking) this.#isDue = true;
    else this.#goIn(Math.max(0, this.#askedAt + leastMs - this.#world.monotonicNow()));
  }

  /** Somebody asks for it: read at once. */
  retry(): void {
    if (this.#asking) return;
    if (this.#read.state === 'failed') this.#read = { ...this.#read, state: 'loading', code: undefined };
    void this.#go();
  }

  /** Another value in place of what was read, such as more of a list. */
  replace(value: T): void {
    this.#read = { ...this.#read, value };
    this.#changed();
  }

  stop(): void {
    this.#asking?.abort(new DOMException('', 'AbortError'));
    this.#asking = undefined;
    this.#isDue = false;
    this.#world.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #goIn(delayMs: number): void {
    this.#world.clearTimeout(this.#timer);
    this.#timer = this.#world.setTimeout(() => void this.#go(), delayMs);
  }

  async #go(): Promise<void> {
    this.#world.clearTimeout(this.#timer);
    const asking = (this.#asking = new AbortController());
    this.#isDue = false;
    this.#askedAt = this.#world.monotonicNow();
    this.#changed();
    try {
      const value = await this.#ask(asking.signal);
      if (this.#asking !== asking) return;
      this.#failures = 0;
      this.#read = { state: 'ready', value, at: this.#now(), code: undefined };
    } catch (cause) {
      if (this.#asking !== asking) return;
      const error = cause instanceof SessionError ? cause : new SessionError('ANSWER_INVALID', { cause });
      const state = this.#read.value === undefined ? 'failed' : 'ready';
      this.#read = { ...this.#read, state, code: error.code };
      const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** this.#failures++);
      if (!isLasting(error)) this.#goIn(pauseMs);
    }
    this.#asking = undefined;
    if (this.#isDue) this.again();
    this.#changed();
  }
}
