/** What an operation needs of whoever asks for it: a resource, and what is done with it. */
export const permissions = [
  'sessions.create',
  'sessions.list',
  'sessions.read',
  'sessions.attend',
  'sessions.launch',
  'sessions.start',
  'sessions.change',
  'sessions.extend',
  'applications.read',
  'applications.manage',
  'providers.read',
  'providers.change',
  'providers.manage',
  'figures.read',
  'customers.manage',
  'subscriptions.manage',
  'webhooks.read',
  'webhooks.manage',
  'exceptions.read',
  'exceptions.resolve',
  'access-tokens.manage',
  'audit.read',
  'keys.manage',
  'metrics.read',
] as const;

export type Permission = (typeof permissions)[number];
