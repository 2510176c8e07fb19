import type { ErrorCode } from './error-codes.js';

/** What a `SessionError` may carry beside its code. */
export interface SessionErrorDetails {
  /** What happened, in one sentence for a developer. Never holds a token. */
  message?: string | undefined;
  /** HTTP status of the answer that carried the error. */
  status?: number | undefined;
  /** Seconds to wait before another try, from `Retry-After` (RFC 9110, 10.2.3). */
  retryAfterSeconds?: number | undefined;
  /** Where more tokens can be bought, with `INSUFFICIENT_TOKENS`. */
  topUpUrl?: string | undefined;
  /** The service's id of the failed request, for a support case. */
  requestId?: string | undefined;
  cause?: unknown;
}

/**
 * The one error class of this package. `code` is stable and listed, with what to do about it, in
 * `error-codes.ts` and in docs/troubleshooting.md.
 */
export class SessionError extends Error {
  declare readonly code: ErrorCode;
  declare readonly status: number | undefined;
  declare readonly retryAfterSeconds: number | undefined;
  declare readonly topUpUrl: string | undefined;
  declare readonly requestId: string | undefined;

  constructor(code: ErrorCode, { message = code, cause, ...details }: SessionErrorDetails = {}) {
    super(message, { cause });
    this.name = 'SessionError';
    this.code = code;
    Object.assign(this, details);
  }
}
