import { HTTPException } from 'hono/http-exception';
import type { Problem } from '../../../protocol/api.js';
import { errorCodes, type ErrorCode } from '../../../protocol/error-codes.js';
import { SessionError } from '../../../protocol/errors.js';
import { mayPass } from '../database/failures.js';
import { OperationNotAllowed } from '../auth/operation-not-allowed.js';
import { InvalidRequest } from '../invalid-request.js';

/** What the HTTP layer itself refuses, by status. */
const codesByStatus: Record<number, ErrorCode> = { 400: 'BODY_MALFORMED', 415: 'CONTENT_TYPE_UNSUPPORTED' };

const bearerChallenge = 'Bearer realm="marketplace-session"';

/** RFC 9449, 7.1: what was wrong with the proof, and which algorithm is accepted. */
const challenges: Partial<Record<ErrorCode, string>> = {
  PROOF_REQUIRED: 'DPoP algs="ES256"',
  PROOF_INVALID: 'DPoP error="invalid_dpop_proof", algs="ES256"',
  PROOF_REPLAYED: 'DPoP error="invalid_dpop_proof", algs="ES256"',
  SESSION_BOUND_ELSEWHERE: 'DPoP error="invalid_token", algs="ES256"',
};

/** The error as this service tells it; what is not a `SessionError` tells nothing of itself. */
export function toSessionError(error: unknown): SessionError {
  if (error instanceof SessionError) return error;
  if (error instanceof HTTPException) return new SessionError(codesByStatus[error.status] ?? 'SERVICE_ERROR');
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  // Node's word for a caller who left before his request was whole; nobody reads the answer.
  if (code === 'ECONNRESET' && message === 'aborted') return new SessionError('BODY_MALFORMED');
  const isTransient = mayPass(error);
  return new SessionError(isTransient ? 'SERVICE_UNAVAILABLE' : 'SERVICE_ERROR', {
    cause: error,
    ...(isTransient && { retryAfterSeconds: 1 }),
  });
}

/** The answer to a failed request: problem details (RFC 9457) with a stable `code`. */
export function problemResponse(error: SessionError, requestId: string, more: object = {}): Response {
  const { status, title, action } = errorCodes[error.code];
  const problem: Problem = {
    type: `urn:marketplace-session:error:${error.code}`,
    title,
    status: status || 500,
    detail: error.message === error.code ? action : error.message,
    code: error.code,
    request_id: requestId,
    ...(error instanceof InvalidRequest && { errors: [...error.faults] }),
    ...(error.topUpUrl !== undefined && { top_up_url: error.topUpUrl }),
    ...more,
  };
  const headers = new Headers({ 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store' });
  // RFC 9110, 11.6.1: a 401 names the scheme that it wants.
  if (problem.status === 401) headers.set('WWW-Authenticate', challenges[error.code] ?? bearerChallenge);
  if (error instanceof OperationNotAllowed)
    headers.set('WWW-Authenticate', `Bearer error="insufficient_scope", scope="${error.operation}"`);
  if (error.retryAfterSeconds !== undefined) headers.set('Retry-After', String(error.retryAfterSeconds));
  return new Response(JSON.stringify(problem), { status: problem.status, headers });
}
