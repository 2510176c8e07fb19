import { SessionError } from '../../../protocol/errors.js';
import { repeatsMember } from '../../../protocol/plain-json.js';

/**
 * Refuses JSON with an object that names a member twice (RFC 7493, 2.3): which of the two counts is everybody's own guess, and
 * who checks it may have guessed another way than who acts on it.
 * @param text JSON that was parsed already
 * @throws {SessionError} `BODY_MEMBER_REPEATED`
 */
export function requireSingleMembers(text: string): void {
  if (repeatsMember(text)) throw new SessionError('BODY_MEMBER_REPEATED');
}
