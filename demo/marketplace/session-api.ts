import type {
  CreateSessionAnswer,
  CreateSessionRequest,
  ExtensionsAnswer,
  Problem,
  SessionAnswer,
} from '../../src/protocol/api.js';
import { SessionError } from '../../src/protocol/errors.js';
import type { ErrorCode } from '../../src/protocol/error-codes.js';
import type { Session } from '../../src/protocol/session.js';
import type { WebhookEventType } from '../../src/protocol/webhooks.js';

export interface Customer {
  id: string;
  /** Tokens that can be spent, and tokens set aside for running sessions. */
  wallet: { available: number; held: number };
}

/** One movement of a wallet. */
export interface WalletEntry {
  id: number;
  kind: 'credit' | 'hold' | 'settlement';
  /** Into the wallet; negative: out of it. */
  amount: number;
  balance_after: number;
  session_id: string | null;
  reference: string | null;
  /** Seconds since the epoch. */
  created_at: number;
}

export interface ApplicationFields {
  name: string;
  launch_url: string;
  allowed_origins: string[];
  return_origins: string[];
  tokens_per_minute: number;
  extension_options: { additional_seconds: number; tokens: number }[];
  max_duration_seconds: number;
  pausable: boolean;
  max_pause_seconds: number;
  top_up_url: string;
  proof_of_possession?: 'off' | 'preferred' | 'required';
}

export interface WebhookEndpointFields {
  url: string;
  events: WebhookEventType[];
  description: string;
}

export interface WebhookEndpoint extends WebhookEndpointFields {
  id: string;
}

type Fetch = (request: Request) => Promise<Response>;

/** The session service as the marketplace's server uses it. Every call may throw a `SessionError` with the code of the answer. */
export class SessionApi {
  readonly #fetch: Fetch;
  readonly #baseUrl: string;
  readonly #secretKey: string;

  /** @param secretKey an application's, or the operator's; it stays on this server. */
  constructor(fetch: Fetch, baseUrl: string, secretKey: string) {
    this.#fetch = fetch;
    this.#baseUrl = baseUrl;
    this.#secretKey = secretKey;
  }

  /** Sells a session, once for each key. */
  createSession(request: CreateSessionRequest, idempotencyKey: string): Promise<CreateSessionAnswer> {
    return this.#send('POST', '/sessions', request, { 'Idempotency-Key': idempotencyKey });
  }

  /** Brings a customer back into a session that runs. */
  launchSession(id: string): Promise<CreateSessionAnswer> {
    return this.#send('POST', `/sessions/${encodeURIComponent(id)}/launch`);
  }

  async readSession(id: string): Promise<Session> {
    return (await this.#send<SessionAnswer>('GET', `/sessions/${encodeURIComponent(id)}`)).session;
  }

  readExtensions(id: string): Promise<ExtensionsAnswer> {
    return this.#send('GET', `/sessions/${encodeURIComponent(id)}/extensions`);
  }

  /** Newest first. */
  async listSessions(userId: string, limit: number): Promise<Session[]> {
    const query = new URLSearchParams({ user_id: userId, limit: String(limit) });
    return (await this.#send<{ sessions: Session[] }>('GET', `/sessions?${query}`)).sessions;
  }

  readCustomer(id: string): Promise<Customer> {
    return this.#send('GET', `/customers/${encodeURIComponent(id)}`);
  }

  async ensureCustomer(id: string): Promise<void> {
    await this.#send('POST', '/customers', { id }).catch((error: SessionError) => {
      if (error.code !== 'ALREADY_EXISTS') throw error;
    });
  }

  /** Adds tokens, once for each reference. */
  creditWallet(id: string, credit: { tokens: number; reference: string }): Promise<Customer> {
    return this.#send('POST', `/customers/${encodeURIComponent(id)}/credits`, credit);
  }

  /** Newest first. */
  async listWalletEntries(id: string, limit: number): Promise<WalletEntry[]> {
    const { entries } = await this.#send<{ entries: WalletEntry[] }>(
      'GET',
      `/customers/${encodeURIComponent(id)}/entries?limit=${limit}`,
    );
    return entries;
  }

  async listApplications(): Promise<{ id: string }[]> {
    return (await this.#send<{ applications: { id: string }[] }>('GET', '/applications')).applications;
  }

  /** The answer alone ever holds the new application's secret key. */
  createApplication(
    application: ApplicationFields & { id: string; provider_id: string },
  ): Promise<{ secret_key: string }> {
    return this.#send('POST', '/applications', { ...application, environment: 'test' });
  }

  async changeApplication(id: string, fields: Partial<ApplicationFields>): Promise<void> {
    await this.#send('PATCH', `/applications/${encodeURIComponent(id)}`, fields);
  }

  listWebhookEndpoints(providerId: string): Promise<{ endpoints: WebhookEndpoint[] }> {
    return this.#send('GET', `/webhook-endpoints?provider_id=${encodeURIComponent(providerId)}`);
  }

  /** The answer alone ever holds the secret that signs what is sent there. */
  createWebhookEndpoint(
    endpoint: WebhookEndpointFields & { provider_id: string },
  ): Promise<WebhookEndpoint & { secret: string }> {
    return this.#send('POST', '/webhook-endpoints', endpoint);
  }

  async changeWebhookEndpoint(
    id: string,
    fields: Partial<WebhookEndpointFields> & { enabled?: boolean },
  ): Promise<void> {
    await this.#send('PATCH', `/webhook-endpoints/${encodeURIComponent(id)}`, fields);
  }

  /** @returns the id under which the test will arrive. */
  async sendTestWebhook(endpointId: string): Promise<string> {
    return (await this.#send<{ id: string }>('POST', `/webhook-endpoints/${endpointId}/test`)).id;
  }

  async #send<T>(
    method: string,
    path: string,
    body?: object,
    headers: Record<string, string> = {},
  ): Promise<T> {
    const response = await this.#fetch(
      new Request(`${this.#baseUrl}/api/v1${path}`, {
        method,
        headers: {
          Authorization: `Bearer ${this.#secretKey}`,
          ...(body && { 'Content-Type': 'application/json' }),
          ...headers,
        },
        ...(body && { body: JSON.stringify(body) }),
      }),
    );
    if (response.ok) return (await response.json()) as T;
    const { code, detail, top_up_url } = (await response.json()) as Problem;
    throw new SessionError(code as ErrorCode, {
      status: response.status,
      ...(detail && { message: detail }),
      ...(top_up_url && { topUpUrl: top_up_url }),
    });
  }
}
