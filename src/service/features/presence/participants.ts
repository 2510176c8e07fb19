import type { Participating } from '../../../protocol/events.js';
import type { Pauser } from '../../../protocol/pauser.js';
import type { Credential } from '../../foundation/auth/credential.js';
import type { MessageRow, ParticipantKey, ParticipantRow } from '../../foundation/database/schema.js';
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

function personOf(credential: AccessTokenCredential): SessionParticipant | undefined {
  const { subject, permissions } = credential;
  if (subject.kind === 'customer') return undefined;
  const role = permissions.includes('sessions.attend') ? attendantRole(credential) : 'observer';
  return { participant: `${role}:${subject.id}`, role, participant_id: subject.id };
}

const attendantRole = ({ subject }: AccessTokenCredential) =>
  subject.kind === 'helper' ? 'helper' : 'provider';

/** Who has written something in a session, as it is kept. */
export type Sender = Pick<MessageRow, 'sender' | 'role' | 'participant_id'>;

/** As whom somebody writes in a session: who writes is no observer, and the marketplace is somebody here. */
export function senderOf(credential: Credential, view: Pick<SessionView, 'user_id' | 'provider_id'>): Sender {
  if (credential instanceof AccessTokenCredential && credential.side === 'provider') {
    const { id } = credential.subject;
    const role = attendantRole(credential);
    return { sender: `${role}:${id}`, role, participant_id: id };
  }
  if (credential.side === 'customer')
    return { sender: 'customer', role: 'customer', participant_id: view.user_id };
  if (credential.side === 'provider')
    return { sender: 'provider', role: 'provider', participant_id: view.provider_id };
  return { sender: 'marketplace', role: null, participant_id: null };
}

/** The side of a sender. */
export const sideOfSender = ({ role }: Pick<Sender, 'role'>): Pauser =>
  role === null ? 'marketplace' : sideOf(role)!;

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
