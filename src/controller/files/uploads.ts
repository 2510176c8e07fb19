import type { SessionFile } from '../../protocol/api.js';
import type { ErrorCode } from '../../protocol/error-codes.js';
import { SessionError } from '../../protocol/errors.js';
import type { SessionLine } from '../line/session-line.js';
import { pageOf } from '../page/browser-page.js';
import { fileTransport } from './upload-request.js';

/** Files that are sent at a time; the service takes three of a session, of all its tabs and sides. */
const mostAtOnce = 2;
/** What may pass by itself is tried so often: for a minute and more, which is how long a crashed service holds a key. */
const mostTries = 9;
const firstPauseMs = 1_000;
const longestPauseMs = 15_000;

/** What may pass by itself. */
const passing =
  /^(NETWORK_FAILED|TIMED_OUT|REQUEST_TIMED_OUT|SERVICE_|STORAGE_UNAVAILABLE|UPLOADS_TOO_MANY|RATE_LIMITED|IDEMPOTENCY_KEY_IN_USE|PROOF_|BODY_MALFORMED)/;
/** What a network that is back may have ended. */
const ofNetwork = /^(NETWORK_FAILED|TIMED_OUT|REQUEST_TIMED_OUT)/;

/** A file on its way. */
export interface FileUpload {
  /** Names it in the page, and each try to send it at the service. */
  readonly id: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly sentBytes: number;
  /**
   * `waiting` for its turn, for the next try or for the network; `sending`; `checking` once all of it is sent and the service
   * looks at it; `failed`.
   */
  readonly state: 'waiting' | 'sending' | 'checking' | 'failed';
  /** Why it failed, or why it waits. */
  readonly code?: ErrorCode | undefined;
  /** Of one that has failed: whether it may be tried once more. */
  readonly canRetry: boolean;
}

interface Entry {
  file: File;
  upload: FileUpload;
  tries: number;
  /** Runs out before the next try. */
  timer: number | undefined;
  over: AbortController;
}

export interface UploadsOptions {
  line: SessionLine;
  onChange(): void;
  /** The service has it. */
  onSent(file: SessionFile, content: File): void;
  onFailed(code: ErrorCode): void;
}

/**
 * The files of a session that are being sent from this page: a few at a time, each under one name however often it is tried, so
 * that the service keeps it once.
 */
export class Uploads {
  readonly #options: UploadsOptions;
  #entries: Entry[] = [];

  constructor(options: UploadsOptions) {
    this.#options = options;
  }

  get all(): FileUpload[] {
    return this.#entries.map(({ upload }) => upload);
  }

  /** @param refusal why it is not even tried. */
  add(file: File, refusal: ErrorCode | undefined): void {
    const { world } = this.#options.line;
    const { name, size } = file;
    const state = refusal ? 'failed' : 'waiting';
    const canRetry = refusal === 'FILE_QUOTA_REACHED';
    const id = pageOf(world).randomId();
    const upload: FileUpload = { id, name, size, sentBytes: 0, state, code: refusal, canRetry };
    this.#entries.push({ file, upload, tries: 0, timer: undefined, over: new AbortController() });
    if (refusal) this.#options.onFailed(refusal);
    this.#next();
  }

  /** Gives one up, and forgets it; one that the service looks at already is in its hands. */
  cancel(id: string): void {
    const entry = this.#entries.find(({ upload }) => upload.id === id);
    if (!entry || entry.upload.state === 'checking') return;
    this.#forget(entry);
    this.#next();
  }

  /** Tries one that has failed once more, under the same name. */
  retry(id: string): void {
    const entry = this.#entries.find(({ upload }) => upload.id === id && upload.canRetry);
    if (entry) this.#again(entry);
  }

  /** The network is back: what has failed for want of it goes now. */
  recover(): void {
    for (const entry of this.#entries) {
      const { state, code = '' } = entry.upload;
      if (/waiting|failed/.test(state) && ofNetwork.test(code)) this.#again(entry);
    }
  }

  /** Gives everything up. */
  clear(): void {
    for (const entry of this.#entries) this.#forget(entry);
  }

  #again(entry: Entry): void {
    entry.tries = 0;
    this.#options.line.world.clearTimeout(entry.timer);
    entry.timer = undefined;
    this.#mark(entry, { state: 'waiting', code: undefined, canRetry: false });
    this.#next();
  }

  #forget(entry: Entry): void {
    this.#entries = this.#entries.filter((one) => one !== entry);
    this.#options.line.world.clearTimeout(entry.timer);
    entry.over.abort(new DOMException('', 'AbortError'));
  }

  #mark(entry: Entry, change: Partial<FileUpload>): void {
    entry.upload = { ...entry.upload, ...change };
    if (!entry.over.signal.aborted) this.#options.onChange();
  }

  #next(): void {
    const running = this.#entries.filter(({ upload }) => /sending|checking/.test(upload.state)).length;
    const ready = this.#entries.filter(({ upload, timer }) => upload.state === 'waiting' && !timer);
    for (const entry of ready.slice(0, Math.max(0, mostAtOnce - running))) void this.#send(entry);
    this.#options.onChange();
  }

  async #send(entry: Entry): Promise<void> {
    const { line, onSent } = this.#options;
    const { file, over } = entry;
    const { id, name } = entry.upload;
    entry.tries += 1;
    this.#mark(entry, { state: 'sending', sentBytes: 0, code: undefined });
    const onProgress = (sentBytes: number) =>
      this.#mark(entry, { sentBytes, state: sentBytes === file.size ? 'checking' : 'sending' });
    try {
      const sent = await line.request<SessionFile>(
        {
          method: 'POST',
          path: '/files',
          idempotencyKey: id,
          headers: { 'X-File-Name': encodeURIComponent(name.replace(/\p{Cs}/gu, '\ufffd')) },
        },
        fileTransport(file, { world: line.world, signal: over.signal, onProgress }),
      );
      if (over.signal.aborted) return;
      this.#forget(entry);
      onSent(sent, file);
    } catch (cause) {
      if (!over.signal.aborted) await this.#failed(entry, cause);
    }
    this.#next();
  }

  async #failed(entry: Entry, cause: unknown): Promise<void> {
    const { line, onFailed } = this.#options;
    const error = cause instanceof SessionError ? cause : new SessionError('SERVICE_ERROR', { cause });
    const code =
      ofNetwork.test(error.code) && !(await isReadable(entry.file)) ? 'FILE_UNREADABLE' : error.code;
    if (entry.over.signal.aborted) return;
    if (passing.test(code) && entry.tries < mostTries) {
      const { world } = line;
      const page = pageOf(world);
      const pauseOnline = Math.min(longestPauseMs, firstPauseMs * 2 ** (entry.tries - 1));
      // Without a network it waits for that, and no try counts.
      const usualMs = page.isOnline ? pauseOnline : longestPauseMs;
      if (!page.isOnline) entry.tries -= 1;
      const pauseMs = Math.max(usualMs, (error.retryAfterSeconds ?? 0) * 1000) * (1 + page.random() / 4);
      entry.timer = world.setTimeout(() => {
        entry.timer = undefined;
        this.#next();
      }, pauseMs);
      return this.#mark(entry, { state: 'waiting', code });
    }
    const canRetry = !/^(FILE_(?!QUOTA)|SESSION_ENDED|CALL_REFUSED)/.test(code);
    this.#mark(entry, { state: 'failed', code, canRetry });
    onFailed(code);
  }
}

/** A file that was moved, changed or taken out since cannot be sent, and fails as a network does. */
const isReadable = (file: File): Promise<boolean> =>
  file
    .slice(0, 1)
    .arrayBuffer()
    .then(
      () => true,
      () => false,
    );
