import { createApplication, type ApplicationParts } from '../src/service/application.js';
import { allFeatures, type FeatureParts } from '../src/service/features.js';
import type { FileSettings } from '../src/service/features/files/index.js';
import type { RoomProvider } from '../src/service/features/rooms/index.js';
import type { SessionTokenScheme } from '../src/service/features/sessions/index.js';
import { webhookBodies } from '../src/service/features/webhooks/index.js';
import type { StripeGateway } from '../src/service/features/payments/index.js';
import { defaultLimits, type ServiceContext } from '../src/service/foundation/context.js';
import type { MovableClock } from '../src/service/foundation/movable-clock.js';
import { describeApi } from '../src/service/foundation/openapi/document.js';

/** All features, without their surroundings: for its routes. */
export function unconnectedApplication() {
  // Routes are only told to it here; nothing is asked of its surroundings.
  const nothing: unknown = new Proxy(() => nothing, { get: () => nothing });
  const { authenticator, limiter, health } = nothing as ApplicationParts;
  const known = { limits: defaultLimits } as unknown as ServiceContext;
  const context = new Proxy(known, { get: (own, name) => Reflect.get(own, name) ?? nothing });
  // Each of them by its name: a part that is left out would take its routes out of the document.
  const parts: FeatureParts = {
    gateway: nothing as StripeGateway,
    sessionTokens: nothing as SessionTokenScheme,
    webhooks: undefined,
    limiter,
    files: nothing as FileSettings,
    roomProvider: nothing as RoomProvider,
    testClock: nothing as MovableClock,
  };
  const { features } = allFeatures(context, parts);
  return createApplication(context, { authenticator, limiter, health, features });
}

/** What `/openapi.json` of a service with all its features says. */
export const openApiDocument = () =>
  describeApi(unconnectedApplication(), 'https://market.example', webhookBodies);
