import type { Transaction } from 'kysely';
import type { ServiceContext } from '../../foundation/context.js';
import type { PresenceRow, SessionRow, Tables } from '../../foundation/database/schema.js';
import { startSession, type Startable } from '../sessions/index.js';
import { readPresences } from './presences.js';

/** A locked session, as far as it matters whether it is to start. */
export type MayStart = Startable & Pick<SessionRow, 'waiting_until' | 'waits_for' | 'waits_for_id'>;

/**
 * Starts those of locked sessions that wait and have both sides now: the customer, and whomever they wait for. Each has to be
 * there with an open stream; who may come back within the time of a reload is not there yet, because from here on it costs.
 */
export async function startJoined(
  context: ServiceContext,
  trx: Transaction<Tables>,
  sessions: readonly MayStart[],
  now: number,
): Promise<void> {
  // One whose waiting is over is cancelled, by whoever comes to it next.
  const waiting = sessions.filter(({ waiting_until }) => waiting_until !== null && waiting_until > now);
  if (waiting.length === 0) return;
  const presences = await readPresences(
    trx,
    waiting.map(({ id }) => id),
  );
  const isThere = (sessionId: string, roles: readonly PresenceRow['role'][], whoId: string | null = null) =>
    presences.some(
      ({ session_id, role, participant_id, state, is_attended }) =>
        session_id === sessionId &&
        roles.includes(role) &&
        (whoId === null || participant_id === whoId) &&
        state === 'present' &&
        is_attended,
    );
  for (const session of waiting) {
    const awaited = rolesOf[session.waits_for ?? 'provider'];
    if (isThere(session.id, ['customer']) && isThere(session.id, awaited, session.waits_for_id))
      await startSession(context, trx, session, now);
  }
}

const rolesOf = {
  provider: ['provider', 'helper'],
  helper: ['helper'],
  server: [],
} as const satisfies Record<NonNullable<SessionRow['waits_for']>, readonly PresenceRow['role'][]>;
