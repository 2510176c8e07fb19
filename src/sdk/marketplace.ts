import { ApiPromise } from './api-promise.js';
import type * as api from './api-types.js';
import { resolveOptions, type CallOptions, type MarketplaceOptions } from './options.js';
import { accessTokens, type AccessTokens } from './resources/access-tokens.js';
import { applications, type Applications } from './resources/applications.js';
import { customers, type Customers } from './resources/customers.js';
import {
  helpCategories,
  helpers,
  helpRequests,
  type HelpCategories,
  type Helpers,
  type HelpRequests,
} from './resources/help.js';
import {
  auditEntries,
  exceptions,
  keys,
  testClock,
  type AuditEntries,
  type Exceptions,
  type Keys,
  type TestClock,
} from './resources/operation.js';
import { providers, type Providers } from './resources/providers.js';
import { plans, subscriptions, type Plans, type Subscriptions } from './resources/subscriptions.js';
import { resource, type Operations } from './resources/resource.js';
import { sessionTokens, type SessionTokens } from './resources/session-tokens.js';
import { sessions, type Sessions } from './resources/sessions.js';
import { webhookEndpoints, type WebhookEndpoints } from './resources/webhook-endpoints.js';
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
  declare readonly sessions: Sessions;
  declare readonly customers: Customers;
  declare readonly plans: Plans;
  declare readonly subscriptions: Subscriptions;
  declare readonly helpers: Helpers;
  declare readonly helpCategories: HelpCategories;
  declare readonly helpRequests: HelpRequests;
  declare readonly applications: Applications;
  declare readonly providers: Providers;
  declare readonly accessTokens: AccessTokens;
  declare readonly sessionTokens: SessionTokens;
  declare readonly webhookEndpoints: WebhookEndpoints;
  /** The same as `webhookEndpoints`. */
  readonly webhooks: WebhookEndpoints;
  declare readonly exceptions: Exceptions;
  declare readonly auditEntries: AuditEntries;
  declare readonly keys: Keys;
  declare readonly testClock: TestClock;
  readonly #transport: Transport;

  /**
   * @throws {SessionError} `SECRET_KEY_IN_BROWSER`
   * @throws {TypeError} where the secret key or the address is missing.
   */
  constructor(options: MarketplaceOptions = {}) {
    const transport = new Transport(resolveOptions(options));
    this.#transport = transport;
    Object.assign(this, resource(transport, operations));
    this.webhooks = this.webhookEndpoints;
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
    return new ApiPromise(this.#transport.send<T>({ method, path, body, query, options: rest }));
  }
}

/** Of each resource that `Marketplace` declares. */
export const operations: Operations<Omit<Marketplace, 'webhooks' | 'createSessionToken' | 'request'>> = [
  '',
  {
    sessions,
    customers,
    plans,
    subscriptions,
    helpers,
    helpCategories,
    helpRequests,
    applications,
    providers,
    accessTokens,
    sessionTokens,
    webhookEndpoints,
    exceptions,
    auditEntries,
    keys,
    testClock,
  },
];
