import type { SessionStatus } from './session.js';

/** Events that the service writes to its outbox, one row each, in the transaction of the change itself. */
export interface ServiceEvents {
  'session.started': { session_id: string; expires_at: number };
  'session.extended': {
    session_id: string;
    expires_at: number | null;
    additional_seconds: number;
    additional_cost: number;
  };
  'session.paused': { session_id: string; pause_ends_at: number };
  'session.resumed': { session_id: string; expires_at: number };
  'session.ended': {
    session_id: string;
    status: SessionStatus;
    used_seconds: number;
    final_cost: number;
    tokens_refunded: number;
  };
}

export type ServiceEventType = keyof ServiceEvents;
