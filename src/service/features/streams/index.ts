// Streams: what happens to a session, told as it happens.
import type { ServiceContext } from '../../foundation/context.js';
import type { Feature } from '../../foundation/feature.js';
import type { Attendance } from '../presence/index.js';
import type { OpenStreams } from './open-streams.js';
import { sessionEventsRoute } from './routes.js';

export { OpenStreams } from './open-streams.js';

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
