/** What a session token for a user may be allowed to do with its session. */
export const sessionOperations = [
  'use_session',
  'pause_session',
  'extend_session',
  'complete_session',
] as const;

/** What it may be allowed to read about its customer. */
export const customerOperations = [
  'read_customer',
  'read_wallet',
  'read_subscription',
  'read_sessions',
] as const;

export type CustomerOperation = (typeof customerOperations)[number];

/** All of them: what stands in the `scope` of a session token (RFC 8693, 4.2). */
export const operations = [...sessionOperations, ...customerOperations] as const;

export type Operation = (typeof operations)[number];
