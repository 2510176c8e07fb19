// Made by `npm run generate`. Change the source, not this file.
import { MarketplaceSessionElement } from '../elements/session/marketplace-session.js';
import { MarketplaceSessionConnectionElement } from '../elements/pieces/marketplace-session-connection.js';
import { MarketplaceSessionExtendElement } from '../elements/pieces/marketplace-session-extend.js';
import { MarketplaceSessionTimerElement } from '../elements/pieces/marketplace-session-timer.js';
import { MarketplaceSessionWarningElement } from '../elements/pieces/marketplace-session-warning.js';
import { MarketplaceSessionChatElement } from '../elements/help/chat/marketplace-session-chat.js';
import { MarketplaceHelperDeskElement } from '../elements/help/desk/marketplace-helper-desk.js';
import { MarketplaceSessionFilesElement } from '../elements/help/files/marketplace-session-files.js';
import { MarketplaceNotificationsElement } from '../elements/help/notifications/marketplace-notifications.js';
import { MarketplaceSessionOutcomeElement } from '../elements/help/outcome/marketplace-session-outcome.js';
import { MarketplaceSessionPreflightElement } from '../elements/help/preflight/marketplace-session-preflight.js';
import { MarketplaceHelpRequestElement } from '../elements/help/request/marketplace-help-request.js';
import { MarketplaceSessionRoomElement } from '../elements/help/room/marketplace-session-room.js';
import { MarketplaceDashboardElement } from '../elements/dashboard/marketplace-dashboard.js';
import { MarketplaceSetupElement } from '../elements/setup/marketplace-setup.js';
import { createAttachment } from './create-attachment.js';

/** Properties of `<marketplace-session>`, and its definition: `{@attach marketplaceSession({ apiEndpoint })}`. */
export const marketplaceSession = /* @__PURE__ */ createAttachment<
  MarketplaceSessionElement,
  | 'apiEndpoint'
  | 'applicationId'
  | 'jwksUri'
  | 'sessionToken'
  | 'sessionTokenUrl'
  | 'tokenParam'
  | 'warningSeconds'
  | 'extendMinutes'
  | 'heartbeatSeconds'
  | 'returnOrigins'
  | 'theme'
  | 'layout'
  | 'noAutostart'
  | 'noRedirect'
  | 'noTimer'
  | 'noWarning'
  | 'noExtend'
  | 'noConnection'
  | 'pauseOnHidden'
  | 'analytics'
  | 'sandbox'
  | 'debug'
  | 'strings'
  | 'getSessionToken'
  | 'hooks'
>('marketplace-session', MarketplaceSessionElement);

/** Properties of `<marketplace-session-connection>`, and its definition: `{@attach marketplaceSessionConnection({ for })}`. */
export const marketplaceSessionConnection = /* @__PURE__ */ createAttachment<
  MarketplaceSessionConnectionElement,
  'for' | 'theme' | 'session' | 'strings'
>('marketplace-session-connection', MarketplaceSessionConnectionElement);

/** Properties of `<marketplace-session-extend>`, and its definition: `{@attach marketplaceSessionExtend({ for })}`. */
export const marketplaceSessionExtend = /* @__PURE__ */ createAttachment<
  MarketplaceSessionExtendElement,
  'for' | 'theme' | 'session' | 'strings'
>('marketplace-session-extend', MarketplaceSessionExtendElement);

/** Properties of `<marketplace-session-timer>`, and its definition: `{@attach marketplaceSessionTimer({ for })}`. */
export const marketplaceSessionTimer = /* @__PURE__ */ createAttachment<
  MarketplaceSessionTimerElement,
  'for' | 'shape' | 'theme' | 'session' | 'strings'
>('marketplace-session-timer', MarketplaceSessionTimerElement);

/** Properties of `<marketplace-session-warning>`, and its definition: `{@attach marketplaceSessionWarning({ for })}`. */
export const marketplaceSessionWarning = /* @__PURE__ */ createAttachment<
  MarketplaceSessionWarningElement,
  'for' | 'theme' | 'session' | 'strings'
>('marketplace-session-warning', MarketplaceSessionWarningElement);

/** Properties of `<marketplace-session-chat>`, and its definition: `{@attach marketplaceSessionChat({ for })}`. */
export const marketplaceSessionChat = /* @__PURE__ */ createAttachment<
  MarketplaceSessionChatElement,
  'for' | 'sessionId' | 'serverUrl' | 'accessTokenUrl' | 'theme' | 'chatStrings'
>('marketplace-session-chat', MarketplaceSessionChatElement);

/** Properties of `<marketplace-helper-desk>`, and its definition: `{@attach marketplaceHelperDesk({ serverUrl })}`. */
export const marketplaceHelperDesk = /* @__PURE__ */ createAttachment<
  MarketplaceHelperDeskElement,
  'serverUrl' | 'accessTokenUrl' | 'helperId' | 'sessionUrl' | 'theme' | 'strings'
>('marketplace-helper-desk', MarketplaceHelperDeskElement);

/** Properties of `<marketplace-session-files>`, and its definition: `{@attach marketplaceSessionFiles({ for })}`. */
export const marketplaceSessionFiles = /* @__PURE__ */ createAttachment<
  MarketplaceSessionFilesElement,
  'for' | 'sessionId' | 'serverUrl' | 'accessTokenUrl' | 'theme' | 'filesStrings'
>('marketplace-session-files', MarketplaceSessionFilesElement);

/** Properties of `<marketplace-notifications>`, and its definition: `{@attach marketplaceNotifications({ serverUrl })}`. */
export const marketplaceNotifications = /* @__PURE__ */ createAttachment<
  MarketplaceNotificationsElement,
  'serverUrl' | 'accessTokenUrl' | 'helperId' | 'deskUrl' | 'theme' | 'strings'
>('marketplace-notifications', MarketplaceNotificationsElement);

/** Properties of `<marketplace-session-outcome>`, and its definition: `{@attach marketplaceSessionOutcome({ serverUrl })}`. */
export const marketplaceSessionOutcome = /* @__PURE__ */ createAttachment<
  MarketplaceSessionOutcomeElement,
  'serverUrl' | 'accessTokenUrl' | 'requestId' | 'theme' | 'strings'
>('marketplace-session-outcome', MarketplaceSessionOutcomeElement);

/** Properties of `<marketplace-session-preflight>`, and its definition: `{@attach marketplaceSessionPreflight({ checks })}`. */
export const marketplaceSessionPreflight = /* @__PURE__ */ createAttachment<
  MarketplaceSessionPreflightElement,
  'checks' | 'require' | 'serverUrl' | 'theme' | 'iceServers' | 'strings'
>('marketplace-session-preflight', MarketplaceSessionPreflightElement);

/** Properties of `<marketplace-help-request>`, and its definition: `{@attach marketplaceHelpRequest({ serverUrl })}`. */
export const marketplaceHelpRequest = /* @__PURE__ */ createAttachment<
  MarketplaceHelpRequestElement,
  | 'serverUrl'
  | 'accessTokenUrl'
  | 'requestUrl'
  | 'joinUrl'
  | 'requestId'
  | 'categories'
  | 'checks'
  | 'require'
  | 'theme'
  | 'strings'
>('marketplace-help-request', MarketplaceHelpRequestElement);

/** Properties of `<marketplace-session-room>`, and its definition: `{@attach marketplaceSessionRoom({ for })}`. */
export const marketplaceSessionRoom = /* @__PURE__ */ createAttachment<
  MarketplaceSessionRoomElement,
  | 'for'
  | 'sessionId'
  | 'serverUrl'
  | 'accessTokenUrl'
  | 'media'
  | 'cameraId'
  | 'microphoneId'
  | 'speakerId'
  | 'theme'
  | 'roomStrings'
>('marketplace-session-room', MarketplaceSessionRoomElement);

/** Properties of `<marketplace-dashboard>`, and its definition: `{@attach marketplaceDashboard({ serverUrl })}`. */
export const marketplaceDashboard = /* @__PURE__ */ createAttachment<
  MarketplaceDashboardElement,
  | 'serverUrl'
  | 'accessTokenUrl'
  | 'providerId'
  | 'applicationIds'
  | 'addressPrefix'
  | 'attentionUrl'
  | 'theme'
  | 'strings'
>('marketplace-dashboard', MarketplaceDashboardElement);

/** Properties of `<marketplace-setup>`, and its definition: `{@attach marketplaceSetup({ serverUrl })}`. */
export const marketplaceSetup = /* @__PURE__ */ createAttachment<
  MarketplaceSetupElement,
  'serverUrl' | 'accessTokenUrl' | 'applicationId' | 'addressPrefix' | 'theme' | 'strings'
>('marketplace-setup', MarketplaceSetupElement);
