import type { Session } from '../../src/protocol/session.js';

/** What the backend was asked. */
export interface Asked {
  method: string;
  path: string;
  headers: Headers;
  body: Record<string, unknown>;
}

interface TokenChanges {
  header?: object;
  claims?: object;
  signature?: string;
}

type Answer = { status?: number; headers?: Record<string, string>; body: unknown };

const base64url = (value: unknown) =>
  btoa(JSON.stringify(value)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');

/**
 * A session service in place of the page's network. One session, whose deadline moves when an extension is bought; any
 * call can be given another answer.
 */
export class PageBackend {
  readonly endpoint = 'https://market.example/api/v1';
  readonly sessionId = `ses_${crypto.randomUUID()}`;
  readonly asked: Asked[] = [];
  /** Answers in place of the usual ones, by the last part of the path. */
  readonly answers: Record<string, (asked: Asked) => Answer | Promise<Answer>> = {};
  session: Session;
  /** What it says that the session token allows. */
  allowedOperations: string[] | undefined;
  /** By how much its clock is ahead of the device's, ms. */
  aheadMs = 0;
  readonly #realFetch = window.fetch;

  constructor(remainingSeconds = 600, changes: Partial<Session> = {}) {
    const now = Math.floor(Date.now() / 1000);
    this.session = {
      id: this.sessionId,
      status: 'active',
      user_id: 'user_1',
      provider_id: 'provider_1',
      application_id: 'app_1',
      tokens_allocated: 10,
      duration_limit_seconds: 3600,
      created_at: now,
      started_at: now,
      expires_at: now + remainingSeconds,
      remaining_seconds: remainingSeconds,
      pause_ends_at: null,
      paused_by: null,
      pausable: true,
      pause_seconds_left: 600,
      return_url: null,
      top_up_url: 'https://market.example/top-up',
      extension_options: [
        { additional_seconds: 900, tokens: 15, available: true },
        { additional_seconds: 1800, tokens: 28, available: true },
        { additional_seconds: 3600, tokens: 50, available: false, unavailable_reason: 'INSUFFICIENT_TOKENS' },
      ],
      ended_at: null,
      used_seconds: null,
      final_cost: null,
      tokens_refunded: null,
      ...changes,
    };
    window.fetch = (input, init) => this.#fetch(String(input), init!);
  }

  /** A token as the marketplace would sign it; nobody here looks at the signature. */
  get token(): string {
    return this.tokenWith({});
  }

  /** The same with another header, other claims (undefined leaves one out) or another signature. */
  tokenWith({ header = {}, claims = {}, signature = 'A'.repeat(86) }: TokenChanges): string {
    const now = Math.floor(Date.now() / 1000);
    const usual = {
      jti: this.sessionId,
      sub: 'user_1',
      provider_id: 'provider_1',
      aud: 'app_1',
      iat: now,
      exp: now + 9000,
      tokens_allocated: 10,
    };
    const parts = [base64url({ alg: 'ES256', kid: 'key_1', ...header }), base64url({ ...usual, ...claims })];
    return [...parts, signature].join('.');
  }

  /** Moves the deadline to so many seconds from now. */
  setRemaining(seconds: number): void {
    this.session = {
      ...this.session,
      expires_at: this.#now + seconds,
      remaining_seconds: seconds,
    };
  }

  /** Whole seconds since the epoch, by its own clock. */
  get #now(): number {
    return Math.floor((Date.now() + this.aheadMs) / 1000);
  }

  calls(name: string): Asked[] {
    return this.asked.filter(({ path }) => path.endsWith(`/${name}`));
  }

  restore(): void {
    window.fetch = this.#realFetch;
  }

  async #fetch(url: string, init: RequestInit): Promise<Response> {
    if (!url.startsWith(this.endpoint)) return this.#realFetch(url, init);
    if (!navigator.onLine) throw new TypeError('Failed to fetch');
    const path = url.slice(this.endpoint.length);
    const asked: Asked = {
      method: init.method ?? 'GET',
      path,
      headers: new Headers(init.headers),
      body: init.body ? (JSON.parse(init.body as string) as Record<string, unknown>) : {},
    };
    this.asked.push(asked);
    const name = path.split('?')[0]!.split('/').at(-1)!;
    const { status = 200, headers, body } = await (this.answers[name]?.(asked) ?? this.usual(name, asked));
    const isReady = body === null || typeof body === 'string' || body instanceof ReadableStream;
    return new Response(isReady ? body : JSON.stringify(body), {
      status,
      headers: { 'Content-Type': 'application/json', ...headers },
    });
  }

  /** What it answers where no other answer is set, by the last part of the path. */
  usual(name: string, { body }: Asked): Answer {
    const said = () => ({ session: this.session, server_time: Date.now() + this.aheadMs });
    const { remaining_seconds, expires_at, status } = this.session;
    switch (name) {
      case 'validate':
        return {
          body: {
            valid: true,
            remaining_seconds,
            capabilities: ['idempotency'],
            allowed_operations: this.allowedOperations,
            ...said(),
          },
        };
      case 'heartbeat':
        return { body: { acknowledged: true, remaining_seconds, expires_at, status, ...said() } };
      case 'extend': {
        const seconds = body.additional_seconds as number;
        const cost = body.tokens_to_deduct as number;
        this.session = {
          ...this.session,
          expires_at: expires_at && expires_at + seconds,
          remaining_seconds: remaining_seconds + seconds,
          duration_limit_seconds: this.session.duration_limit_seconds + seconds,
          tokens_allocated: this.session.tokens_allocated + cost,
        };
        return { body: { additional_seconds: seconds, additional_cost: cost, ...said() } };
      }
      case 'pause':
        this.session = {
          ...this.session,
          status: 'paused',
          expires_at: null,
          pause_ends_at: this.#now + this.session.pause_seconds_left,
          paused_by: 'customer',
        };
        return { body: said() };
      case 'resume':
        this.session = {
          ...this.session,
          status: 'active',
          expires_at: this.#now + remaining_seconds,
          pause_ends_at: null,
          paused_by: null,
        };
        return { body: said() };
      case 'end':
      case 'complete': {
        const bill = { status: 'completed' as const, used_seconds: 1800, final_cost: 7, tokens_refunded: 3 };
        this.session = { ...this.session, ...bill, expires_at: null };
        return { body: { ...bill, ...said() } };
      }
      default:
        return { status: 404, body: { code: 'ROUTE_NOT_FOUND' } };
    }
  }
}
