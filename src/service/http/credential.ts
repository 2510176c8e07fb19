import type { SessionView } from '../sessions/session-view.js';

/** Who asks. */
export type Credential =
  | { kind: 'operator' }
  /** A secret key: confined to its application and the application's sessions. */
  | { kind: 'application'; applicationId: string }
  /** A session token: confined to its session. `expiresAt` in seconds since the epoch. */
  | { kind: 'session'; view: SessionView; expiresAt: number };
