// Streams: what happens to a session, told as it happens.
import type { ServiceContext } from '../../foundation/context.js';
import type { Feature } from '../../foundation/feature.js';
import type { Attendance } from '../presence/index.js';
import type { OpenStreams } from './open-streams.js';
import { sessionEventsRoute } from './routes.js';

export { eventFrame, frame, stateFrame } from './frame.js';
export { readEnds, readEventId } from './last-event-id.js';
export { OpenStreams } from './open-streams.js';
export { streamHeaders } from './routes.js';
export { streamCredentialOf } from './stream-credential.js';
export type { StreamSource, Told } from './stream-source.js';

export function streamsFeature(
  context: ServiceContext,
  streams: OpenStreams,
  attendance: Attendance,
): Feature {
  context.metrics.add({
    name: 'open_streams',
    help: 'Open streams of live events',
    read: () => streams.size,
  });
  return {
    mount: (app, authenticator) => sessionEventsRoute(app, context, authenticator, { streams, attendance }),
    start: () => streams.start(),
    drain: () => streams.stop(),
    close: () => streams.stop(),
  };
}
