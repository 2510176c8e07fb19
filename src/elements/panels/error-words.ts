import type { SessionError } from '../../protocol/errors.js';
import type { ErrorCode } from '../../protocol/error-codes.js';

/** What a person is told: what happened, and what to do. */
export interface ErrorWords {
  title: string;
  advice: string;
  /** Whether the same may work in a moment. */
  canRetry?: boolean;
}

const brokenLink: ErrorWords = {
  title: 'This session link does not work',
  advice: 'Go back to the marketplace and open the session from there.',
};
const over: ErrorWords = {
  title: 'This session is over',
  advice: 'You can buy more time in the marketplace.',
};
const wrongSetUp: ErrorWords = {
  title: 'This page is not set up correctly',
  advice: 'You did nothing wrong. Please tell the people who run this page.',
};
const unreachable: ErrorWords = {
  title: 'The marketplace cannot be reached',
  advice: 'Check your connection, then try again. Time that you bought may keep running.',
  canRetry: true,
};
const busy: ErrorWords = {
  title: 'The marketplace cannot answer just now',
  advice: 'Nothing is lost. Try again in a moment.',
  canRetry: true,
};

const words: Partial<Record<ErrorCode, ErrorWords>> = {
  TOKEN_MISSING: {
    title: 'There is no session here',
    advice: 'Open this page from the marketplace where you bought your time.',
  },
  TOKEN_EXPIRED: over,
  SESSION_ENDED: over,
  TOKEN_NOT_YET_VALID: {
    title: 'This session has not begun yet',
    advice: 'Check the clock of your device, then try again.',
    canRetry: true,
  },
  SESSION_NOT_FOUND: { title: 'The marketplace does not know this session', advice: brokenLink.advice },
  ORIGIN_REFUSED: wrongSetUp,
  CONFIGURATION_INVALID: wrongSetUp,
  CREDENTIAL_INSUFFICIENT: wrongSetUp,
  ANSWER_INVALID: wrongSetUp,
  KEYS_INVALID: wrongSetUp,
  KEYS_UNAVAILABLE: unreachable,
  NETWORK_FAILED: unreachable,
  TIMED_OUT: unreachable,
};

/** Why there is no session. */
export function failureWords({ code }: SessionError): ErrorWords {
  return words[code] ?? (/^(TOKEN|CREDENTIAL)_/.test(code) ? brokenLink : busy);
}

const nothingCharged = 'Nothing was charged.';

const refusals: Partial<Record<ErrorCode, string>> = {
  INSUFFICIENT_TOKENS: `You have too few tokens for this. ${nothingCharged}`,
  EXTENSION_LIMIT_REACHED: `This session cannot be longer. ${nothingCharged}`,
  EXTENSION_PRICE_CHANGED: `The price has changed meanwhile. ${nothingCharged}`,
  EXTENSION_REFUSED: `This cannot be bought for this session. ${nothingCharged}`,
  SESSION_ENDED: `The session was over already. ${nothingCharged}`,
  RATE_LIMITED: `That was too often in a short time. ${nothingCharged} Try again in a moment.`,
};

/** Why an extension was refused, and whether anything was charged. */
export function extensionRefusal({ code, status }: SessionError): string {
  if (refusals[code]) return refusals[code];
  if (status && status < 500) return `That did not work. ${nothingCharged}`;
  return 'The marketplace did not answer, so it is not certain whether the time was added. Try again: it is never charged twice.';
}

/** Why anything else was refused. */
export function refusal({ code }: SessionError): string {
  if (code === 'PAUSE_NOT_ALLOWED') return 'This session cannot be paused any more.';
  return `${failureWords({ code } as SessionError).title}. Please try again.`;
}
