import type { FilesAnswer, SessionFile, SessionFileLimits } from '../../protocol/api.js';
import type { ErrorCode } from '../../protocol/error-codes.js';
import { SessionError } from '../../protocol/errors.js';
import { callEach } from '../call-each.js';
import { inTime } from '../in-time.js';
import type { LineNews, SessionLine } from '../line/session-line.js';
import { pageOf } from '../page/browser-page.js';
import { fileRefusal } from './file-refusal.js';
import { Uploads, type FileUpload } from './uploads.js';

/** Files in one answer. */
const pageSize = 100;
/** So long before they expire links are read anew, ms. */
const renewBeforeMs = 300_000;
/** Not more often than this, however near to their end they come, ms. */
const leastRenewMs = 30_000;
/** Between two readings that failed, ms: twice as long each time, and half of it by chance. */
const firstPauseMs = 2000;
const longestPauseMs = 60_000;
/** How long the content of a file may take to come, ms. */
const contentMs = 120_000;

/** A file as a page shows it. */
export interface ListedFile {
  readonly id: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** By its content: for an icon, or a preview of pictures. */
  readonly contentType: string;
  /** The side that has sent it. */
  readonly sentBy: SessionFile['sent_by'];
  readonly isOwn: boolean;
  /** ms since the epoch */
  readonly createdAt: number;
  /** Gives it as an attachment to whoever has the address, which is a secret; undefined where it is no web address. */
  readonly url: string | undefined;
  /** Whether `url` still counts; one that does not is read anew by `reload()`. */
  isFresh(): boolean;
  /** Whether this page may delete it. */
  readonly canDelete: boolean;
}

export interface FilesSnapshot {
  /** Whether the backend offers it. */
  readonly isOffered: boolean;
  /** Whether what is there is known. */
  readonly isLoaded: boolean;
  /** Whether something can be sent now. */
  readonly isOpen: boolean;
  /** Newest first. */
  readonly files: readonly ListedFile[];
  /** What is on its way from this page, and what has failed, in the order in which it was added. */
  readonly uploads: readonly FileUpload[];
  /** What may be sent; undefined until that is known. */
  readonly limits: SessionFileLimits | undefined;
  /** Why the files could not be read, while that is so. */
  readonly code: ErrorCode | undefined;
}

const closed: FilesSnapshot = {
  isOffered: false,
  isLoaded: false,
  isOpen: false,
  files: [],
  uploads: [],
  limits: undefined,
  code: undefined,
};

/**
 * The files that both sides of a session send each other. Each is kept once, however often it is tried to send it; all pages
 * show the same. It follows its line from session to session.
 * @example
 * const files = new Files(new ControllerLine(controller));
 * files.subscribe(() => show(files.snapshot));
 * input.onchange = () => files.add(input.files);
 */
export class Files {
  readonly #line: SessionLine;
  readonly #listeners = new Set<() => void>();
  readonly #over = new AbortController();
  readonly #uploads: Uploads;
  #snapshot = closed;
  #sessionId: string | undefined;
  #files: SessionFile[] = [];
  #limits: SessionFileLimits | undefined;
  /** What was sent from here, by the ids of the files. */
  #sent = new Map<string, File>();
  #reading: Promise<void> | undefined;
  /** Something has come since the reading began. */
  #isStale = false;
  /** How often this page has changed the list itself: what was read before that is older. */
  #changes = 0;
  #isMissing = false;
  #code: ErrorCode | undefined;
  #failures = 0;
  /** Runs out before the next reading: when links come to their end, or what failed is asked for again. */
  #timer: number | undefined;

  constructor(line: SessionLine) {
    this.#line = line;
    this.#uploads = new Uploads({
      line,
      onChange: () => this.#tell(),
      onSent: (file, content) => this.#keepSent(file, content),
      onFailed: (code) => {
        // The room that was thought to be there is not.
        if (code === 'FILE_QUOTA_REACHED') void this.#read();
      },
    });
    const { signal } = this.#over;
    pageOf(line.world).listen((news) => {
      if (/online|resumed|shown/.test(news)) this.#recover();
    }, signal);
    line.listen((news) => this.#hear(news), signal);
    this.#follow();
  }

  get snapshot(): FilesSnapshot {
    return this.#snapshot;
  }

  /** Calls back after each change. @returns ends it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Gives up what is on its way, hears nothing any more, and tells nothing. */
  close(): void {
    this.#over.abort();
    this.#uploads.clear();
    this.#line.world.clearTimeout(this.#timer);
    this.#listeners.clear();
    this.#sent.clear();
  }

  /**
   * Sends files. They stand in `uploads` at once, also those that are refused here, before they are sent (`failed`, with
   * the code of the service).
   * @throws {SessionError} `CALL_REFUSED` where nothing can be sent.
   */
  add(files: Iterable<File>): void {
    if (!this.#snapshot.isOpen || !this.#limits)
      throw new SessionError('CALL_REFUSED', { message: 'add() is not possible: nothing can be sent now' });
    for (const file of files) this.#uploads.add(file, fileRefusal(file, this.#limits, this.#taken()));
  }

  /** Gives up one that is on its way, or forgets one that has failed. */
  cancel(uploadId: string): void {
    this.#uploads.cancel(uploadId);
  }

  /** Tries one that has failed once more: it is kept once, also where an earlier try has arrived. */
  retry(uploadId: string): void {
    this.#uploads.retry(uploadId);
  }

  /** Asks for the files again, where they could not be read. */
  reload(): Promise<void> {
    return this.#read();
  }

  /**
   * Deletes a file for both sides. One that is gone already is deleted.
   * @throws {SessionError} the codes of HTTP, and those of `SessionLine.request`.
   */
  async remove(fileId: string): Promise<void> {
    try {
      const path = `/files/${encodeURIComponent(fileId)}`;
      await this.#line.request({ method: 'DELETE', path });
    } catch (error) {
      if (!(error instanceof SessionError && error.code === 'FILE_NOT_FOUND')) throw error;
    }
    this.#changes += 1;
    this.#sent.delete(fileId);
    this.#files = this.#files.filter(({ id }) => id !== fileId);
    this.#tell();
    void this.#read();
  }

  /**
   * What is in a file: from this page where it was sent from here, else by its link.
   * @throws {SessionError} `FILE_NOT_FOUND`, `NETWORK_FAILED`, `TIMED_OUT`.
   */
  async content(fileId: string, signal: AbortSignal = this.#over.signal): Promise<Blob> {
    const own = this.#sent.get(fileId);
    if (own) return own;
    const url = this.#snapshot.files.find(({ id }) => id === fileId)?.url;
    if (!url) throw new SessionError('FILE_NOT_FOUND');
    const { world } = this.#line;
    const over = new AbortController();
    const giveUp = () => over.abort();
    signal.addEventListener('abort', giveUp);
    const ask = async () => {
      const init: RequestInit = { credentials: 'omit', referrerPolicy: 'no-referrer', signal: over.signal };
      const response = await world.fetch(url, init);
      if (!response.ok) throw new SessionError('FILE_NOT_FOUND', { status: response.status });
      return response.blob();
    };
    try {
      signal.throwIfAborted();
      return await inTime(ask(), contentMs, world);
    } catch (cause) {
      signal.throwIfAborted();
      if (cause instanceof SessionError) throw cause;
      const isLate = cause instanceof DOMException && cause.name === 'TimeoutError';
      throw new SessionError(isLate ? 'TIMED_OUT' : 'NETWORK_FAILED', { cause });
    } finally {
      over.abort();
      signal.removeEventListener('abort', giveUp);
    }
  }

  /** What the session holds, and what is on its way to it. */
  #taken() {
    const coming = this.#uploads.all.filter(({ state }) => state !== 'failed');
    const all = [...this.#files, ...coming];
    return { files: all.length, bytes: all.reduce((sum, { size }) => sum + size, 0) };
  }

  #keepSent(file: SessionFile, content: File): void {
    this.#changes += 1;
    if (isFile(file)) {
      this.#sent.set(file.id, content);
      this.#files = [file, ...this.#files.filter(({ id }) => id !== file.id)];
    }
    this.#tell();
    void this.#read();
  }

  #hear(news: LineNews): void {
    if (news.type === 'changed') this.#follow();
    else if (news.type === 'restored') this.#recover();
    else if (/^file\./.test(news.event.name)) void this.#read();
  }

  /** Goes with the session of the line. */
  #follow(): void {
    const wasOffered = this.#snapshot.isOffered;
    const isAnother = this.#line.sessionId !== this.#sessionId;
    if (isAnother) {
      this.#sessionId = this.#line.sessionId;
      this.#uploads.clear();
      [this.#files, this.#limits, this.#isMissing, this.#code] = [[], undefined, false, undefined];
      this.#sent.clear();
      this.#changes += 1;
    }
    this.#tell(isAnother ? { isLoaded: false } : {});
    if (this.#isOffered && (isAnother || !wasOffered)) void this.#read();
  }

  get #isOffered(): boolean {
    return !this.#isMissing && this.#line.state !== 'closed' && this.#line.offers('files');
  }

  #recover(): void {
    this.#uploads.recover();
    void this.#read();
  }

  /** Reads all there are; one request at a time. What fails is read with the next news, or after a pause. */
  #read(): Promise<void> {
    this.#isStale = true;
    return (this.#reading ??= this.#readAll()
      .catch((cause: unknown) => this.#failed(cause))
      .finally(() => (this.#reading = undefined)));
  }

  async #readAll(): Promise<void> {
    while (this.#isOffered && this.#isStale && !this.#over.signal.aborted) {
      const changes = this.#changes;
      this.#isStale = false;
      const files = new Map<string, SessionFile>();
      let limits: SessionFileLimits | undefined;
      for (let cursor: string | null = ''; cursor !== null;) {
        const path = `/files?limit=${pageSize}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
        const answer: FilesAnswer = await this.#line.request<FilesAnswer>({ method: 'GET', path });
        const before = files.size;
        for (const file of answer.files ?? []) if (isFile(file)) files.set(file.id, file);
        limits ??= answer.limits;
        // A cursor that leads nowhere ends it.
        cursor = files.size > before ? (answer.next_cursor ?? null) : null;
      }
      if (changes !== this.#changes) this.#isStale = true;
      else this.#takeIn([...files.values()], limits);
    }
  }

  #takeIn(files: SessionFile[], limits: SessionFileLimits | undefined): void {
    this.#files = files;
    this.#limits = isLimits(limits) ? limits : undefined;
    this.#code = undefined;
    this.#failures = 0;
    this.#tell({ isLoaded: true });
    this.#renewLinks();
  }

  #failed(cause: unknown): void {
    if (this.#over.signal.aborted) return;
    this.#code = cause instanceof SessionError ? cause.code : 'SERVICE_ERROR';
    // A helper's page is told by nobody what there is.
    this.#isMissing = this.#code === 'ROUTE_NOT_FOUND';
    this.#tell();
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** this.#failures++);
    this.#readIn(pauseMs * (0.5 + pageOf(this.#line.world).random() / 2));
  }

  /** Links live for an hour; those that are shown are to work. */
  #renewLinks(): void {
    const ends = this.#files.map(({ url_expires_at }) => url_expires_at).filter(Number.isFinite);
    const inMs = Math.min(...ends) * 1000 - this.#line.now() - renewBeforeMs;
    this.#readIn(Math.max(leastRenewMs, inMs));
  }

  #readIn(ms: number): void {
    const { world } = this.#line;
    world.clearTimeout(this.#timer);
    if (ms < Infinity) this.#timer = world.setTimeout(() => void this.#read(), Math.min(ms, 2 ** 31 - 1));
  }

  #tell(change: Partial<FilesSnapshot> = {}): void {
    if (this.#over.signal.aborted) return;
    const isOffered = this.#isOffered;
    const { state } = this.#line;
    const isOpen = isOffered && state === 'open';
    this.#snapshot = {
      isOffered,
      isLoaded: isOffered && this.#snapshot.isLoaded,
      isOpen,
      files: this.#files.map((file) => listed(file, this.#line, isOpen)),
      uploads: this.#uploads.all,
      limits: this.#limits,
      code: this.#code,
      ...change,
    };
    callEach(this.#listeners);
  }
}

const listed = (file: SessionFile, line: SessionLine, isOpen: boolean): ListedFile => ({
  id: file.id,
  name: file.name,
  size: file.size,
  contentType: file.content_type,
  sentBy: file.sent_by,
  isOwn: file.sent_by === line.side,
  createdAt: file.created_at * 1000,
  url: webAddress(file.url),
  // Of one that names no end it is not known that it has come.
  isFresh: () => !(line.now() >= file.url_expires_at * 1000),
  // The provider's side deletes by its server.
  canDelete: isOpen && line.side === 'customer' && file.sent_by === 'customer',
});

/** Whoever answers may be anybody: an address that runs something is none. */
const webAddress = (url: string): string | undefined =>
  URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) ? url : undefined;

const isFile = (file: unknown): file is SessionFile => {
  const { id, name, size, created_at, content_type } = (file ?? {}) as Partial<SessionFile>;
  const texts = [id, name, content_type].every((text) => typeof text === 'string');
  return texts && Number.isFinite(size) && Number.isFinite(created_at);
};

const isLimits = (limits: Partial<SessionFileLimits> | undefined): limits is SessionFileLimits =>
  [limits?.max_file_bytes, limits?.max_files, limits?.max_bytes].every(Number.isFinite) &&
  (limits!.accepted_types == null || Array.isArray(limits!.accepted_types));
