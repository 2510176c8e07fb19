import { accessTokensFeature } from './features/access-tokens/index.js';
import { applicationsFeature } from './features/applications/index.js';
import { auditFeature } from './features/audit/index.js';
import { customersFeature } from './features/customers/index.js';
import { dashboardsFeature } from './features/dashboards/index.js';
import { exceptionsFeature } from './features/exceptions/index.js';
import { extensionsFeature } from './features/extensions/index.js';
import { filesFeature, type FileSettings } from './features/files/index.js';
import { figuresFeature } from './features/figures/index.js';
import { followStripe, helpRequestsFeature } from './features/help-requests/index.js';
import { helpersFeature } from './features/helpers/index.js';
import { installationsFeature } from './features/installations/index.js';
import { messagesFeature } from './features/messages/index.js';
import { paymentsFeature, type StripeGateway } from './features/payments/index.js';
import { Attendance, presenceFeature } from './features/presence/index.js';
import { pageMetricsFeature, PageReports } from './features/page-metrics/index.js';
import { providersFeature } from './features/providers/index.js';
import { roomsFeature, type RoomProvider } from './features/rooms/index.js';
import { sessionTokensFeature } from './features/session-tokens/index.js';
import { sessionsFeature, type SessionTokenScheme } from './features/sessions/index.js';
import { OpenStreams, streamsFeature } from './features/streams/index.js';
import { webhookNetwork, webhooksFeature, type WebhookOptions } from './features/webhooks/index.js';
import { subscriptionsFeature } from './features/subscriptions/index.js';
import { timelineFeature } from './features/timeline/index.js';
import { testClockFeature } from './features/test-clock/index.js';
import type { ServiceContext } from './foundation/context.js';
import type { Feature } from './foundation/feature.js';
import type { MovableClock } from './foundation/movable-clock.js';
import type { RateLimiter } from './foundation/rate-limits/rate-limiter.js';

export interface FeatureParts {
  /** Null where extensions are sold for tokens only. */
  gateway: StripeGateway | null;
  sessionTokens: SessionTokenScheme;
  webhooks: WebhookOptions | undefined;
  limiter: RateLimiter;
  /** Null where sessions have no files. */
  files: FileSettings | null;
  /** Null where sessions have no rooms. */
  roomProvider: RoomProvider | null;
  /** Null where the clock is nobody's to move. */
  testClock: MovableClock | null;
}

/**
 * All features of the service, in the order in which they start; they end in the other.
 * @throws {TypeError} where an option of webhooks is illegal.
 */
export function allFeatures(
  context: ServiceContext,
  { gateway, sessionTokens, webhooks, limiter, files, roomProvider, testClock }: FeatureParts,
): { features: readonly Feature[]; streams: OpenStreams } {
  const attendance = new Attendance(context);
  const streams = new OpenStreams(context);
  const pageReports = new PageReports(context);
  const network = webhookNetwork(webhooks);
  const features = [
    figuresFeature(context),
    ...(gateway ? [paymentsFeature(context, gateway, [followStripe(context)])] : []),
    sessionsFeature(context, sessionTokens, (report) => pageReports.record(report)),
    extensionsFeature(context, gateway),
    webhooksFeature(context, network),
    providersFeature(context),
    applicationsFeature(context),
    installationsFeature(context, { network, limiter }),
    customersFeature(context),
    subscriptionsFeature(context),
    helpersFeature(context),
    accessTokensFeature(context),
    sessionTokensFeature(context),
    exceptionsFeature(context),
    auditFeature(context),
    ...(testClock ? [testClockFeature(context, testClock)] : []),
    presenceFeature(context, attendance),
    messagesFeature(context),
    ...(files ? [filesFeature(context, files)] : []),
    ...(roomProvider ? [roomsFeature(context, roomProvider)] : []),
    streamsFeature(context, streams, attendance),
    helpRequestsFeature(context, streams, gateway),
    timelineFeature(context),
    pageMetricsFeature(context, pageReports),
    dashboardsFeature(context, streams),
  ];
  return { features, streams };
}
