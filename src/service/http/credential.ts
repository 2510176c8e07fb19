import type { Pauser } from '../../protocol/pauser.js';
import type { SessionView } from '../sessions/session-view.js';

/** Who asks. */
export type Credential =
  | { kind: 'operator' }
  /**
   * A secret key: confined to its application and the application's sessions; of its provider it reads
   * everything, and changes settings and webhooks.
   */
  | { kind: 'application'; applicationId: string; providerId: string }
  /** A session token: confined to its session. Its times are in seconds since the epoch. */
  | { kind: 'session'; view: SessionView; issuedAt: number; expiresAt: number };

/** Its name among all others: `operator`, `application:<id>`, `session:<id>`. */
export function credentialName(credential: Credential): string {
  switch (credential.kind) {
    case 'operator':
      return 'operator';
    case 'application':
      return `application:${credential.applicationId}`;
    case 'session':
      return `session:${credential.view.id}`;
  }
}

const sides = { operator: 'marketplace', application: 'provider', session: 'customer' } as const;

/** For whom it speaks. */
export const sideOf = ({ kind }: Credential): Pauser => sides[kind];
