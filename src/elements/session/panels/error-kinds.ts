import type { ErrorCode } from '../../../protocol/error-codes.js';
import type { SessionError } from '../../../protocol/errors.js';

/** Why there is no session, as far as it matters to a person; several codes share one. */
export type ErrorKind =
  | 'missing'
  | 'link'
  | 'unknown'
  | 'over'
  | 'early'
  | 'elsewhere'
  | 'superseded'
  | 'proof'
  | 'setUp'
  | 'unreachable'
  | 'site'
  | 'busy';

/** Why a change was refused. */
export type RefusalKind =
  'tokens' | 'limit' | 'price' | 'over' | 'often' | 'pause' | 'blocked' | 'other' | 'unsure';

const errorKinds: Partial<Record<ErrorCode, ErrorKind>> = {
  TOKEN_MISSING: 'missing',
  TOKEN_REVOKED: 'missing',
  NO_LIVE_SESSION: 'missing',
  TOKEN_EXPIRED: 'over',
  SESSION_ENDED: 'over',
  TOKEN_NOT_YET_VALID: 'early',
  SESSION_NOT_FOUND: 'unknown',
  SESSION_BOUND_ELSEWHERE: 'elsewhere',
  TOKEN_SUPERSEDED: 'superseded',
  PAGE_SERVER_UNAVAILABLE: 'site',
};

/** Codes without a row of their own; the first that fits. */
const families: [codes: RegExp, ErrorKind][] = [
  [/^(ORIGIN|CONFIGURATION|SANDBOX|ANSWER|KEYS_INVALID|CREDENTIAL_INSUFFICIENT|OPERATION)/, 'setUp'],
  [/^(NETWORK|TIMED|KEYS|SCRIPT|REQUEST_BLOCKED)/, 'unreachable'],
  [/^PROOF/, 'proof'],
  [/^(TOKEN|CREDENTIAL)/, 'link'],
];

const refusalKinds: Partial<Record<ErrorCode, RefusalKind>> = {
  INSUFFICIENT_TOKENS: 'tokens',
  EXTENSION_LIMIT_REACHED: 'limit',
  EXTENSION_PRICE_CHANGED: 'price',
  SESSION_ENDED: 'over',
  RATE_LIMITED: 'often',
  REQUEST_BLOCKED: 'blocked',
  PAUSE_NOT_ALLOWED: 'pause',
  OPERATION_NOT_ALLOWED: 'other',
};

/** Why there is no session. */
export function errorKind({ code }: SessionError): ErrorKind {
  return errorKinds[code] ?? families.find(([codes]) => codes.test(code))?.[1] ?? 'busy';
}

/** Whether the same may work in a moment, so that a retry is offered. */
export const canRetry = (kind: ErrorKind): boolean => /early|unreachable|site|busy/.test(kind);

/** Why a change was refused; unsure where the answer may have been lost on its way. */
export function refusalKind({ code, status }: SessionError): RefusalKind {
  return refusalKinds[code] ?? (status && status < 500 ? 'other' : 'unsure');
}
