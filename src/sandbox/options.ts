import type { ApplicationTerms } from '../protocol/rules/session-facts.js';

export interface SandboxOptions {
  /** The address that it answers for; `http://localhost/api/v1` by default. Nothing has to be there. */
  apiEndpoint?: string | undefined;
  /** Milliseconds since the epoch; `Date.now`, looked up at each call, by default. */
  now?: (() => number) | undefined;
  /** Opens what a provider's server asks for, the calls of the SDK; `sk_test_sandbox` by default. */
  secretKey?: string | undefined;
  applicationId?: string | undefined;
  providerId?: string | undefined;
  /** The customer of `sell()`. */
  userId?: string | undefined;
  /** What is in the wallet of each customer at first; 1000 by default. */
  tokens?: number | undefined;
  /** The price of a minute; 10 by default. */
  tokensPerMinute?: number | undefined;
  /** Minutes that can be bought, each at the price of a minute; 15, 30 and 60 by default. */
  extendMinutes?: readonly number[] | undefined;
  /** How many extensions a session may have; any number by default. */
  maxExtensions?: number | undefined;
  /** The longest session, extensions included, seconds; a day by default. */
  maxDurationSeconds?: number | undefined;
  /** Seconds that a session may be paused for; 600 by default, 0 allows no pause. */
  maxPauseSeconds?: number | undefined;
  /** How long before the end the service warns, seconds; 300 by default. */
  warningSeconds?: number | undefined;
  /** How often a page is to send a heartbeat, seconds; 30 by default. */
  heartbeatSeconds?: number | undefined;
  /** Where customers are sent with a session token. */
  launchUrl?: string | undefined;
  /** Origins that a session may return to. */
  returnOrigins?: readonly string[] | undefined;
  topUpUrl?: string | undefined;
}

/** Options with their defaults. */
export interface Settings {
  apiEndpoint: string;
  now: () => number;
  secretKey: string;
  applicationId: string;
  providerId: string;
  userId: string;
  tokens: number;
  tokensPerMinute: number;
  warningSeconds: number;
  heartbeatSeconds: number;
  launchUrl: string | null;
  terms: ApplicationTerms;
}

export function resolveOptions(options: SandboxOptions): Settings {
  const {
    apiEndpoint = 'http://localhost/api/v1',
    now = () => Date.now(),
    secretKey = 'sk_test_sandbox',
    applicationId = 'sandbox-app',
    providerId = 'sandbox-provider',
    userId = 'sandbox-customer',
    tokens = 1000,
    tokensPerMinute = 10,
    extendMinutes = [15, 30, 60],
    maxExtensions = null,
    maxDurationSeconds = 86_400,
    maxPauseSeconds = 600,
    warningSeconds = 300,
    heartbeatSeconds = 30,
    launchUrl = null,
    returnOrigins = [],
    topUpUrl = null,
  } = options;
  if (!/^sk_test_/.test(secretKey)) throw new TypeError('secretKey must begin with sk_test_');
  return {
    ...{ apiEndpoint: apiEndpoint.replace(/\/+$/, ''), now, secretKey, applicationId, providerId, userId },
    ...{ tokens, tokensPerMinute, warningSeconds, heartbeatSeconds, launchUrl },
    terms: {
      provider_id: providerId,
      return_origins: [...returnOrigins],
      extension_options: extendMinutes.map((minutes) => ({
        additional_seconds: minutes * 60,
        tokens: minutes * tokensPerMinute,
      })),
      max_duration_seconds: maxDurationSeconds,
      max_extensions: maxExtensions,
      pausable: maxPauseSeconds > 0,
      max_pause_seconds: maxPauseSeconds,
      top_up_url: topUpUrl,
    },
  };
}
