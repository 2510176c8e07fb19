import type { ApiPromise } from './api-promise.js';
import type * as api from './api-types.js';
import { resolveOptions, type CallOptions, type MarketplaceOptions } from './options.js';
import { AccessTokens } from './resources/access-tokens.js';
import { Applications } from './resources/applications.js';
import { Customers } from './resources/customers.js';
import { AuditEntries, Exceptions, Keys } from './resources/operation.js';
import { Providers } from './resources/providers.js';
import { Plans, Subscriptions } from './resources/subscriptions.js';
import { callFor } from './resources/resource.js';
import { SessionTokens } from './resources/session-tokens.js';
import { Sessions } from './resources/sessions.js';
import { WebhookEndpoints } from './resources/webhook-endpoints.js';
import { Transport } from './transport.js';

export interface RequestOptions extends CallOptions {
  body?: object | undefined;
  query?: object | undefined;
}

/**
 * The session service, for the server of a marketplace or a provider. Every method rejects with a `MarketplaceError`.
 * @example
 * const marketplace = new Marketplace({ secretKey: process.env.MARKETPLACE_SECRET_KEY, apiUrl: 'https://market.example' });
 * const { session, launchUrl } = await marketplace.sessions.create({ applicationId, userId, durationSeconds: 1800 });
 */
export class Marketplace {
  readonly sessions: Sessions;
  readonly customers: Customers;
  readonly plans: Plans;
  readonly subscriptions: Subscriptions;
  readonly applications: Applications;
  readonly providers: Providers;
  readonly accessTokens: AccessTokens;
  readonly sessionTokens: SessionTokens;
  readonly webhookEndpoints: WebhookEndpoints;
  /** The same as `webhookEndpoints`. */
  readonly webhooks: WebhookEndpoints;
  readonly exceptions: Exceptions;
  readonly auditEntries: AuditEntries;
  readonly keys: Keys;
  readonly #transport: Transport;

  /**
   * @throws {SessionError} `SECRET_KEY_IN_BROWSER`
   * @throws {TypeError} where the secret key or the address is missing.
   */
  constructor(options: MarketplaceOptions = {}) {
    const transport = new Transport(resolveOptions(options));
    this.#transport = transport;
    this.sessions = new Sessions(transport);
    this.customers = new Customers(transport);
    this.plans = new Plans(transport);
    this.subscriptions = new Subscriptions(transport);
    this.applications = new Applications(transport);
    this.providers = new Providers(transport);
    this.accessTokens = new AccessTokens(transport);
    this.sessionTokens = new SessionTokens(transport);
    this.webhooks = this.webhookEndpoints = new WebhookEndpoints(transport);
    this.exceptions = new Exceptions(transport);
    this.auditEntries = new AuditEntries(transport);
    this.keys = new Keys(transport);
  }

  /**
   * A session token for a user who is signed in with your server: the same as `sessionTokens.create`.
   * @example
   * const { sessionToken, expiresAt } = await marketplace.createSessionToken({ externalUserId: user.id });
   */
  createSessionToken(params: api.SessionTokenCreateParams, options?: CallOptions) {
    return this.sessionTokens.create(params, options);
  }

  /**
   * Asks what there is no method for, in the same manner: camelCase, errors, time-outs. A POST is tried again after a lost
   * answer only where you pass an `idempotencyKey`, since not every operation takes one.
   * @param path below `/api/v1`, ids percent-encoded.
   */
  request<T>(method: string, path: string, options: RequestOptions = {}): ApiPromise<T> {
    const { body, query, ...rest } = options;
    if (!path.startsWith('/')) throw new TypeError('path must begin with /');
    return callFor(this.#transport, { method, path, body, query, options: rest });
  }
}
