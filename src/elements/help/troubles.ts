import type { ErrorCode } from '../../protocol/error-codes.js';

/** Why something did not work, as far as it matters to a person; several codes share one. */
export type Trouble = 'unreachable' | 'signIn' | 'often' | 'other';

/** The first that fits. */
const families: [codes: RegExp, Trouble][] = [
  [/^(RATE_LIMITED|ACCESS_TOKEN_LIMIT_REACHED|UPLOADS_TOO_MANY)$/, 'often'],
  [/^(ACCESS_TOKEN|CREDENTIAL_(MISSING|INVALID)|TOKEN|NO_LIVE)/, 'signIn'],
  [
    /^(NETWORK|TIMED|REQUEST_(TIMED|BLOCKED)|PAGE_SERVER|SERVICE|STORAGE_UNAVAILABLE|PAYMENTS_UNAVAILABLE|IDEMPOTENCY_KEY_IN_USE)/,
    'unreachable',
  ],
];

/** What a person is told of a code; `other` is told with the code itself, for whoever runs the page. */
export const troubleOf = (code: ErrorCode): Trouble =>
  families.find(([codes]) => codes.test(code))?.[1] ?? 'other';
