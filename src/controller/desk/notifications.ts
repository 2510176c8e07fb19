import type { ErrorCode } from '../../protocol/error-codes.js';
import { SessionError } from '../../protocol/errors.js';
import type { NotificationType } from '../../protocol/help-request.js';
import { browserWorld } from '../browser-world.js';
import { callEach } from '../call-each.js';
import type { World } from '../world.js';
import { deskLink, type DeskConnection, type DeskLink } from './desk-link.js';
import type { DeskOptions } from './desk-options.js';
import { isShown } from './desk-state.js';

/** In one answer; of a longer list as many as were read before, up to what the service gives at once. */
const pageSize = 20;
const largestPage = 100;

/** What a helper was told. Instants are ms since the epoch. */
export interface DeskNotification {
  readonly id: number;
  readonly type: NotificationType;
  readonly requestId: string | null;
  readonly createdAt: number;
  readonly isRead: boolean;
  /** Whether its request can be accepted still, or is the helper's. */
  readonly isOpen: boolean;
}

export interface NotificationsSnapshot {
  readonly connection: DeskConnection;
  /** As the service counts it, never added up in the page; 1000 stands for more, too. */
  readonly unreadCount: number;
  /** Newest first; undefined until it is read. */
  readonly notifications: readonly DeskNotification[] | undefined;
  readonly hasMore: boolean;
  readonly isLoading: boolean;
  /** Why the list could not be read. */
  readonly code: ErrorCode | undefined;
}

interface Listed {
  id: number;
  type: NotificationType;
  request_id: string | null;
  created_at: number;
  read_at: number | null;
}
interface Answer {
  notifications: Listed[];
  next_cursor: string | null;
}

/**
 * What a helper was told, for a bell: the count from the desk's stream, and the list once it is looked at. One stream serves
 * a page's desk and bell.
 * @example
 * const notifications = new Notifications({ apiEndpoint, accessTokenUrl: '/access-token' });
 * notifications.subscribe(() => show(notifications.snapshot.unreadCount));
 */
export class Notifications {
  readonly #link: DeskLink;
  readonly #listeners = new Set<() => void>();
  readonly #over = new AbortController();
  #listed: Listed[] | undefined;
  #cursor: string | null = null;
  #isWanted = false;
  #isLoading = false;
  /** Something has come since the reading began. */
  #isStale = false;
  #code: ErrorCode | undefined;
  #unreadCount = 0;

  constructor(options: DeskOptions, world: World = browserWorld()) {
    this.#link = deskLink(world, options);
    this.#link.hold(() => this.#follow(), this.#over.signal);
    this.#unreadCount = this.#link.state?.unreadCount ?? 0;
  }

  get snapshot(): NotificationsSnapshot {
    const { connection, state } = this.#link;
    const isOpen = (id: string | null) => {
      const request = id === null ? undefined : state?.requests.get(id);
      return request !== undefined && isShown(request);
    };
    return {
      connection,
      unreadCount: state?.unreadCount ?? 0,
      notifications: this.#listed?.map(({ id, type, request_id, created_at, read_at }) => ({
        ...{ id, type, requestId: request_id, createdAt: created_at * 1000 },
        isRead: read_at !== null,
        isOpen: isOpen(request_id),
      })),
      hasMore: this.#cursor !== null,
      isLoading: this.#isLoading,
      code: this.#code,
    };
  }

  /** Calls back after each change. @returns ends it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Hears nothing any more, and tells nothing. */
  close(): void {
    this.#listeners.clear();
    this.#over.abort(new DOMException('', 'AbortError'));
  }

  /** Reads the list, and again with all news until `hide()`. */
  show(): void {
    this.#isWanted = true;
    void this.#read();
  }

  /** Nobody looks at the list any more. */
  hide(): void {
    this.#isWanted = false;
  }

  /** Tries at once to hear the service again, and to read what could not be read. */
  retry(): void {
    this.#link.retry();
    if (this.#isWanted) void this.#read();
  }

  /** Reads older ones too. */
  async more(): Promise<void> {
    if (this.#isLoading || this.#cursor === null) return;
    const cursor = encodeURIComponent(this.#cursor);
    await this.#load(async () => {
      const answer = await this.#ask(`&cursor=${cursor}`);
      const known = new Set(this.#listed!.map(({ id }) => id));
      this.#listed = [...this.#listed!, ...answer.notifications.filter(({ id }) => !known.has(id))];
      this.#cursor = answer.next_cursor;
    });
  }

  /** Marks one as read, on every desk of the helper. @throws {SessionError} those of `AccessClient.request`. */
  async markRead(id: number): Promise<void> {
    await this.#mark({ ids: [id] });
  }

  /** Marks all that are listed, and whatever came before, as read. @throws as `markRead()`. */
  async markAllRead(): Promise<void> {
    const newest = this.#listed?.[0];
    if (newest) await this.#mark({ up_to: newest.id });
  }

  async #mark(body: { ids: number[] } | { up_to: number }): Promise<void> {
    if (!this.#link.state)
      throw new SessionError('CALL_REFUSED', { message: 'nothing can be done without a connection' });
    const path = `${this.#link.helperPath}/notifications/read`;
    await this.#link.request({ method: 'POST', path, body });
    const isMarked = (id: number) => ('ids' in body ? body.ids.includes(id) : id <= body.up_to);
    const now = Math.floor(this.#link.now() / 1000);
    this.#listed = this.#listed?.map((one) =>
      isMarked(one.id) ? { ...one, read_at: one.read_at ?? now } : one,
    );
    this.#tell();
  }

  #follow(): void {
    const { state, connection } = this.#link;
    const count = state?.unreadCount ?? 0;
    const hasNews = count !== this.#unreadCount;
    this.#unreadCount = count;
    // What could not be read is read once there is a connection.
    const isMissing = !this.#listed && connection === 'online';
    if (this.#isWanted && (hasNews || isMissing)) void this.#read();
    this.#tell();
  }

  /** Reads the newest ones; one request at a time. */
  async #read(): Promise<void> {
    this.#isStale = true;
    if (this.#isLoading) return;
    await this.#load(async () => {
      while (this.#isStale) {
        this.#isStale = false;
        const { notifications, next_cursor } = await this.#ask('');
        const oldest = notifications.at(-1)?.id ?? 0;
        const older = next_cursor === null ? [] : (this.#listed ?? []).filter(({ id }) => id < oldest);
        this.#listed = [...notifications, ...older];
        if (!older.length) this.#cursor = next_cursor;
      }
    });
  }

  async #load(work: () => Promise<void>): Promise<void> {
    this.#isLoading = true;
    this.#code = undefined;
    this.#tell();
    try {
      await work();
    } catch (error) {
      this.#code = error instanceof SessionError ? error.code : 'SERVICE_ERROR';
    } finally {
      this.#isLoading = false;
      this.#tell();
    }
  }

  #ask(more: string): Promise<Answer> {
    if (!this.#link.state) throw new SessionError('NETWORK_FAILED');
    const limit = more ? pageSize : Math.min(largestPage, Math.max(pageSize, this.#listed?.length ?? 0));
    const path = `${this.#link.helperPath}/notifications?limit=${limit}${more}`;
    return this.#link.request<Answer>({ method: 'GET', path });
  }

  #tell(): void {
    if (!this.#over.signal.aborted) callEach(this.#listeners);
  }
}
