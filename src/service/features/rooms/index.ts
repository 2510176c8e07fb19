// Rooms: where the two sides of a session meet, and what their pages signal to each other for it.
import type { ServiceContext } from '../../foundation/context.js';
import type { Feature } from '../../foundation/feature.js';
import type { RoomProvider } from './room-provider.js';
import { followSessions } from './follow-sessions.js';
import { roomWork } from './room-work.js';
import { roomRoutes } from './routes.js';

export { embedded, type EmbeddedOptions, type TurnOptions } from './providers/embedded.js';
export { daily, type DailyOptions } from './providers/daily.js';
export { jitsi, type JitsiOptions } from './providers/jitsi.js';
export { joinLinks, type JoinLinkOptions } from './providers/join-links.js';
export { livekit, type LiveKitOptions } from './providers/livekit.js';
export { RoomProviderError } from './providers/provider-api.js';
export type { OpenRoom, RoomEntry, RoomGuest, RoomProvider, RoomSession } from './room-provider.js';
export {
  eraseSignals,
  newestSignal,
  readSignalled,
  readSignals,
  signalPurge,
  type SignalBatch,
} from './signals.js';

export const roomsFeature = (context: ServiceContext, provider: RoomProvider): Feature => ({
  jobs: [roomWork(context, provider)],
  consumers: [followSessions(provider)],
  mount: (app, authenticator) => roomRoutes(app, context, authenticator, provider),
});
