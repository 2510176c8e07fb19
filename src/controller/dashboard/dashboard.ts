import type { ErrorCode } from '../../protocol/error-codes.js';
import { SessionError } from '../../protocol/errors.js';
import { addDays, isTimeZone, startOfDay } from '../../protocol/calendar-days.js';
import { AccessClient } from '../access/access-client.js';
import { Feed, type FeedState } from '../access/feed.js';
import { browserWorld } from '../browser-world.js';
import { callEach } from '../call-each.js';
import { pageOf } from '../page/browser-page.js';
import type { World } from '../world.js';
import {
  readAttention,
  readFigures,
  readHelp,
  readPageMetrics,
  readName,
  readRunning,
  readServerTime,
  readSessions,
  readTimeline,
  readTimeZone,
  type FigureAnswer,
  type HelpFigures,
  type ListedSession,
  type PageMetric,
  type Running,
  type Slot,
  type TimelineEntry,
  type Waiting,
} from './answers.js';
import type { DashboardOptions } from './dashboard-options.js';
import {
  listQuery,
  spanBefore,
  spanOf,
  usualFilters,
  type DashboardFilters,
  type DaySpan,
} from './filters.js';
import { Reading, type Read } from './reading.js';

/** Sessions that are read at a time, and at most where they are read anew. */
const pageSize = 25;
const largestPage = 100;
/** Without news everything is read anew after this, ms: days begin, and hours. */
const minuteMs = 60_000;
/** Help requests are counted over so many days at most. */
const mostHelpDays = 31;
/** Pages of a timeline that are read. */
const mostTimelinePages = 5;

export interface SessionList {
  readonly sessions: readonly ListedSession[];
  readonly cursor: string | null;
}

export interface Timeline {
  readonly entries: readonly TimelineEntry[];
  /** Whether its beginning, and everything since, is there. */
  readonly isComplete: boolean;
}

/** What is read, each by itself. */
interface Parts {
  readonly figures: FigureAnswer;
  /** The days or hours right before, to compare with. */
  readonly before: readonly Slot[];
  readonly running: Running;
  readonly attention: readonly Waiting[];
  readonly help: HelpFigures;
  /** What pages counted; by name. */
  readonly metrics: readonly PageMetric[];
  readonly sessions: SessionList;
  readonly timeline: Timeline;
}
export type DashboardPart = keyof Parts;

export type DashboardSnapshot = { readonly [Part in DashboardPart]: Read<Parts[Part]> } & {
  readonly filters: DashboardFilters;
  /** Undefined until the time zone is known. */
  readonly span: DaySpan | undefined;
  readonly timeZone: string | undefined;
  readonly providerTimeZone: string | undefined;
  /** `connecting` before the first word, `live` while changes are heard, `lost` while the service is asked again, `refused` where that would change nothing. */
  readonly connection: Exclude<FeedState, 'over'>;
  /** Why there is no connection, where that is known. */
  readonly code: ErrorCode | undefined;
  /** Names of applications by their ids, as far as they are known. */
  readonly applications: ReadonlyMap<string, string>;
  readonly isReadingMore: boolean;
};

/**
 * What a provider's sessions come to, as it happens: one stream tells that something has changed, and what is shown is read
 * anew, each part by itself. Nothing is counted in the page.
 * @example
 * const dashboard = new Dashboard({ apiEndpoint, accessTokenUrl: '/access-token', providerId: 'lantern', applicationIds: [] });
 * dashboard.subscribe(() => show(dashboard.snapshot.figures));
 * dashboard.filter({ period: '30' });
 */
export class Dashboard {
  readonly #world: World;
  readonly #options: DashboardOptions;
  readonly #listeners = new Set<() => void>();
  readonly #over = new AbortController();
  readonly #readings: { [Part in DashboardPart]: Reading<Parts[Part]> };
  readonly #applications = new Map<string, string>();
  #client: AccessClient | undefined;
  #feed: Feed | undefined;
  #connection: Exclude<FeedState, 'over'> = 'connecting';
  #code: ErrorCode | undefined;
  #filters: DashboardFilters;
  #providerTimeZone: string | undefined;
  /** By how much the service's clock is ahead of the device's, ms. */
  #offsetMs = 0;
  #isReadingMore = false;
  #timer: number | undefined;
  #snapshot: DashboardSnapshot;
  #isTold = false;

  /** An `apiEndpoint` that is no https address (localhost aside) is told as `CONFIGURATION_INVALID` in the snapshot. */
  constructor(
    options: DashboardOptions,
    filters: DashboardFilters = usualFilters,
    world: World = browserWorld(),
  ) {
    this.#world = world;
    this.#options = options;
    this.#filters = filters;
    const part = <T>(ask: (signal: AbortSignal) => Promise<T>) =>
      new Reading<T>(
        world,
        () => this.now(),
        ask,
        () => this.#tell(),
      );
    this.#readings = {
      figures: part((signal) => this.#askFigures(this.#span!, signal)),
      before: part(async (signal) => (await this.#askFigures(spanBefore(this.#span!), signal)).slots),
      running: part(async (signal) => readRunning(await this.#get('/stats', signal))),
      attention: part(async (signal) => readAttention(await this.#get('/attention', signal))),
      help: part(async (signal) => readHelp(await this.#get(this.#helpPath(), signal))),
      metrics: part(async (signal) => readPageMetrics(await this.#get(this.#metricsPath(), signal))),
      sessions: part((signal) => this.#askSessions(signal)),
      timeline: part((signal) => this.#askTimeline(signal)),
    };
    this.#snapshot = this.#look();
    this.#open();
  }

  get snapshot(): DashboardSnapshot {
    return this.#snapshot;
  }

  /** The service's clock, ms since the epoch. */
  now(): number {
    return this.#world.now() + this.#offsetMs;
  }

  /** Calls back after each change. @returns ends it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Shows something else; what is not named stays. */
  filter(changes: Partial<DashboardFilters>): void {
    const before = this.#filters;
    this.#filters = { ...before, ...changes };
    if (!this.#span) return this.#tell();
    const isOther = (...names: (keyof DashboardFilters)[]) =>
      names.some((name) => this.#filters[name] !== before[name]);
    const ofTime = ['period', 'from', 'to', 'timeZone'] as const;
    if (isOther(...ofTime, 'interval', 'applicationId')) this.#restart('figures', 'before');
    if (isOther(...ofTime, 'applicationId')) this.#restart('metrics');
    if (isOther(...ofTime)) this.#restart('help');
    if (isOther(...ofTime, 'applicationId', 'status', 'userId')) this.#restart('sessions');
    if (isOther('sessionId')) {
      if (this.#filters.sessionId) this.#restart('timeline');
      else this.#readings.timeline.stop();
    }
    this.#tell();
  }

  /** Tries at once to hear the service again, and to read what could not be read. @param part this one alone */
  retry(part?: DashboardPart): void {
    this.#client?.retry();
    if (this.#connection !== 'live') this.#feed?.retry();
    if (!this.#span) void this.#begin();
    else if (part) this.#readings[part].retry();
    else for (const each of this.#shownParts) this.#readings[each].retry();
  }

  /** Reads older sessions too. What cannot be read is told in `sessions.code`. */
  async more(): Promise<void> {
    const { value } = this.#readings.sessions.read;
    if (this.#isReadingMore || !value?.cursor) return;
    this.#isReadingMore = true;
    this.#tell();
    const query = this.#listQuery;
    const key = query.toString();
    query.set('limit', String(pageSize));
    query.set('cursor', value.cursor);
    try {
      const { sessions, cursor } = readSessions(await this.#get(`/sessions?${query}`, this.#over.signal));
      const now = this.#readings.sessions.read.value;
      // Filters may have become others meanwhile.
      if (now && this.#listQuery.toString() === key) {
        const known = new Set(now.sessions.map(({ id }) => id));
        const older = sessions.filter(({ id }) => !known.has(id));
        this.#readings.sessions.replace({ sessions: [...now.sessions, ...older], cursor });
      }
    } catch {
      this.#readings.sessions.again();
    } finally {
      this.#isReadingMore = false;
      this.#tell();
    }
  }

  /**
   * The sessions of the list, all of them, for a spreadsheet. The access token goes in a header, never in an address.
   * @throws {SessionError} as `AccessClient.request`; `NETWORK_FAILED` where the answer breaks off.
   */
  async csv(): Promise<{ content: Blob; fileName: string }> {
    if (!this.#span) throw new SessionError('CALL_REFUSED', { message: 'the time zone is not known yet' });
    const query = this.#listQuery;
    query.set('time_zone', this.#timeZone!);
    const stop = new AbortController();
    try {
      const path = `${this.#path}/sessions.csv?${query}`;
      const answer = await this.#client!.open({ method: 'GET', path, headers: { Accept: 'text/csv' } }, stop);
      const content = await answer.blob();
      return { content, fileName: `sessions-${this.#span.from}-${this.#span.to}.csv` };
    } catch (cause) {
      throw cause instanceof SessionError ? cause : new SessionError('NETWORK_FAILED', { cause });
    } finally {
      stop.abort();
    }
  }

  /** Hears nothing any more, and tells nothing. */
  close(): void {
    this.#listeners.clear();
    this.#over.abort(new DOMException('', 'AbortError'));
    this.#world.clearTimeout(this.#timer);
    for (const reading of Object.values(this.#readings)) reading.stop();
    this.#feed?.close();
    this.#client?.destroy();
  }

  get #path(): string {
    return `/providers/${encodeURIComponent(this.#options.providerId)}`;
  }

  get #timeZone(): string | undefined {
    return this.#providerTimeZone && (this.#filters.timeZone ?? this.#providerTimeZone);
  }

  get #span(): DaySpan | undefined {
    const timeZone = this.#timeZone;
    return timeZone === undefined ? undefined : spanOf(this.#filters, timeZone, this.now());
  }

  get #listQuery(): URLSearchParams {
    return listQuery(this.#filters, this.#span!, this.#timeZone!);
  }

  #open(): void {
    try {
      this.#client = new AccessClient(this.#options, this.#world);
    } catch (error) {
      this.#stands('refused', error as SessionError);
      return;
    }
    pageOf(this.#world).listen((news) => {
      if (news === 'shown' || news === 'resumed') this.#readAnew();
    }, this.#over.signal);
    this.#feed = new Feed(
      this.#client,
      {
        path: `${this.#path}/events`,
        onEvent: (_, data) => this.#hear(data),
        onState: (state, error) => this.#stands(state === 'over' ? 'lost' : state, error),
      },
      this.#world,
    );
    void this.#begin();
  }

  /** Days are those of a time zone: that of the provider comes first. */
  async #begin(): Promise<void> {
    try {
      const provider = await this.#client!.request({ method: 'GET', path: this.#path }, this.#over.signal);
      const timeZone = readTimeZone(provider);
      this.#providerTimeZone ??= timeZone && isTimeZone(timeZone) ? timeZone : 'UTC';
    } catch (error) {
      if (!this.#over.signal.aborted && error instanceof SessionError) this.#code = error.code;
      return this.#tell();
    }
    this.#restart(...this.#shownParts);
    this.#lookInAMinute();
    void this.#readNames();
  }

  /** What is not known keeps its id. */
  async #readNames(): Promise<void> {
    for (const id of this.#options.applicationIds) {
      try {
        const request = { method: 'GET', path: `/applications/${encodeURIComponent(id)}` } as const;
        const name = readName(await this.#client!.request(request, this.#over.signal));
        if (name) this.#applications.set(id, name);
        this.#tell();
      } catch {
        if (this.#over.signal.aborted) return;
      }
    }
  }

  get #shownParts(): DashboardPart[] {
    const parts: DashboardPart[] = [
      ...(['figures', 'before', 'running', 'attention', 'help', 'metrics', 'sessions'] as const),
    ];
    return this.#filters.sessionId ? [...parts, 'timeline'] : parts;
  }

  #restart(...parts: DashboardPart[]): void {
    for (const part of parts) this.#readings[part].restart();
  }

  #hear(data: unknown): void {
    const serverTime = readServerTime(data);
    if (serverTime !== undefined) this.#offsetMs = serverTime - this.#world.now();
    if (this.#span) this.#readAnew();
    else void this.#begin();
  }

  /** Reads what may have changed, while somebody looks. What is over does not change. */
  #readAnew(): void {
    if (!pageOf(this.#world).isVisible || !this.#span) return;
    for (const part of this.#shownParts) if (part !== 'before') this.#readings[part].again();
  }

  #lookInAMinute(): void {
    this.#world.clearTimeout(this.#timer);
    this.#timer = this.#world.setTimeout(() => {
      this.#lookInAMinute();
      this.#readAnew();
    }, minuteMs);
  }

  #stands(state: Exclude<FeedState, 'over'>, error?: SessionError): void {
    this.#connection = state;
    this.#code = error?.code;
    this.#tell();
  }

  #get(path: string, signal: AbortSignal): Promise<unknown> {
    return this.#client!.request({ method: 'GET', path: this.#path + path }, signal);
  }

  async #askFigures({ from, to, interval }: DaySpan, signal: AbortSignal): Promise<FigureAnswer> {
    const query = new URLSearchParams({ from, to, interval, time_zone: this.#timeZone! });
    if (this.#filters.applicationId) query.set('application_id', this.#filters.applicationId);
    return readFigures(await this.#get(`/analytics?${query}`, signal));
  }

  #metricsPath(): string {
    const { from, to } = this.#span!;
    const query = new URLSearchParams({ from, to, time_zone: this.#timeZone! });
    if (this.#filters.applicationId) query.set('application_id', this.#filters.applicationId);
    return `/page-metrics?${query}`;
  }

  #helpPath(): string {
    const { from, to, days } = this.#span!;
    const first = days > mostHelpDays ? addDays(to, 1 - mostHelpDays) : from;
    const seconds = (date: string) => Math.floor(startOfDay(date, this.#timeZone!) / 1000);
    const end = Math.min(seconds(addDays(to, 1)), seconds(first) + mostHelpDays * 86_400);
    return `/help-stats?from=${seconds(first)}&to=${end}`;
  }

  async #askSessions(signal: AbortSignal): Promise<SessionList> {
    const shown = this.#readings.sessions.read.value;
    const limit = Math.min(largestPage, Math.max(pageSize, shown?.sessions.length ?? 0));
    const query = this.#listQuery;
    query.set('limit', String(limit));
    const answer = readSessions(await this.#get(`/sessions?${query}`, signal));
    const before = this.#readings.sessions.read.value;
    const last = answer.sessions.at(-1);
    // Older ones that were read before stay; they are over.
    if (!before || before.sessions.length <= limit || !last || answer.cursor === null) return answer;
    const known = new Set(answer.sessions.map(({ id }) => id));
    const older = before.sessions.filter(({ id, soldAt }) => soldAt <= last.soldAt && !known.has(id));
    return { sessions: [...answer.sessions, ...older], cursor: before.cursor };
  }

  async #askTimeline(signal: AbortSignal): Promise<Timeline> {
    const path = `/sessions/${encodeURIComponent(this.#filters.sessionId!)}/timeline?limit=${largestPage}`;
    const entries: TimelineEntry[] = [];
    let cursor: string | null = null;
    let isComplete = true;
    for (let page = 0; page < mostTimelinePages; page += 1) {
      const more: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const answer = readTimeline(await this.#client!.request({ method: 'GET', path: path + more }, signal));
      entries.push(...answer.entries);
      isComplete &&= answer.isComplete;
      ({ cursor } = answer);
      if (cursor === null) return { entries, isComplete };
    }
    return { entries, isComplete: false };
  }

  /** Once for all that changes at once. */
  #tell(): void {
    if (this.#over.signal.aborted || this.#isTold) return;
    this.#isTold = true;
    queueMicrotask(() => {
      this.#isTold = false;
      if (this.#over.signal.aborted) return;
      this.#snapshot = this.#look();
      callEach(this.#listeners);
    });
  }

  #look(): DashboardSnapshot {
    const { figures, before, running, attention, help, metrics, sessions, timeline } = this.#readings;
    return {
      ...{ figures: figures.read, before: before.read, running: running.read, attention: attention.read },
      ...{ help: help.read, metrics: metrics.read, sessions: sessions.read, timeline: timeline.read },
      filters: this.#filters,
      ...{ span: this.#span, timeZone: this.#timeZone, providerTimeZone: this.#providerTimeZone },
      ...{ connection: this.#connection, code: this.#code },
      applications: new Map(this.#options.applicationIds.map((id) => [id, this.#applications.get(id) ?? id])),
      isReadingMore: this.#isReadingMore,
    };
  }
}
