import type { Participant } from '../../../protocol/events.js';
import type { Credential } from '../../foundation/auth/credential.js';
import { InvalidRequest } from '../../foundation/invalid-request.js';
import { SecretKeyCredential } from '../applications/index.js';
import { participantOf, sideOf } from '../presence/index.js';
import type { SessionView } from '../sessions/index.js';
import type { RoomGuest } from './room-provider.js';

/**
 * For whom a request to a room is: for oneself. A server is in no room itself, and names a side.
 * @throws {InvalidRequest} where a server names none, or somebody the other one.
 */
export function guestOf(
  credential: Credential,
  view: Pick<SessionView, 'user_id' | 'provider_id'>,
  named: Participant | undefined,
): Pick<RoomGuest, 'participant' | 'id'> {
  const known = participantOf(credential, view);
  const isServer = !known || credential instanceof SecretKeyCredential;
  const participant = isServer ? named : sideOf(known.role);
  if (participant !== undefined && (named ?? participant) === participant)
    return { participant, id: isServer ? participant : known.participant };
  const message = isServer ? 'a server says for which side' : 'the own side, or nothing';
  throw new InvalidRequest([{ pointer: '/participant', message }]);
}
