import { SessionError } from '../protocol/errors.js';

/** One try of a call, as hooks hear of it. It holds no key, no header and no body. */
export interface AttemptInfo {
  method: string;
  /** Without its query, which may name people. */
  path: string;
  /** 1 for the first try. */
  attempt: number;
  /** The same for all tries of a call; undefined where the operation takes none. */
  idempotencyKey: string | undefined;
}

export interface AttemptResult extends AttemptInfo {
  durationMs: number;
  /** Undefined where no answer came. */
  status: number | undefined;
  /** The service's id of the request. */
  requestId: string | undefined;
}

/** Where lines go, such as `console`. */
export type SdkLogger = Pick<Console, 'debug' | 'warn' | 'error'>;

export interface MarketplaceOptions {
  /** An application's secret key, or the operator's key; the environment's `MARKETPLACE_SECRET_KEY` by default. */
  secretKey?: string | undefined;
  /** The session service, with or without `/api/v1`; the environment's `MARKETPLACE_API_URL` by default. */
  apiUrl?: string | undefined;
  /** How long a call may take with all its tries and pauses, ms; 30 000 by default. */
  timeoutMs?: number | undefined;
  /** How often a call is tried again; 2 by default. */
  maxRetries?: number | undefined;
  /** In place of the global one: for proxies, tests, and services in the same process. */
  fetch?: ((request: Request) => Response | Promise<Response>) | undefined;
  /** Sent with each request, beside those of the SDK. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Hears of each try (`debug`), of what is tried again (`warn`) and of a hook that throws (`error`). */
  logger?: SdkLogger | undefined;
  onRequest?: ((attempt: AttemptInfo) => void) | undefined;
  onResponse?: ((result: AttemptResult) => void) | undefined;
}

/** What every method takes last. */
export interface CallOptions {
  /** Names the change, so that it is made once however often it is asked for; made up for each call by default. */
  idempotencyKey?: string | undefined;
  timeoutMs?: number | undefined;
  maxRetries?: number | undefined;
  signal?: AbortSignal | undefined;
  headers?: Readonly<Record<string, string>> | undefined;
}

/** Options with their defaults. */
export interface ResolvedOptions extends MarketplaceOptions {
  secretKey: string;
  /** Ends in `/api/v1`. */
  baseUrl: string;
  timeoutMs: number;
  maxRetries: number;
  fetch: (request: Request) => Response | Promise<Response>;
}

/**
 * @throws {SessionError} `SECRET_KEY_IN_BROWSER`
 * @throws {TypeError} where the key or the address is missing or none.
 */
export function resolveOptions(options: MarketplaceOptions): ResolvedOptions {
  refuseBrowser();
  const { timeoutMs = 30_000, maxRetries = 2 } = options;
  const secretKey = options.secretKey ?? environment('MARKETPLACE_SECRET_KEY');
  if (typeof secretKey !== 'string' || !/^[!-~]+$/.test(secretKey))
    throw new TypeError('secretKey is missing: pass it, or set MARKETPLACE_SECRET_KEY');
  checkLimits({ timeoutMs, maxRetries });
  return {
    ...options,
    secretKey,
    baseUrl: baseUrlOf(options.apiUrl ?? environment('MARKETPLACE_API_URL')),
    timeoutMs,
    maxRetries,
    // Asked for at each call: tests and instrumentation replace the global one.
    fetch: options.fetch ?? ((request) => fetch(request)),
  };
}

/** @throws {TypeError} */
export function checkLimits({ timeoutMs, maxRetries }: { timeoutMs: number; maxRetries: number }): void {
  // Timers count 31 bits.
  if (!(timeoutMs > 0 && timeoutMs < 2 ** 31 && Number.isInteger(maxRetries) && maxRetries >= 0))
    throw new TypeError('timeoutMs must be from 1 to 2147483647, and maxRetries from 0 on');
}

function baseUrlOf(apiUrl: string | undefined): string {
  if (!apiUrl) throw new TypeError('apiUrl is missing: pass it, or set MARKETPLACE_API_URL');
  const url = /^https?:\/\/[^?#@]+$/.test(apiUrl) && URL.canParse(apiUrl) ? new URL(apiUrl) : undefined;
  if (!url) throw new TypeError('apiUrl must be an http address without query and credentials');
  return `${url.href.replace(/\/+$/, '').replace(/\/api\/v1$/, '')}/api/v1`;
}

/** A variable of the environment, in runtimes that have one. */
export function environment(name: string): string | undefined {
  return (globalThis as { process?: { env?: Record<string, string | undefined> } }).process?.env?.[name];
}

/** A page's code is everybody's to read, in a window, a worker and an app alike. */
function refuseBrowser(): void {
  const { document, importScripts, navigator } = globalThis as {
    document?: unknown;
    importScripts?: unknown;
    navigator?: { product?: string };
  };
  if (document === undefined && importScripts === undefined && navigator?.product !== 'ReactNative') return;
  throw new SessionError('SECRET_KEY_IN_BROWSER', {
    message: 'Marketplace is for servers: in a browser everybody could read its secret key.',
  });
}
