// Presence: who of a session is there.
import type { ServiceContext } from '../../foundation/context.js';
import type { Feature } from '../../foundation/feature.js';
import { presenceExpiry } from './absence.js';
import type { Attendance } from './attendance.js';

export { Attendance } from './attendance.js';
export {
  isOf,
  participantOf,
  senderOf,
  sideOf,
  sideOfSender,
  type Sender,
  type SessionParticipant,
} from './participants.js';
export { presencesFor, readPresences } from './presences.js';
export { senderFields } from './sender-schema.js';

export const presenceFeature = (context: ServiceContext, attendance: Attendance): Feature => ({
  jobs: [presenceExpiry(context, attendance.instanceId)],
  start: () => attendance.start(),
  drain: () => attendance.flush(),
  close: () => attendance.stop(),
});
