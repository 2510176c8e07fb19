// Sessions: their states and times, the session tokens that open them, and what may be done to them.
import type { ServiceContext } from '../../foundation/context.js';
import type { Feature } from '../../foundation/feature.js';
import { countLiveSessions } from './count-live.js';
import { sessionExpiry, waitingExpiry } from './expiry.js';
import { heartbeatRecorder, type HeardReport } from './heartbeat.js';
import { sessionChangeRoutes } from './http/change-routes.js';
import { heartbeatRoute } from './http/heartbeat-route.js';
import { sessionCreateRoute } from './http/create-route.js';
import { sessionLaunchRoute } from './http/launch-route.js';
import { sessionReadRoutes } from './http/read-routes.js';
import { keyRoutes } from './http/signing-key-routes.js';
import type { SessionTokenScheme } from './session-credential.js';
import { signingKeysOf } from './tokens/signing-keys.js';

export { addTime, countExtensions, type ExtensionResult } from './add-time.js';
export { lockSession, advance } from './advance.js';
export { cancelHeldSession, cancelSession } from './cancel.js';
export { changeSession } from './change.js';
export { createHeldSession, createSession, findApplication, requireCustomer } from './create.js';
export { giveBackTime } from './give-back-time.js';
export type { HeardReport } from './heartbeat.js';
export { holdTokens } from './hold-tokens.js';
export { answerSession } from './http/session-answer.js';
export { sessionPageSchema, toSessionPage } from './http/session-page.js';
export * from './http/session-schemas.js';
export { listSessions, type SessionFilter } from './list.js';
export { launch } from './launch.js';
export { findLiveSession } from './live-session.js';
export { passTime } from './pass-time.js';
export { requireSession, SessionCredential, SessionTokenScheme } from './session-credential.js';
export { readSession, type SessionView } from './session-view.js';
export { startSession, type Startable } from './start.js';
export { takeBackTime } from './take-back-time.js';
export { endOfToken, issueCustomerToken, issueSessionToken, type TokenGrant } from './tokens/issue.js';
export { signingKeysOf } from './tokens/signing-keys.js';
export { keepToken, revokeToken, revokeTokensOfCustomer } from './tokens/user-tokens.js';

export function sessionsFeature(
  context: ServiceContext,
  sessionTokens: SessionTokenScheme,
  onReport: (report: HeardReport) => void,
): Feature {
  const heartbeats = heartbeatRecorder(context);
  context.metrics.add({
    name: 'live_sessions',
    help: 'Sessions that have not ended, of all instances',
    label: 'status',
    read: () => countLiveSessions(context),
  });
  return {
    jobs: [sessionExpiry(context), waitingExpiry(context)],
    mount(app, authenticator) {
      sessionCreateRoute(app, context, authenticator);
      sessionLaunchRoute(app, context, authenticator);
      sessionReadRoutes(app, context, authenticator, sessionTokens);
      heartbeatRoute(app, context, authenticator, heartbeats, onReport);
      sessionChangeRoutes(app, context, authenticator);
      keyRoutes(app, context, authenticator);
    },
    start: () => signingKeysOf(context).start(),
    close: () => heartbeats.flush(),
  };
}
