import type { Problem } from '../protocol/api.js';
import type { ErrorCode, errorCodes } from '../protocol/error-codes.js';
import { SessionError, type SessionErrorDetails } from '../protocol/errors.js';
import { retryAfterSecondsOf } from './retries.js';

/** Codes that come with that HTTP status. */
export type CodeOf<Status extends number> = {
  [Code in ErrorCode]: (typeof errorCodes)[Code]['status'] extends Status ? Code : never;
}[ErrorCode];

/** Every failed call rejects with one of these, but for one that its caller has aborted: that one with the signal's reason. */
export class MarketplaceError extends SessionError {
  override name = 'MarketplaceError';
}

/** No answer came. Whether the service has done what was asked is not known. */
export class ConnectionError extends MarketplaceError {
  override name = 'ConnectionError';
  declare readonly code: 'NETWORK_FAILED' | 'TIMED_OUT';

  constructor(message: string, cause: unknown, code: 'NETWORK_FAILED' | 'TIMED_OUT' = 'NETWORK_FAILED') {
    super(code, { message, cause });
  }
}

/** The call took longer than its `timeoutMs`. */
export class TimeoutError extends ConnectionError {
  override name = 'TimeoutError';

  constructor(message: string, cause: unknown) {
    super(message, cause, 'TIMED_OUT');
  }
}

/** Something answered, but not as the session service does: a proxy, a web page, a redirect. */
export class InvalidAnswerError extends MarketplaceError {
  override name = 'InvalidAnswerError';
  declare readonly code: 'ANSWER_INVALID';

  constructor(what: string, response: Response) {
    super('ANSWER_INVALID', {
      message: `${what}. Does apiUrl name the session service itself?`,
      status: response.status,
      requestId: requestIdOf(response),
    });
  }
}

/** What is wrong with one field. */
export interface FieldFault {
  /** Where it is in the body as sent, in snake_case (RFC 6901). */
  pointer: string;
  message: string;
}

/** The service refused the call; each status has a class of its own. */
export class ApiError extends MarketplaceError {
  override name = 'ApiError';
  declare readonly status: number;
  /** Empty where no field is to blame. */
  readonly errors: readonly FieldFault[];
  /** As it came. */
  readonly response: Response;

  constructor(
    code: ErrorCode,
    response: Response,
    details: SessionErrorDetails,
    errors: readonly FieldFault[],
  ) {
    super(code, details);
    this.errors = errors;
    this.response = response;
  }
}

export class BadRequestError extends ApiError {
  override name = 'BadRequestError';
  declare readonly code: CodeOf<400>;
}
export class AuthenticationError extends ApiError {
  override name = 'AuthenticationError';
  declare readonly code: CodeOf<401>;
}
/** `topUpUrl` says where the customer can buy more. */
export class InsufficientTokensError extends ApiError {
  override name = 'InsufficientTokensError';
  declare readonly code: CodeOf<402>;
}
export class PermissionDeniedError extends ApiError {
  override name = 'PermissionDeniedError';
  declare readonly code: CodeOf<403>;
}
export class NotFoundError extends ApiError {
  override name = 'NotFoundError';
  declare readonly code: CodeOf<404>;
}
export class ConflictError extends ApiError {
  override name = 'ConflictError';
  declare readonly code: CodeOf<409>;
}
export class GoneError extends ApiError {
  override name = 'GoneError';
  declare readonly code: CodeOf<410>;
}
/** `errors` names the fields. */
export class UnprocessableError extends ApiError {
  override name = 'UnprocessableError';
  declare readonly code: CodeOf<422>;
}
/** `retryAfterSeconds` says when to come back. */
export class RateLimitError extends ApiError {
  override name = 'RateLimitError';
  declare readonly code: CodeOf<429>;
}
/** The service itself failed: 500 and above. */
export class ServiceError extends ApiError {
  override name = 'ServiceError';
  declare readonly code: CodeOf<500 | 503>;
}

const classes: Record<number, unknown> = {
  400: BadRequestError,
  401: AuthenticationError,
  402: InsufficientTokensError,
  403: PermissionDeniedError,
  404: NotFoundError,
  409: ConflictError,
  410: GoneError,
  422: UnprocessableError,
  429: RateLimitError,
};

/** What proxies between here and the service mean when they answer by themselves. */
const codesOfProxies: Record<number, ErrorCode> = {
  408: 'REQUEST_TIMED_OUT',
  429: 'RATE_LIMITED',
  500: 'SERVICE_ERROR',
  502: 'SERVICE_UNAVAILABLE',
  503: 'SERVICE_UNAVAILABLE',
  504: 'SERVICE_UNAVAILABLE',
};

/** The error of an answer that is none of success. */
export function errorOf(response: Response, body: object = {}): MarketplaceError {
  const { status } = response;
  if (response.type === 'opaqueredirect' || (status >= 300 && status < 400))
    return new InvalidAnswerError('A redirect is not followed with a secret key', response);
  const problem: Partial<Problem> = body;
  const requestId = requestIdOf(response);
  const code = typeof problem.code === 'string' ? (problem.code as ErrorCode) : codesOfProxies[status];
  if (!code) return new InvalidAnswerError(`${status} came without a code`, response);
  const errors = Array.isArray(problem.errors) ? problem.errors : [];
  const said = problem.detail ?? problem.title ?? `The service answered ${status}.`;
  const faults = errors.map(({ pointer, message }) => ` ${pointer}: ${message}.`).join('');
  const details: SessionErrorDetails = {
    message: `${said}${faults} (${status} ${code}${requestId ? `, request ${requestId}` : ''})`,
    status,
    requestId,
    retryAfterSeconds: retryAfterSecondsOf(response),
    topUpUrl: problem.top_up_url,
  };
  const Class = (classes[status] ?? (status >= 500 ? ServiceError : ApiError)) as typeof ApiError;
  return new Class(code, response, details, errors);
}

/** The service's id of a request. */
export const requestIdOf = (response: Response) => response.headers.get('x-request-id') ?? undefined;
