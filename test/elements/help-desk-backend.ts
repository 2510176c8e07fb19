import type { Availability, DeskFrame, DeskRequest, Outcome } from '../../src/protocol/help-request.js';

export interface Asked {
  method: string;
  /** Below the API endpoint. */
  path: string;
  body: Record<string, unknown>;
}
interface Answer {
  status?: number;
  body?: object;
}
/** An answer to a request; `lost` where there is none. */
type Replied = Answer | 'lost' | undefined;
export type Reply = (asked: Asked) => Replied | Promise<Replied>;

export const endpoint = 'https://market.example/api/v1';
export const tokenUrl = '/access-token';

interface Told {
  id: number;
  type: string;
  request_id: string | null;
  created_at: number;
  read_at: number | null;
}

/** One helper's desk in place of a service, and the streams that tell of it. */
export class HelpDeskBackend {
  readonly asked: Asked[] = [];
  readonly requests = new Map<string, DeskRequest>();
  readonly notifications: Told[] = [];
  helper = { id: 'maria', availability: 'available' as Availability, active_count: 0, max_concurrent: 1 };
  /** Answers before the service itself does. */
  reply: Reply = () => undefined;
  /** Whether anything gets through. */
  isCut = false;
  /** By how much the service's clock is ahead of the page's, ms. */
  aheadMs = 0;
  readonly #fetch = window.fetch;
  readonly #streams = new Set<ReadableStreamDefaultController<Uint8Array>>();
  #count = 0;

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

  get now(): number {
    return Date.now() + this.aheadMs;
  }

  get unread(): number {
    return this.notifications.filter(({ read_at }) => read_at === null).length;
  }

  calls(end: string): Asked[] {
    return this.asked.filter(({ path }) => path.split('?')[0]!.endsWith(end));
  }

  /** Somebody asks for help, and this helper too is asked. */
  offer(fields: Partial<DeskRequest> = {}): DeskRequest {
    const id = `request-${++this.#count}`;
    const request: DeskRequest = {
      ...{ id, application_id: 'sketch', category_id: 'leak', version: 1, status: 'open', offer: 'offered' },
      ...{ session_id: null, tokens: 300, amount: null, currency: null, duration_seconds: 1800 },
      created_at: Math.floor(this.now / 1000) - 60 + this.#count,
      due_at: Math.floor(this.now / 1000) + 120,
      outcome: null,
      ...fields,
    };
    this.requests.set(id, request);
    this.notify('offered', id);
    this.tell(request);
    return request;
  }

  /** A request has become another. */
  change(id: string, fields: Partial<DeskRequest>): DeskRequest {
    const before = this.requests.get(id)!;
    const request = { ...before, version: before.version + 1, ...fields };
    this.requests.set(id, request);
    this.tell(request);
    return request;
  }

  notify(type: string, request_id: string | null): Told {
    const id = this.notifications.length + 1;
    const told = { id, type, request_id, created_at: Math.floor(this.now / 1000), read_at: null };
    this.notifications.push(told);
    return told;
  }

  turn(fields: Partial<HelpDeskBackend['helper']>): void {
    Object.assign(this.helper, fields);
    this.tellDesk();
  }

  tell(request: DeskRequest): void {
    this.send({ type: 'help_request.changed', request, ...this.#common });
  }

  tellDesk(): void {
    this.send({ type: 'desk.changed', helper: { ...this.helper }, ...this.#common });
  }

  send(frame: DeskFrame | object): void {
    for (const stream of this.#streams) this.#write(stream, frame);
  }

  /** Every stream breaks. */
  cut(): void {
    for (const stream of this.#streams) stream.error(new TypeError('network error'));
    this.#streams.clear();
  }

  get #common() {
    return { unread_count: this.unread, server_time: this.now };
  }

  #write(stream: ReadableStreamDefaultController<Uint8Array>, frame: object): void {
    const { type } = frame as DeskFrame;
    stream.enqueue(new TextEncoder().encode(`event: ${type}\ndata: ${JSON.stringify(frame)}\n\n`));
  }

  async #answer(url: string, init: RequestInit): Promise<Response> {
    if (url.endsWith(tokenUrl) && !this.isCut) return this.#give(url, init);
    if (!url.startsWith(endpoint)) return this.#fetch(url, init);
    if (this.isCut) throw new TypeError('Failed to fetch');
    return this.#give(url.slice(endpoint.length), init);
  }

  async #give(path: string, { method = 'GET', body, signal }: RequestInit): Promise<Response> {
    const asked: Asked = { method, path, body: body ? (JSON.parse(body as string) as Asked['body']) : {} };
    this.asked.push(asked);
    const own = await this.reply(asked);
    if (own === 'lost') throw new TypeError('Failed to fetch');
    if (!own && path.endsWith(`/helpers/${this.helper.id}/events`)) return this.#stream(signal!);
    const { status = 200, body: answer = {} } = own ?? this.#usual(asked);
    return new Response(JSON.stringify(answer), {
      status,
      headers: { 'Content-Type': 'application/json' },
    });
  }

  #stream(signal: AbortSignal): Response {
    let mine: ReadableStreamDefaultController<Uint8Array>;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        mine = controller;
        this.#streams.add(controller);
        const requests = [...this.requests.values()].filter(
          ({ status, offer }) => (status === 'open' && offer === 'offered') || offer === 'accepted',
        );
        this.#write(controller, {
          type: 'desk.snapshot',
          helper: { ...this.helper },
          requests,
          ...this.#common,
        });
      },
      cancel: () => void this.#streams.delete(mine),
    });
    signal.addEventListener('abort', () => {
      if (this.#streams.delete(mine)) mine.error(signal.reason);
    });
    return new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
  }

  #usual({ method, path, body }: Asked): Answer {
    const [place = '', query] = path.split('?');
    const [, , id = '', action] = place.split('/');
    if (place.endsWith(tokenUrl)) return { body: { access_token: 'a-token', expires_in: 3600 } };
    if (place === '/help-categories') return { body: { categories: [{ id: 'leak', name: 'A leak' }] } };
    if (place === '/helpers') return { body: { helpers: [this.helper] } };
    if (action === 'availability') {
      this.turn({ availability: body.availability as Availability });
      return { body: this.helper };
    }
    if (action === 'notifications') return this.#notifications(method, place, query, body);
    const request = this.requests.get(id);
    if (!request) return { status: 404, body: { code: 'HELP_REQUEST_NOT_FOUND' } };
    if (method === 'GET') return { body: { ...request, description: `It drips, says ${id}.`, reason: null } };
    const changes: Record<string, Partial<DeskRequest>> = {
      claim: {
        ...{ status: 'claimed', offer: 'accepted', session_id: `session-of-${id}` },
        due_at: Math.floor(this.now / 1000) + 120,
      },
      decline: { offer: 'declined', version: request.version },
      start: { status: 'in_progress' },
      withdraw: { status: 'open', offer: 'declined', session_id: null },
      outcome: { outcome: body.outcome as Outcome },
    };
    if (action === 'claim') this.helper.active_count++;
    if (action === 'withdraw') this.helper.active_count--;
    const changed = this.change(id, changes[action!]!);
    if (action === 'claim' || action === 'withdraw') this.tellDesk();
    return { body: changed };
  }

  #notifications(method: string, place: string, query = '', body: Record<string, unknown>): Answer {
    if (method === 'POST' && place.endsWith('/read')) {
      const { up_to, ids } = body as { up_to?: number; ids?: number[] };
      for (const one of this.notifications)
        if (up_to === undefined ? ids!.includes(one.id) : one.id <= up_to)
          one.read_at ??= Math.floor(this.now / 1000);
      this.tellDesk();
      return { body: { unread_count: this.unread } };
    }
    const limit = Number(new URLSearchParams(query).get('limit') ?? 50);
    const isUnread = query.includes('unread=true');
    const listed = this.notifications.filter(({ read_at }) => !isUnread || read_at === null).reverse();
    return {
      body: { notifications: listed.slice(0, limit), unread_count: this.unread, next_cursor: null },
    };
  }
}
