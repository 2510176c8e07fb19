import type {
  HelpCategory,
  HelpRequestAnswer,
  HelpRequestEventType,
} from '../../src/protocol/help-request.js';

export interface AskedHelp {
  method: string;
  path: string;
  headers: Headers;
  body: Record<string, unknown>;
  /** Gives it up. */
  signal: AbortSignal | null;
}

type Answer = { status?: number; body?: unknown } | 'lost';

export const leak: HelpCategory = {
  id: 'leak',
  name: 'A leak',
  tokens: 300,
  duration_seconds: 1800,
  active: true,
};
export const question: HelpCategory = {
  id: 'question',
  name: 'A question',
  tokens: 0,
  duration_seconds: 600,
  active: true,
};

export const visit: HelpCategory = {
  id: 'visit',
  name: 'A visit',
  tokens: null,
  amount: 2500,
  currency: 'eur',
  capture: 'full',
  duration_seconds: 1800,
  active: true,
};

/** A session service with one help request, and a provider's server before it, in place of the page's network. */
export class HelpBackend {
  readonly endpoint = 'https://market.example/api/v1';
  readonly asked: AskedHelp[] = [];
  /** Answers in place of the usual ones, by method and path. */
  readonly answers: Record<string, (asked: AskedHelp) => Answer | Promise<Answer>> = {};
  categories: HelpCategory[] = [question, leak];
  request: HelpRequestAnswer | undefined;
  /** What a request that is made begins with. */
  made: Partial<HelpRequestAnswer> = {};
  readonly #realFetch = window.fetch;
  readonly #streams = new Set<ReadableStreamDefaultController<Uint8Array>>();

  constructor() {
    window.fetch = (input, init) => this.#fetch(String(input), init ?? {});
  }

  restore(): void {
    window.fetch = this.#realFetch;
  }

  /** There is one. */
  create(changes: Partial<HelpRequestAnswer> = {}): HelpRequestAnswer {
    const now = Math.floor(Date.now() / 1000);
    return (this.request = {
      ...{ id: 'req_1', provider_id: 'lantern', application_id: 'sketch', user_id: 'customer-17' },
      ...{ category_id: 'leak', status: 'open', reason: null, version: 1, round: 1, offered_count: 3 },
      ...{ helper_id: null, helper_name: null, session_id: null, description: null, notes: null },
      ...{ tokens: 300, duration_seconds: 1800, created_at: now, claimed_at: null, started_at: null },
      ...{ amount: null, currency: null, payment_status: null, captured_amount: null, checkout_url: null },
      ...{ ended_at: null, due_at: null, used_seconds: null, final_cost: null, outcome: null },
      typical_wait_seconds: 40,
      ...changes,
    } as HelpRequestAnswer);
  }

  /** Something happens to it; whoever listens hears it. */
  change(type: HelpRequestEventType, changes: Partial<HelpRequestAnswer>): void {
    this.request = { ...this.request!, version: this.request!.version + 1, ...changes };
    this.#tell(type);
  }

  get listeners(): number {
    return this.#streams.size;
  }

  /** Every stream breaks. */
  cut(): void {
    for (const stream of this.#streams) stream.error(new TypeError('network error'));
    this.#streams.clear();
  }

  calls(call: string): AskedHelp[] {
    return this.asked.filter(({ method, path }) => `${method} ${path}`.startsWith(call));
  }

  #tell(type: string, only = this.#streams): void {
    const words = ['helper_name', 'notes', 'description', 'typical_wait_seconds', 'checkout_url'];
    const state = Object.entries(this.request!).filter(([name]) => !words.includes(name));
    const request = { ...Object.fromEntries(state), version: this.request!.version };
    const text = `event: ${type}\nid: ${request.version}\ndata: ${JSON.stringify({ type, request })}\n\n`;
    for (const stream of only) stream.enqueue(new TextEncoder().encode(text));
  }

  async #fetch(url: string, init: RequestInit): Promise<Response> {
    const isOfService = url.startsWith(this.endpoint);
    const path = isOfService ? url.slice(this.endpoint.length) : new URL(url, location.href).pathname;
    const method = init.method ?? 'GET';
    const known = isOfService || /^\/own-/.test(path);
    if (!known) return this.#realFetch(url, init);
    if (!navigator.onLine) throw new TypeError('Failed to fetch');
    const body = JSON.parse((init.body as string | undefined) ?? '{}') as Record<string, unknown>;
    const { signal = null } = init;
    const asked = { method, path, headers: new Headers(init.headers), body, signal };
    this.asked.push(asked);
    const own = this.answers[`${method} ${path.split('?')[0]}`];
    const answer = await (own ? own(asked) : this.usual(asked));
    if (answer === 'lost') throw new TypeError('Failed to fetch');
    if (answer.body instanceof ReadableStream)
      return new Response(answer.body, { headers: { 'Content-Type': 'text/event-stream' } });
    return new Response(JSON.stringify(answer.body), {
      status: answer.status ?? 200,
      headers: { 'Content-Type': 'application/json' },
    });
  }

  /** What is answered where no other answer is set. */
  usual({ method, path, body, signal }: AskedHelp): Answer {
    const { request } = this;
    const call = `${method} ${path.split('?')[0]}`;
    if (call === 'POST /own-token') return { body: { access_token: 'a.b.c', expires_in: 600 } };
    if (call === 'POST /own-request')
      return { status: 201, body: request ?? this.create({ ...body, ...this.made }) };
    if (call === 'POST /own-join')
      return { body: { launch_url: `${location.pathname}${location.search}#joined` } };
    if (call === 'GET /help-categories') return { body: { categories: this.categories, next_cursor: null } };
    if (call === 'GET /help-requests')
      return { body: { requests: request ? [request] : [], next_cursor: null } };
    if (!request || !path.startsWith(`/help-requests/${request.id}`))
      return { status: 404, body: { code: 'HELP_REQUEST_NOT_FOUND' } };
    if (path.endsWith('/events')) return { body: this.#stream(signal) };
    if (path.endsWith('/cancel')) {
      this.change('help_request.cancelled', { status: 'cancelled', reason: 'requested' });
      return { body: this.request };
    }
    if (path.endsWith('/outcome')) {
      this.change('help_request.outcome_recorded', body);
      return { body: this.request };
    }
    return { body: request };
  }

  /** As `fetch` answers: a stream that is given up breaks off. */
  #stream(signal: AbortSignal | null): ReadableStream<Uint8Array> {
    return new ReadableStream({
      start: (controller) => {
        this.#streams.add(controller);
        signal?.addEventListener('abort', () => {
          if (this.#streams.delete(controller)) controller.error(signal.reason);
        });
        this.#tell('help_request.snapshot', new Set([controller]));
      },
    });
  }
}
