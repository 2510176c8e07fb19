import type { Participating } from '../../../protocol/events.js';
import type { Credential } from '../../foundation/auth/credential.js';
import type { ParticipantKey, ParticipantRow } from '../../foundation/database/schema.js';
import { AccessTokenCredential } from '../access-tokens/index.js';
import type { SessionView } from '../sessions/index.js';

/** Who is in a session, as it is kept. */
export type SessionParticipant = Pick<ParticipantRow, 'participant' | 'role' | 'participant_id'>;

/**
 * As whom somebody listens to a session. A session token is the customer, in however many browsers; a secret key is the
 * provider. An access token is one person each: a helper, or a member, who speaks for the provider; without
 * `sessions.attend` an observer. The marketplace is nobody, nor is a customer by an access token: who looks at the own account
 * is not in the session by that.
 */
export function participantOf(
  credential: Credential,
  { user_id, provider_id }: Pick<SessionView, 'user_id' | 'provider_id'>,
): SessionParticipant | undefined {
  if (credential instanceof AccessTokenCredential) return personOf(credential);
  if (credential.side === 'customer')
    return { participant: 'customer', role: 'customer', participant_id: user_id };
  if (credential.side === 'provider')
    return { participant: 'provider', role: 'provider', participant_id: provider_id };
  return undefined;
}

function personOf({ subject, permissions }: AccessTokenCredential): SessionParticipant | undefined {
  if (subject.kind === 'customer') return undefined;
  const asAttendant = subject.kind === 'helper' ? 'helper' : 'provider';
  const role = permissions.includes('sessions.attend') ? asAttendant : 'observer';
  return { participant: `${role}:${subject.id}`, role, participant_id: subject.id };
}

/** The side that somebody is of; undefined for an observer. */
export const sideOf = (role: SessionParticipant['role']): Participating['participant'] =>
  role === 'observer' ? undefined : role === 'customer' ? 'customer' : 'provider';

/** How a participant is told of. */
export const toParticipating = ({ role, participant_id }: SessionParticipant): Participating => ({
  participant: sideOf(role),
  role,
  participant_id,
});

/** Whether it tells of that participant. What an older version wrote names the side alone. */
export const isOf = (
  told: Participating,
  { participant, role, participant_id }: SessionParticipant,
): boolean =>
  told.role === undefined
    ? told.participant === participant
    : told.role === role && told.participant_id === participant_id;

/** Whether its page sends heartbeats: the customer's alone does. */
export const hasHeartbeats = (key: ParticipantKey): boolean => key === 'customer';
