import type { Permission } from '../../foundation/auth/permissions.js';

/** Who a person is to the marketplace. */
export const subjectKinds = ['customer', 'helper', 'member'] as const;

export type SubjectKind = (typeof subjectKinds)[number];

/** Whom an access token speaks for. */
export interface Subject {
  kind: SubjectKind;
  id: string;
}

/**
 * What an access token of each kind of person may be given; a secret key has all of it too. A customer reaches the own
 * sessions and help requests, a member what is the provider's, a helper what the provider offers, the own desk, the help
 * requests that were offered to him, the talks of those that he has taken, and of other sessions those whose ids he was given.
 */
export const grantable = {
  customer: [
    'sessions.list',
    'sessions.read',
    'messages.read',
    'files.read',
    'help-categories.read',
    'help-requests.read',
    'help-requests.cancel',
  ],
  helper: [
    'sessions.read',
    'sessions.attend',
    'messages.read',
    'messages.send',
    'files.read',
    'files.upload',
    'applications.read',
    'providers.read',
    'helpers.read',
    'helpers.attend',
    'help-categories.read',
    'help-requests.read',
    'help-requests.answer',
  ],
  member: [
    'sessions.list',
    'sessions.read',
    'sessions.attend',
    'messages.read',
    'messages.send',
    'files.read',
    'files.upload',
    'applications.read',
    'applications.configure',
    'installations.verify',
    'secret-keys.roll',
    'providers.read',
    'figures.read',
    'helpers.read',
    'help-categories.read',
    'help-requests.read',
    'webhooks.read',
    'exceptions.read',
  ],
} as const satisfies Record<SubjectKind, readonly Permission[]>;

export type GrantablePermission = (typeof grantable)[SubjectKind][number];

/** Whatever any of them may be given. */
export const grantablePermissions = [...new Set(Object.values(grantable).flat())];
