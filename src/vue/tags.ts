// Made by `npm run generate`. Change the source, not this file.
/** The package's tags. */
export const tags: ReadonlySet<string> = new Set([
  'marketplace-session',
  'marketplace-session-connection',
  'marketplace-session-extend',
  'marketplace-session-timer',
  'marketplace-session-warning',
  'marketplace-session-chat',
  'marketplace-helper-desk',
  'marketplace-session-files',
  'marketplace-notifications',
  'marketplace-session-outcome',
  'marketplace-session-preflight',
  'marketplace-help-request',
  'marketplace-session-room',
  'marketplace-dashboard',
  'marketplace-setup',
]);
