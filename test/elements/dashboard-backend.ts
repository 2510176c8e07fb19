export const endpoint = 'https://market.example/api/v1';
export const tokenUrl = '/dashboard-token';
const accessToken = 'at_secret';

export interface DashboardCall {
  /** Below the API endpoint. */
  path: string;
  query: URLSearchParams;
  authorization: string | null;
  url: string;
}
type Answer = { status?: number; body?: unknown } | 'lost' | 'never';

const noFigures = {
  ...{ sessions: 0, completed: 0, expired: 0, cancelled: 0, users: 0, revenue_tokens: 0, returned_tokens: 0 },
  ...{
    revenue_money: [] as object[],
    returned_money: [] as object[],
    average_used_seconds: null as number | null,
  },
  ...{ extensions: 0, extended_seconds: 0, warnings: 0, warnings_answered: 0 },
};

/** A provider's figures in place of a service, and the streams that tell of news. */
export class DashboardBackend {
  readonly calls: DashboardCall[] = [];
  /** What a day has, by its date; a day without is an empty one. */
  figures: Record<string, Partial<typeof noFigures>> = {};
  running = { active: 2, paused: 1, waiting: 0, completed: 9, expired: 0, cancelled: 0 };
  attention: { kind: string; count: number; list: null }[] = [];
  help = { requests: 0, by_status: {}, wait_seconds_p50: null as number | null };
  metrics: object[] = [];
  sessions: Record<string, unknown>[] = [];
  timeline: Record<string, unknown>[] = [];
  timeZone = 'UTC';
  csv = 'session_id\r\nses_1\r\n';
  /** Answers before the service itself does. */
  reply: (call: DashboardCall) => Answer | undefined = () => undefined;
  isCut = false;
  readonly #fetch = window.fetch.bind(window);
  readonly #streams = new Set<ReadableStreamDefaultController<Uint8Array>>();

  constructor() {
    window.fetch = (input, init) => this.#answer(String(input), init ?? {});
  }

  restore(): void {
    window.fetch = this.#fetch;
    this.cut();
  }

  get streams(): number {
    return this.#streams.size;
  }

  of(end: string): DashboardCall[] {
    return this.calls.filter(({ path }) => path.endsWith(end));
  }

  /** Something has happened. */
  tell(): void {
    for (const stream of this.#streams) this.#write(stream, 'figures.changed');
  }

  cut(): void {
    for (const stream of this.#streams) stream.error(new TypeError('network error'));
    this.#streams.clear();
  }

  #write(stream: ReadableStreamDefaultController<Uint8Array>, type: string): void {
    const frame = {
      type,
      provider_id: 'lantern',
      server_time: Date.now(),
      session_ids: [],
      is_complete: true,
    };
    stream.enqueue(new TextEncoder().encode(`event: ${type}\ndata: ${JSON.stringify(frame)}\n\n`));
  }

  async #answer(url: string, init: RequestInit): Promise<Response> {
    if (url.endsWith(tokenUrl)) return Response.json({ access_token: accessToken, expires_in: 3600 });
    if (!url.startsWith(endpoint)) return this.#fetch(url, init);
    if (this.isCut) throw new TypeError('Failed to fetch');
    const { pathname, searchParams: query } = new URL(url);
    const path = pathname.slice('/api/v1'.length);
    const authorization = new Headers(init.headers).get('Authorization');
    const call = { path, query, authorization, url };
    this.calls.push(call);
    const own = this.reply(call);
    if (own === 'lost') throw new TypeError('Failed to fetch');
    if (own === 'never') return new Promise(() => {});
    if (own) return Response.json(own.body ?? {}, { status: own.status ?? 200 });
    if (path.endsWith('/events')) return this.#stream(init.signal!);
    if (path.endsWith('.csv')) return new Response(this.csv, { headers: { 'Content-Type': 'text/csv' } });
    return Response.json(this.#usual(call));
  }

  #usual({ path, query }: DashboardCall): unknown {
    const end = path.split('/').at(-1);
    switch (end) {
      case 'analytics':
        return this.#analytics(query);
      case 'stats':
        return { sessions_by_status: this.running, server_time: Date.now() };
      case 'attention':
        return { attention: this.attention, server_time: Date.now() };
      case 'page-metrics':
        return { metrics: this.metrics };
      case 'help-stats':
        return this.help;
      case 'timeline':
        return { timeline: this.timeline, is_complete: false, next_cursor: null };
      case 'sessions': {
        const start = Number(query.get('cursor') ?? 0);
        const limit = Number(query.get('limit'));
        const found = this.sessions.filter(({ status }) => [status, null].includes(query.get('status')));
        const more = start + limit < found.length ? String(start + limit) : null;
        return { sessions: found.slice(start, start + limit), next_cursor: more };
      }
      default:
        return { id: end, name: `The ${end}`, time_zone: this.timeZone };
    }
  }

  #analytics(query: URLSearchParams): unknown {
    const [from, to] = [query.get('from')!, query.get('to')!];
    const days = [];
    for (let at = Date.parse(from); at <= Date.parse(to); at += 86_400_000) {
      const date = new Date(at).toISOString().slice(0, 10);
      const today = new Date().toISOString().slice(0, 10);
      const figures = { ...noFigures, ...this.figures[date] };
      const hour = { starts_at: at, is_running: false, ...figures };
      days.push({
        ...{ date, is_running: date === today, ...figures },
        ...(query.get('interval') === 'hour' && { hours: [hour, { ...hour, starts_at: at + 3_600_000 }] }),
      });
    }
    const total = { ...noFigures, from, to, users_estimated: true };
    for (const day of days)
      for (const name of ['sessions', 'users', 'revenue_tokens', 'extensions', 'warnings'] as const)
        total[name] += day[name];
    total.revenue_money = days.flatMap(({ revenue_money }) => revenue_money);
    return { time_zone: 'UTC', days, total, previous: { ...total, sessions: 10 }, server_time: Date.now() };
  }

  #stream(signal: AbortSignal): Response {
    let opened: ReadableStreamDefaultController<Uint8Array>;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        opened = controller;
        this.#streams.add(controller);
        this.#write(controller, 'figures.snapshot');
      },
      cancel: () => void this.#streams.delete(opened),
    });
    signal.addEventListener('abort', () => {
      if (this.#streams.delete(opened)) opened.error(signal.reason);
    });
    return new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
  }
}

/** A session as the service lists it. */
export const sessionOf = (n: number, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  ...{ id: `ses_${n}`, status: 'completed', user_id: `user-${n}`, application_id: 'sketch' },
  ...{ created_at: 1_767_225_600 - n, used_seconds: 600, final_cost: 20, tokens_allocated: 30 },
  ...more,
});
