// Rooms: where the two sides of a session meet, and what their pages signal to each other for it.
import type { ServiceContext } from '../../foundation/context.js';
import type { Feature } from '../../foundation/feature.js';
import type { RoomProvider } from './room-provider.js';
import { roomRoutes } from './routes.js';

export { embedded, type EmbeddedOptions, type TurnOptions } from './providers/embedded.js';
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
  mount: (app, authenticator) => roomRoutes(app, context, authenticator, provider),
});
