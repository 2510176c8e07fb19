import type { Extension, SessionFile, SessionMessage, WaitsFor } from '../../protocol/api.js';
import type { Participating } from '../../protocol/events.js';
import type { BoughtBlock } from '../../protocol/rules/cost.js';
import type { SessionFacts } from '../../protocol/rules/session-facts.js';

/** Somebody who is, or was, in a session. Instants are ms since the epoch. */
export interface Attendant extends Participating {
  state: 'present' | 'lost';
  since: number;
  /** Open streams. */
  streams: number;
  /** Is lost then. */
  timer: number | undefined;
}

/** A file, and what it was sent by. */
export interface KeptFile {
  facts: Omit<SessionFile, 'url' | 'url_expires_at'>;
  content: Blob;
  /** The `Idempotency-Key`, and whose. */
  key: string;
}

/** A session, and all that belongs to it. */
export interface SessionRecord extends SessionFacts {
  metadata: Record<string, string>;
  waits_for: WaitsFor | null;
  waits_for_id: string | null;
  help_request_id: string | null;
  /** How often it was launched again. */
  launch_count: number;
  /** What was bought, in the order in which it is used up. */
  blocks: BoughtBlock[];
  extensions: Extension[];
  messages: SessionMessage[];
  files: KeptFile[];
  attendants: Map<string, Attendant>;
}
