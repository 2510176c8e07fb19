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
import { createComponent, type PlainProps } from './create-component.js';

/** What `<MarketplaceSession>` takes. */
export interface MarketplaceSessionProps extends PlainProps<MarketplaceSessionElement> {
  /** Address of the session service, such as https://market.example/api/v1. The only attribute needed. */
  apiEndpoint?: MarketplaceSessionElement['apiEndpoint'] | undefined;
  /** The application that session tokens must be for. */
  applicationId?: MarketplaceSessionElement['applicationId'] | undefined;
  /** Where the marketplace publishes its keys; set, the session token is verified in the page too. */
  jwksUri?: MarketplaceSessionElement['jwksUri'] | undefined;
  /** A session token, where the server has written it into the page. */
  sessionToken?: MarketplaceSessionElement['sessionToken'] | undefined;
  /** An address of the page's own server that answers {session_token}. */
  sessionTokenUrl?: MarketplaceSessionElement['sessionTokenUrl'] | undefined;
  /** Query parameter that holds the session token; "session" by default. */
  tokenParam?: MarketplaceSessionElement['tokenParam'] | undefined;
  /** Seconds left at which to warn, "300 60" by default: a banner at each, the dialog at the last. The last one comes at half of the session's whole length at the earliest ("70 55" of 80 seconds warns at 70 and 40), and leaves 20 seconds at least; others are left out where they are not above it and below the whole length. */
  warningSeconds?: MarketplaceSessionElement['warningSeconds'] | undefined;
  /** Minutes to offer of those that the service sells; "15 30 60" by default. */
  extendMinutes?: MarketplaceSessionElement['extendMinutes'] | undefined;
  /** Seconds between heartbeats, 30 by default; the service may want them more often. */
  heartbeatSeconds?: MarketplaceSessionElement['heartbeatSeconds'] | undefined;
  /** Origins that may be returned to, beside the service's, the page's own and those that the application has registered. */
  returnOrigins?: MarketplaceSessionElement['returnOrigins'] | undefined;
  /** Colours for the page that it stands on; "auto" follows the page. Behind the timer of the inline layout no surface is painted. */
  theme?: MarketplaceSessionElement['theme'] | undefined;
  /** "inline" by default; "bar" is a strip with a surface, "compact" the bare time, "floating" a card in the corner. */
  layout?: MarketplaceSessionElement['layout'] | undefined;
  /** Waits for start(). */
  noAutostart?: MarketplaceSessionElement['noAutostart'] | undefined;
  /** Stays on the page at the end. */
  noRedirect?: MarketplaceSessionElement['noRedirect'] | undefined;
  /** Draws no timer. */
  noTimer?: MarketplaceSessionElement['noTimer'] | undefined;
  /** Draws neither banner nor dialog; the events stay. */
  noWarning?: MarketplaceSessionElement['noWarning'] | undefined;
  /** Offers no extension. */
  noExtend?: MarketplaceSessionElement['noExtend'] | undefined;
  /** Draws no banner while the connection is lost. */
  noConnection?: MarketplaceSessionElement['noConnection'] | undefined;
  /** Stops the time while nobody looks at the page, where the service lets it. */
  pauseOnHidden?: MarketplaceSessionElement['pauseOnHidden'] | undefined;
  /** Counts what happens to the session in this page for the provider's figures: numbers alone, never a person, an address or a text. Browsers with Global Privacy Control or Do Not Track are never counted. */
  analytics?: MarketplaceSessionElement['analytics'] | undefined;
  /** In place of a service one in memory, which sells this page a session, to try the tag: "", or any of "duration=120 tokens=500 price=10" (seconds, tokens in the wallet, tokens a minute). It says so, and is refused beside an api-endpoint that is not of this machine, or a session token. */
  sandbox?: MarketplaceSessionElement['sandbox'] | undefined;
  /** Logs to the console. No line holds a session token. */
  debug?: MarketplaceSessionElement['debug'] | undefined;
  /** Words in place of the element's own; any of them, with the same `{parts}`. All of them are listed under "Words". */
  strings?: MarketplaceSessionElement['strings'] | undefined;
  /** Asks the page for a session token when the address holds none. */
  getSessionToken?: MarketplaceSessionElement['getSessionToken'] | undefined;
  /** Called around each request to the service. */
  hooks?: MarketplaceSessionElement['hooks'] | undefined;
  /** The service has accepted the session token. `sessionId`, `applicationId`, `remainingSeconds`. */
  onSessionReady?: ((event: HTMLElementEventMap['session-ready']) => void) | undefined;
  /** After each change of the state. `state`, `previousState`. */
  onSessionStatechange?: ((event: HTMLElementEventMap['session-statechange']) => void) | undefined;
  /** The customer is known, and has no live session; not an error. */
  onSessionEmpty?: ((event: HTMLElementEventMap['session-empty']) => void) | undefined;
  /** Time runs in this page. `sessionId`, `remainingSeconds`. */
  onSessionStart?: ((event: HTMLElementEventMap['session-start']) => void) | undefined;
  /** A threshold has been passed. Cancelable: no banner or dialog then. `thresholdSeconds`, `remainingSeconds`, `isLast`. */
  onSessionWarning?: ((event: HTMLElementEventMap['session-warning']) => void) | undefined;
  /** Before an extension. Cancelable, `respondWith(promise)`. `minutes`, `tokens`; null where money pays. */
  onSessionExtendRequest?: ((event: HTMLElementEventMap['session-extend-request']) => void) | undefined;
  /** An extension is to be paid by money. Cancelable: no dialog leads there. `address`. */
  onSessionCheckout?: ((event: HTMLElementEventMap['session-checkout']) => void) | undefined;
  /** The service has moved the deadline. `additionalSeconds`, `tokens`, `remainingSeconds`. */
  onSessionExtend?: ((event: HTMLElementEventMap['session-extend']) => void) | undefined;
  /** Time stands still. `pauseSecondsLeft`, `pausedBy`: customer, provider, marketplace, or null where the backend does not tell. */
  onSessionPause?: ((event: HTMLElementEventMap['session-pause']) => void) | undefined;
  /** Time runs again. `remainingSeconds`. */
  onSessionResume?: ((event: HTMLElementEventMap['session-resume']) => void) | undefined;
  /** Lost, or back. `connection`. */
  onSessionConnection?: ((event: HTMLElementEventMap['session-connection']) => void) | undefined;
  /** Before the customer ends it. Cancelable, `respondWith(promise)`. `remainingSeconds`. */
  onSessionEndRequest?: ((event: HTMLElementEventMap['session-end-request']) => void) | undefined;
  /** The bill. `sessionId`, `usedSeconds`, `finalCost`, `tokensRefunded`. */
  onSessionComplete?: ((event: HTMLElementEventMap['session-complete']) => void) | undefined;
  /** It is over. `sessionId`, `status`. */
  onSessionEnd?: ((event: HTMLElementEventMap['session-end']) => void) | undefined;
  /** Before leaving for the return address. Cancelable: the page stays. `address`. */
  onSessionRedirect?: ((event: HTMLElementEventMap['session-redirect']) => void) | undefined;
  /** There is no session, or a change was refused. `code`, `error`. */
  onSessionError?: ((event: HTMLElementEventMap['session-error']) => void) | undefined;
}

/** `<marketplace-session>`: A paid, timed session: reads the session token that the customer arrived with, shows the time left, warns, extends,
and at the end settles and returns the customer. */
export const MarketplaceSession = /* @__PURE__ */ createComponent<
  MarketplaceSessionElement,
  MarketplaceSessionProps
>('MarketplaceSession', 'marketplace-session', MarketplaceSessionElement, {
  attributes: {
    apiEndpoint: 'api-endpoint',
    applicationId: 'application-id',
    jwksUri: 'jwks-uri',
    sessionToken: 'session-token',
    sessionTokenUrl: 'session-token-url',
    tokenParam: 'token-param',
    warningSeconds: 'warning-seconds',
    extendMinutes: 'extend-minutes',
    heartbeatSeconds: 'heartbeat-seconds',
    returnOrigins: 'return-origins',
    theme: 'theme',
    layout: 'layout',
    noAutostart: 'no-autostart',
    noRedirect: 'no-redirect',
    noTimer: 'no-timer',
    noWarning: 'no-warning',
    noExtend: 'no-extend',
    noConnection: 'no-connection',
    pauseOnHidden: 'pause-on-hidden',
    analytics: 'analytics',
    sandbox: 'sandbox',
    debug: 'debug',
  },
  properties: ['strings', 'getSessionToken', 'hooks'],
  events: {
    onSessionReady: 'session-ready',
    onSessionStatechange: 'session-statechange',
    onSessionEmpty: 'session-empty',
    onSessionStart: 'session-start',
    onSessionWarning: 'session-warning',
    onSessionExtendRequest: 'session-extend-request',
    onSessionCheckout: 'session-checkout',
    onSessionExtend: 'session-extend',
    onSessionPause: 'session-pause',
    onSessionResume: 'session-resume',
    onSessionConnection: 'session-connection',
    onSessionEndRequest: 'session-end-request',
    onSessionComplete: 'session-complete',
    onSessionEnd: 'session-end',
    onSessionRedirect: 'session-redirect',
    onSessionError: 'session-error',
  },
});

/** What `<MarketplaceSessionConnection>` takes. */
export interface MarketplaceSessionConnectionProps extends PlainProps<MarketplaceSessionConnectionElement> {
  /** Id of the marketplace-session it belongs to. Needed only where a page has several, and the piece stands in none. */
  for?: MarketplaceSessionConnectionElement['for'] | undefined;
  /** Colours; "auto" follows the page. */
  theme?: MarketplaceSessionConnectionElement['theme'] | undefined;
  /** The session: its element, or a controller without one. */
  session?: MarketplaceSessionConnectionElement['session'] | undefined;
  /** Words in place of the piece's own, beside those of the session's element. */
  strings?: MarketplaceSessionConnectionElement['strings'] | undefined;
}

/** `<marketplace-session-connection>`: What is told of a lost connection, somewhere else in the page: whether time counts, when the next try is, and a way
to try now. For a marketplace-session with `no-connection`. */
export const MarketplaceSessionConnection = /* @__PURE__ */ createComponent<
  MarketplaceSessionConnectionElement,
  MarketplaceSessionConnectionProps
>('MarketplaceSessionConnection', 'marketplace-session-connection', MarketplaceSessionConnectionElement, {
  attributes: { for: 'for', theme: 'theme' },
  properties: ['session', 'strings'],
  events: {},
});

/** What `<MarketplaceSessionExtend>` takes. */
export interface MarketplaceSessionExtendProps extends PlainProps<MarketplaceSessionExtendElement> {
  /** Id of the marketplace-session it belongs to. Needed only where a page has several, and the piece stands in none. */
  for?: MarketplaceSessionExtendElement['for'] | undefined;
  /** Colours; "auto" follows the page. */
  theme?: MarketplaceSessionExtendElement['theme'] | undefined;
  /** The session: its element, or a controller without one. */
  session?: MarketplaceSessionExtendElement['session'] | undefined;
  /** Words in place of the piece's own, beside those of the session's element. */
  strings?: MarketplaceSessionExtendElement['strings'] | undefined;
}

/** `<marketplace-session-extend>`: The button that adds time to a session, with its dialog, somewhere else in the page. Shown while the marketplace
sells time for the session. For a marketplace-session with `no-extend`. */
export const MarketplaceSessionExtend = /* @__PURE__ */ createComponent<
  MarketplaceSessionExtendElement,
  MarketplaceSessionExtendProps
>('MarketplaceSessionExtend', 'marketplace-session-extend', MarketplaceSessionExtendElement, {
  attributes: { for: 'for', theme: 'theme' },
  properties: ['session', 'strings'],
  events: {},
});

/** What `<MarketplaceSessionTimer>` takes. */
export interface MarketplaceSessionTimerProps extends PlainProps<MarketplaceSessionTimerElement> {
  /** Id of the marketplace-session it belongs to. Needed only where a page has several, and the piece stands in none. */
  for?: MarketplaceSessionTimerElement['for'] | undefined;
  /** "text" by default; "pill" has a surface and a border, "ring" shows how much is left of the whole. */
  shape?: MarketplaceSessionTimerElement['shape'] | undefined;
  /** Colours; "auto" follows the page. */
  theme?: MarketplaceSessionTimerElement['theme'] | undefined;
  /** The session: its element, or a controller without one. */
  session?: MarketplaceSessionTimerElement['session'] | undefined;
  /** Words in place of the piece's own, beside those of the session's element. */
  strings?: MarketplaceSessionTimerElement['strings'] | undefined;
}

/** `<marketplace-session-timer>`: The time left of a session, somewhere else in the page. */
export const MarketplaceSessionTimer = /* @__PURE__ */ createComponent<
  MarketplaceSessionTimerElement,
  MarketplaceSessionTimerProps
>('MarketplaceSessionTimer', 'marketplace-session-timer', MarketplaceSessionTimerElement, {
  attributes: { for: 'for', shape: 'shape', theme: 'theme' },
  properties: ['session', 'strings'],
  events: {},
});

/** What `<MarketplaceSessionWarning>` takes. */
export interface MarketplaceSessionWarningProps extends PlainProps<MarketplaceSessionWarningElement> {
  /** Id of the marketplace-session it belongs to. Needed only where a page has several, and the piece stands in none. */
  for?: MarketplaceSessionWarningElement['for'] | undefined;
  /** Colours; "auto" follows the page. */
  theme?: MarketplaceSessionWarningElement['theme'] | undefined;
  /** The session: its element, or a controller without one. */
  session?: MarketplaceSessionWarningElement['session'] | undefined;
  /** Words in place of the piece's own, beside those of the session's element. */
  strings?: MarketplaceSessionWarningElement['strings'] | undefined;
}

/** `<marketplace-session-warning>`: The warning of a session, somewhere else in the page: a banner at each threshold, the dialog at the last. For a
marketplace-session with `no-warning`. */
export const MarketplaceSessionWarning = /* @__PURE__ */ createComponent<
  MarketplaceSessionWarningElement,
  MarketplaceSessionWarningProps
>('MarketplaceSessionWarning', 'marketplace-session-warning', MarketplaceSessionWarningElement, {
  attributes: { for: 'for', theme: 'theme' },
  properties: ['session', 'strings'],
  events: {},
});

/** What `<MarketplaceSessionChat>` takes. */
export interface MarketplaceSessionChatProps extends PlainProps<MarketplaceSessionChatElement> {
  /** Id of the marketplace-session it belongs to. Needed only where a page has several, and the element stands in none. */
  for?: MarketplaceSessionChatElement['for'] | undefined;
  /** The session that a helper attends; with `server-url` and `access-token-url`. */
  sessionId?: MarketplaceSessionChatElement['sessionId'] | undefined;
  /** The address of the session service, for a helper. */
  serverUrl?: MarketplaceSessionChatElement['serverUrl'] | undefined;
  /** Where the helper's page gets an access token with `sessions.read`, `sessions.attend`, `messages.read` and `messages.send`. */
  accessTokenUrl?: MarketplaceSessionChatElement['accessTokenUrl'] | undefined;
  /** Colours; "auto" follows the page. */
  theme?: MarketplaceSessionChatElement['theme'] | undefined;
  /** Words in place of the chat's own. */
  chatStrings?: MarketplaceSessionChatElement['chatStrings'] | undefined;
  /** The service has what the person wrote. `clientId`. */
  onMessageSent?: ((event: HTMLElementEventMap['message-sent']) => void) | undefined;
  /** The other side has written. `clientId`. */
  onMessageReceived?: ((event: HTMLElementEventMap['message-received']) => void) | undefined;
}

/** `<marketplace-session-chat>`: What the two sides of a session write to each other: everything that was written, and a field to write, while the
session waits, runs or is paused; after that it can still be read. Each message is sent once, whatever the network does,
and all tabs show the same. It stands beside a marketplace-session, or, in the page of a helper, attends the session that
`session-id` names by an access token. Nothing is drawn where the backend offers no messages (capability `chat`). */
export const MarketplaceSessionChat = /* @__PURE__ */ createComponent<
  MarketplaceSessionChatElement,
  MarketplaceSessionChatProps
>('MarketplaceSessionChat', 'marketplace-session-chat', MarketplaceSessionChatElement, {
  attributes: {
    for: 'for',
    sessionId: 'session-id',
    serverUrl: 'server-url',
    accessTokenUrl: 'access-token-url',
    theme: 'theme',
  },
  properties: ['chatStrings'],
  events: { onMessageSent: 'message-sent', onMessageReceived: 'message-received' },
});

/** What `<MarketplaceHelperDesk>` takes. */
export interface MarketplaceHelperDeskProps extends PlainProps<MarketplaceHelperDeskElement> {
  /** The address of the session service, such as "https://market.example/api/v1". */
  serverUrl?: MarketplaceHelperDeskElement['serverUrl'] | undefined;
  /** An address of the provider's own server that answers a POST by `{access_token, expires_in}`. */
  accessTokenUrl?: MarketplaceHelperDeskElement['accessTokenUrl'] | undefined;
  /** Whose desk it is; the helper that the access token speaks for by default. */
  helperId?: MarketplaceHelperDeskElement['helperId'] | undefined;
  /** Where a session is opened, in a tab of its own, with "{session_id}", and "{request_id}", in the places of ids; without it `join-requested` alone tells. */
  sessionUrl?: MarketplaceHelperDeskElement['sessionUrl'] | undefined;
  /** Colours; "auto" follows the page. */
  theme?: MarketplaceHelperDeskElement['theme'] | undefined;
  /** Words in place of the element's own. */
  strings?: MarketplaceHelperDeskElement['strings'] | undefined;
  /** A request is offered. `requestId`. */
  onOfferReceived?: ((event: HTMLElementEventMap['offer-received']) => void) | undefined;
  /** The helper has it. `requestId`, `sessionId`. */
  onOfferClaimed?: ((event: HTMLElementEventMap['offer-claimed']) => void) | undefined;
  /** Before a session is opened; cancelable. `requestId`, `sessionId`. */
  onJoinRequested?: ((event: HTMLElementEventMap['join-requested']) => void) | undefined;
  /** The service has what the helper said of a talk. `requestId`, `outcome`: never the notes. */
  onOutcomeSubmitted?: ((event: HTMLElementEventMap['outcome-submitted']) => void) | undefined;
  /** The switch stands elsewhere, whoever has put it. `availability`. */
  onAvailabilityChanged?: ((event: HTMLElementEventMap['availability-changed']) => void) | undefined;
}

/** `<marketplace-helper-desk>`: Where a helper sits: the own switch, requests for help as they come, and those that are the helper's, from accepting one to
joining its session, and to saying how the talk ended. Of all who are asked exactly one gets a request, and the others are told. While the page listens the
helper counts as there. Several tabs show the same; while the connection is lost that is said, and nothing can be accepted. */
export const MarketplaceHelperDesk = /* @__PURE__ */ createComponent<
  MarketplaceHelperDeskElement,
  MarketplaceHelperDeskProps
>('MarketplaceHelperDesk', 'marketplace-helper-desk', MarketplaceHelperDeskElement, {
  attributes: {
    serverUrl: 'server-url',
    accessTokenUrl: 'access-token-url',
    helperId: 'helper-id',
    sessionUrl: 'session-url',
    theme: 'theme',
  },
  properties: ['strings'],
  events: {
    onOfferReceived: 'offer-received',
    onOfferClaimed: 'offer-claimed',
    onJoinRequested: 'join-requested',
    onOutcomeSubmitted: 'outcome-submitted',
    onAvailabilityChanged: 'availability-changed',
  },
});

/** What `<MarketplaceSessionFiles>` takes. */
export interface MarketplaceSessionFilesProps extends PlainProps<MarketplaceSessionFilesElement> {
  /** Id of the marketplace-session it belongs to. Needed only where a page has several, and the element stands in none. */
  for?: MarketplaceSessionFilesElement['for'] | undefined;
  /** The session that a helper attends; with `server-url` and `access-token-url`. */
  sessionId?: MarketplaceSessionFilesElement['sessionId'] | undefined;
  /** The address of the session service, for a helper. */
  serverUrl?: MarketplaceSessionFilesElement['serverUrl'] | undefined;
  /** Where the helper's page gets an access token with `sessions.read`, `sessions.attend`, `files.read` and `files.upload`. */
  accessTokenUrl?: MarketplaceSessionFilesElement['accessTokenUrl'] | undefined;
  /** Colours; "auto" follows the page. */
  theme?: MarketplaceSessionFilesElement['theme'] | undefined;
  /** Words in place of the element's own. */
  filesStrings?: MarketplaceSessionFilesElement['filesStrings'] | undefined;
  /** The service has a file of this side. `fileId`. */
  onFileUploaded?: ((event: HTMLElementEventMap['file-uploaded']) => void) | undefined;
  /** The other side has sent one. `fileId`. */
  onFileReceived?: ((event: HTMLElementEventMap['file-received']) => void) | undefined;
  /** One could not be sent. `code`. */
  onFileFailed?: ((event: HTMLElementEventMap['file-failed']) => void) | undefined;
}

/** `<marketplace-session-files>`: The files that the two sides of a session send each other: chosen, dropped, pasted or photographed, with what may be sent
said before, how far each is, and why one was not taken; and all that are there, pictures with what they show. Each is kept
once, whatever the network does. It stands beside a marketplace-session, or, in the page of a helper, attends the session
that `session-id` names by an access token. Nothing is drawn where the backend takes no files (capability `files`). */
export const MarketplaceSessionFiles = /* @__PURE__ */ createComponent<
  MarketplaceSessionFilesElement,
  MarketplaceSessionFilesProps
>('MarketplaceSessionFiles', 'marketplace-session-files', MarketplaceSessionFilesElement, {
  attributes: {
    for: 'for',
    sessionId: 'session-id',
    serverUrl: 'server-url',
    accessTokenUrl: 'access-token-url',
    theme: 'theme',
  },
  properties: ['filesStrings'],
  events: { onFileUploaded: 'file-uploaded', onFileReceived: 'file-received', onFileFailed: 'file-failed' },
});

/** What `<MarketplaceNotifications>` takes. */
export interface MarketplaceNotificationsProps extends PlainProps<MarketplaceNotificationsElement> {
  /** The address of the session service, such as "https://market.example/api/v1". */
  serverUrl?: MarketplaceNotificationsElement['serverUrl'] | undefined;
  /** An address of the provider's own server that answers a POST by `{access_token, expires_in}`. */
  accessTokenUrl?: MarketplaceNotificationsElement['accessTokenUrl'] | undefined;
  /** Whose bell it is; the helper that the access token speaks for by default. */
  helperId?: MarketplaceNotificationsElement['helperId'] | undefined;
  /** Where the desk is, with "{request_id}" in the place of a request's id, for pages that hold no desk. */
  deskUrl?: MarketplaceNotificationsElement['deskUrl'] | undefined;
  /** Colours; "auto" follows the page. */
  theme?: MarketplaceNotificationsElement['theme'] | undefined;
  /** Words in place of the element's own. */
  strings?: MarketplaceNotificationsElement['strings'] | undefined;
  /** Before a request is shown; cancelable. `requestId`, `notificationId` (null from the system's notification), `notificationType`. */
  onNotificationOpened?: ((event: HTMLElementEventMap['notification-opened']) => void) | undefined;
}

/** `<marketplace-notifications>`: A bell with how much of what a helper was told is unread, as the service counts it, and the list behind it: one or all are
marked as read, on every desk of the helper, and a request is opened from it. It hears the same stream as the desk of the page.
Sound and the system's own notifications come only once the person has asked for them by the switch in the list, from one tab
of all, while nobody looks at any. */
export const MarketplaceNotifications = /* @__PURE__ */ createComponent<
  MarketplaceNotificationsElement,
  MarketplaceNotificationsProps
>('MarketplaceNotifications', 'marketplace-notifications', MarketplaceNotificationsElement, {
  attributes: {
    serverUrl: 'server-url',
    accessTokenUrl: 'access-token-url',
    helperId: 'helper-id',
    deskUrl: 'desk-url',
    theme: 'theme',
  },
  properties: ['strings'],
  events: { onNotificationOpened: 'notification-opened' },
});

/** What `<MarketplaceSessionOutcome>` takes. */
export interface MarketplaceSessionOutcomeProps extends PlainProps<MarketplaceSessionOutcomeElement> {
  /** Address of the session service, such as `https://market.example/api/v1`. */
  serverUrl?: MarketplaceSessionOutcomeElement['serverUrl'] | undefined;
  /** A route of your server that answers a POST with an access token of the helper. */
  accessTokenUrl?: MarketplaceSessionOutcomeElement['accessTokenUrl'] | undefined;
  /** The help request whose talk it was. */
  requestId?: MarketplaceSessionOutcomeElement['requestId'] | undefined;
  /** Colours; "auto" follows the page. */
  theme?: MarketplaceSessionOutcomeElement['theme'] | undefined;
  /** Words in place of the element's own. */
  strings?: MarketplaceSessionOutcomeElement['strings'] | undefined;
  /** The service has it. `requestId`, `outcome`: never the notes. */
  onOutcomeSubmitted?: ((event: HTMLElementEventMap['outcome-submitted']) => void) | undefined;
}

/** `<marketplace-session-outcome>`: Asks a helper how a talk has ended, and for notes, once the talk is over. The same sent twice is no mistake; where
something else was recorded before, that is shown, and stays. */
export const MarketplaceSessionOutcome = /* @__PURE__ */ createComponent<
  MarketplaceSessionOutcomeElement,
  MarketplaceSessionOutcomeProps
>('MarketplaceSessionOutcome', 'marketplace-session-outcome', MarketplaceSessionOutcomeElement, {
  attributes: {
    serverUrl: 'server-url',
    accessTokenUrl: 'access-token-url',
    requestId: 'request-id',
    theme: 'theme',
  },
  properties: ['strings'],
  events: { onOutcomeSubmitted: 'outcome-submitted' },
});

/** What `<MarketplaceSessionPreflight>` takes. */
export interface MarketplaceSessionPreflightProps extends PlainProps<MarketplaceSessionPreflightElement> {
  /** What is looked at: "camera microphone speaker network" by default. */
  checks?: MarketplaceSessionPreflightElement['checks'] | undefined;
  /** What has to pass before the person can go on: "microphone network" by default. It is looked at in any case. */
  require?: MarketplaceSessionPreflightElement['require'] | undefined;
  /** Address of the session service, to which the connection is measured, such as `https://market.example/api/v1`; the page's own by default. */
  serverUrl?: MarketplaceSessionPreflightElement['serverUrl'] | undefined;
  /** Colours; "auto" follows the page. */
  theme?: MarketplaceSessionPreflightElement['theme'] | undefined;
  /** Servers for calls, as `RTCPeerConnection` takes them: one with `turn:` has to answer. */
  iceServers?: MarketplaceSessionPreflightElement['iceServers'] | undefined;
  /** Words in place of the element's own. */
  strings?: MarketplaceSessionPreflightElement['strings'] | undefined;
  /** The person goes on, and everything required passes; tracks are stopped. `cameraId`, `microphoneId`, `speakerId`: ids of devices in this page, or null. */
  onPreflightPassed?: ((event: HTMLElementEventMap['preflight-passed']) => void) | undefined;
  /** A check that is required cannot pass as it stands. `check`, `checkState`. */
  onPreflightFailed?: ((event: HTMLElementEventMap['preflight-failed']) => void) | undefined;
}

/** `<marketplace-session-preflight>`: Looks before a talk whether the person can be seen, heard and reached: camera, microphone, speaker and connection, each
by itself and each with a way out. Nothing is asked before a press that explains it, and every track is stopped when
the person goes on, turns it off, leaves, or looks elsewhere for a minute. */
export const MarketplaceSessionPreflight = /* @__PURE__ */ createComponent<
  MarketplaceSessionPreflightElement,
  MarketplaceSessionPreflightProps
>('MarketplaceSessionPreflight', 'marketplace-session-preflight', MarketplaceSessionPreflightElement, {
  attributes: { checks: 'checks', require: 'require', serverUrl: 'server-url', theme: 'theme' },
  properties: ['iceServers', 'strings'],
  events: { onPreflightPassed: 'preflight-passed', onPreflightFailed: 'preflight-failed' },
});

/** What `<MarketplaceHelpRequest>` takes. */
export interface MarketplaceHelpRequestProps extends PlainProps<MarketplaceHelpRequestElement> {
  /** Address of the session service, such as `https://market.example/api/v1`. */
  serverUrl?: MarketplaceHelpRequestElement['serverUrl'] | undefined;
  /** A route of your server that answers a POST with an access token of the customer. */
  accessTokenUrl?: MarketplaceHelpRequestElement['accessTokenUrl'] | undefined;
  /** A route of your server that creates the request: it answers a POST of `{category_id, description}` with the help request, and passes `Idempotency-Key` on. */
  requestUrl?: MarketplaceHelpRequestElement['requestUrl'] | undefined;
  /** A route of your server that answers a POST of `{request_id, session_id}` with `{launch_url}`. Without it no button leads into the session: the page does, by `help-claimed`. */
  joinUrl?: MarketplaceHelpRequestElement['joinUrl'] | undefined;
  /** A request that is there already; found by itself where it is left out. */
  requestId?: MarketplaceHelpRequestElement['requestId'] | undefined;
  /** What can be asked for, as JSON of `{id, name, tokens, duration_seconds}`, or with `amount` and `currency` in place of `tokens`; read from the service where it is left out. */
  categories?: MarketplaceHelpRequestElement['categories'] | undefined;
  /** What is looked at before the customer joins, while somebody is looked for and after: names as `<marketplace-session-preflight>` takes them, such as "camera microphone network". Nothing by default. */
  checks?: MarketplaceHelpRequestElement['checks'] | undefined;
  /** What of it has to pass before the customer can join; the rest can be skipped. Nothing by default. */
  require?: MarketplaceHelpRequestElement['require'] | undefined;
  /** Colours; "auto" follows the page. */
  theme?: MarketplaceHelpRequestElement['theme'] | undefined;
  /** Words in place of the element's own. */
  strings?: MarketplaceHelpRequestElement['strings'] | undefined;
  /** The service has the request. `requestId`. */
  onHelpRequested?: ((event: HTMLElementEventMap['help-requested']) => void) | undefined;
  /** A helper has taken it; cancelable. Prevented, no button leads into the session: the page does. `requestId`, `sessionId`. */
  onHelpClaimed?: ((event: HTMLElementEventMap['help-claimed']) => void) | undefined;
  /** The talk has begun. `requestId`, `sessionId`. */
  onHelpStarted?: ((event: HTMLElementEventMap['help-started']) => void) | undefined;
  /** The check before the talk was passed. `cameraId`, `microphoneId`, `speakerId`: ids of devices in this page, or null. */
  onPreflightPassed?: ((event: HTMLElementEventMap['preflight-passed']) => void) | undefined;
  /** A check that is required cannot pass as it stands. `check`, `checkState`. */
  onPreflightFailed?: ((event: HTMLElementEventMap['preflight-failed']) => void) | undefined;
  /** It is over, with or without a talk. `requestId`, `sessionId`, `status`, `reason`. */
  onHelpEnded?: ((event: HTMLElementEventMap['help-ended']) => void) | undefined;
}

/** `<marketplace-help-request>`: Lets a customer ask for help, and takes him from the question to the end of the talk: what it is about, the payment where
there is one, who was asked, who has taken it, a look at camera and microphone where the talk needs them, the way into the
session and back into it, and what it has cost. It survives reloads, and a question that is asked twice is one request. */
export const MarketplaceHelpRequest = /* @__PURE__ */ createComponent<
  MarketplaceHelpRequestElement,
  MarketplaceHelpRequestProps
>('MarketplaceHelpRequest', 'marketplace-help-request', MarketplaceHelpRequestElement, {
  attributes: {
    serverUrl: 'server-url',
    accessTokenUrl: 'access-token-url',
    requestUrl: 'request-url',
    joinUrl: 'join-url',
    requestId: 'request-id',
    categories: 'categories',
    checks: 'checks',
    require: 'require',
    theme: 'theme',
  },
  properties: ['strings'],
  events: {
    onHelpRequested: 'help-requested',
    onHelpClaimed: 'help-claimed',
    onHelpStarted: 'help-started',
    onPreflightPassed: 'preflight-passed',
    onPreflightFailed: 'preflight-failed',
    onHelpEnded: 'help-ended',
  },
});

/** What `<MarketplaceSessionRoom>` takes. */
export interface MarketplaceSessionRoomProps extends PlainProps<MarketplaceSessionRoomElement> {
  /** Id of the marketplace-session it belongs to. Needed only where a page has several, and the element stands in none. */
  for?: MarketplaceSessionRoomElement['for'] | undefined;
  /** The session that a helper attends; with `server-url` and `access-token-url`. */
  sessionId?: MarketplaceSessionRoomElement['sessionId'] | undefined;
  /** The address of the session service, for a helper. */
  serverUrl?: MarketplaceSessionRoomElement['serverUrl'] | undefined;
  /** Where the helper's page gets an access token with `sessions.read` and `sessions.attend`. */
  accessTokenUrl?: MarketplaceSessionRoomElement['accessTokenUrl'] | undefined;
  /** What is sent at first: "microphone camera" by default; empty to see and hear alone. */
  media?: MarketplaceSessionRoomElement['media'] | undefined;
  /** The camera that is preferred, as `preflight-passed` tells it; that of last time by default. */
  cameraId?: MarketplaceSessionRoomElement['cameraId'] | undefined;
  /** The microphone that is preferred. */
  microphoneId?: MarketplaceSessionRoomElement['microphoneId'] | undefined;
  /** Where the other side sounds, as far as the browser lets that be chosen. */
  speakerId?: MarketplaceSessionRoomElement['speakerId'] | undefined;
  /** Colours; "auto" follows the page. */
  theme?: MarketplaceSessionRoomElement['theme'] | undefined;
  /** Words in place of the room's own. */
  roomStrings?: MarketplaceSessionRoomElement['roomStrings'] | undefined;
  /** This page is in the call, whether or not the other side is there yet. `sessionId`. */
  onRoomJoined?: ((event: HTMLElementEventMap['room-joined']) => void) | undefined;
  /** It is in the call no more. `sessionId`, `reason`: "left", "elsewhere", "ended" or "failed". */
  onRoomLeft?: ((event: HTMLElementEventMap['room-left']) => void) | undefined;
  /** The call is as good as that from now on. `sessionId`, `quality`: "good", "weak" or "poor". */
  onRoomQuality?: ((event: HTMLElementEventMap['room-quality']) => void) | undefined;
  /** It could not be joined, or did not come about. `sessionId`, `code`. */
  onRoomFailed?: ((event: HTMLElementEventMap['room-failed']) => void) | undefined;
}

/** `<marketplace-session-room>`: The call of a session: the other side large, the person small, and what one needs beside it. Nothing is captured before a
press, and every track is stopped when the person leaves, the session ends, the page goes or the element is removed. Where
the backend has its rooms elsewhere it is one link, which is renewed while it counts. It stands beside a
marketplace-session, or, in the page of a helper, attends the session that `session-id` names by an access token. Nothing is
drawn where the backend has no rooms (capability `room`). */
export const MarketplaceSessionRoom = /* @__PURE__ */ createComponent<
  MarketplaceSessionRoomElement,
  MarketplaceSessionRoomProps
>('MarketplaceSessionRoom', 'marketplace-session-room', MarketplaceSessionRoomElement, {
  attributes: {
    for: 'for',
    sessionId: 'session-id',
    serverUrl: 'server-url',
    accessTokenUrl: 'access-token-url',
    media: 'media',
    cameraId: 'camera-id',
    microphoneId: 'microphone-id',
    speakerId: 'speaker-id',
    theme: 'theme',
  },
  properties: ['roomStrings'],
  events: {
    onRoomJoined: 'room-joined',
    onRoomLeft: 'room-left',
    onRoomQuality: 'room-quality',
    onRoomFailed: 'room-failed',
  },
});

/** What `<MarketplaceDashboard>` takes. */
export interface MarketplaceDashboardProps extends PlainProps<MarketplaceDashboardElement> {
  /** The address of the session service, such as "https://market.example/api/v1". */
  serverUrl?: MarketplaceDashboardElement['serverUrl'] | undefined;
  /** An address of the provider's own server that answers a POST by `{access_token, expires_in}`. */
  accessTokenUrl?: MarketplaceDashboardElement['accessTokenUrl'] | undefined;
  /** Whose dashboard it is. */
  providerId?: MarketplaceDashboardElement['providerId'] | undefined;
  /** Applications among which a person may choose, by their ids; all together where none is named. */
  applicationIds?: MarketplaceDashboardElement['applicationIds'] | undefined;
  /** Keeps the filters in the page's address, each under a name that begins with this and a point: `board.period=30`. */
  addressPrefix?: MarketplaceDashboardElement['addressPrefix'] | undefined;
  /** Where what waits is listed, with "{kind}" in the place of what it is; without it `attention-requested` is not told. */
  attentionUrl?: MarketplaceDashboardElement['attentionUrl'] | undefined;
  /** Colours; "auto" follows the page. */
  theme?: MarketplaceDashboardElement['theme'] | undefined;
  /** Words in place of the element's own. */
  strings?: MarketplaceDashboardElement['strings'] | undefined;
  /** A person shows something else. `period`, `from`, `to`, `interval`, `timeZone`, `applicationId`, `status`, `userId`. */
  onFiltersChanged?: ((event: HTMLElementEventMap['filters-changed']) => void) | undefined;
  /** What has happened to a session is shown. `sessionId`. */
  onTimelineOpened?: ((event: HTMLElementEventMap['timeline-opened']) => void) | undefined;
  /** A file of the listed sessions was made. `byteLength`. */
  onSessionsExported?: ((event: HTMLElementEventMap['sessions-exported']) => void) | undefined;
  /** A person goes to what waits; cancelable. `kind`, `count`. */
  onAttentionRequested?: ((event: HTMLElementEventMap['attention-requested']) => void) | undefined;
  /** A card is "loading", "ready", "stale" or "failed". `card`, `cardState`. */
  onCardStateChanged?: ((event: HTMLElementEventMap['card-state-changed']) => void) | undefined;
}

/** `<marketplace-dashboard>`: What a provider's sessions come to, as it happens: what runs now, what was earned, what waits for somebody; charts with a table
beside each; the sessions themselves, with filters, a file for spreadsheets, and what has happened to each. All of it is counted
by the service, in the provider's time zone. Each card says by itself that it is loading, empty, old or not to be had. */
export const MarketplaceDashboard = /* @__PURE__ */ createComponent<
  MarketplaceDashboardElement,
  MarketplaceDashboardProps
>('MarketplaceDashboard', 'marketplace-dashboard', MarketplaceDashboardElement, {
  attributes: {
    serverUrl: 'server-url',
    accessTokenUrl: 'access-token-url',
    providerId: 'provider-id',
    applicationIds: 'application-ids',
    addressPrefix: 'address-prefix',
    attentionUrl: 'attention-url',
    theme: 'theme',
  },
  properties: ['strings'],
  events: {
    onFiltersChanged: 'filters-changed',
    onTimelineOpened: 'timeline-opened',
    onSessionsExported: 'sessions-exported',
    onAttentionRequested: 'attention-requested',
    onCardStateChanged: 'card-state-changed',
  },
});

/** What `<MarketplaceSetup>` takes. */
export interface MarketplaceSetupProps extends PlainProps<MarketplaceSetupElement> {
  /** The address of the session service, such as "https://market.example/api/v1". */
  serverUrl?: MarketplaceSetupElement['serverUrl'] | undefined;
  /** An address of the provider's own server that answers a POST by `{access_token, expires_in}`. */
  accessTokenUrl?: MarketplaceSetupElement['accessTokenUrl'] | undefined;
  /** The application, which is registered already. */
  applicationId?: MarketplaceSetupElement['applicationId'] | undefined;
  /** Keeps step and framework in the page's address, each under a name that begins with this and a point: `setup.step=price`. */
  addressPrefix?: MarketplaceSetupElement['addressPrefix'] | undefined;
  /** Colours; "auto" follows the page. */
  theme?: MarketplaceSetupElement['theme'] | undefined;
  /** Words in place of the element's own. */
  strings?: MarketplaceSetupElement['strings'] | undefined;
  /** A person looks at a step. `step`. */
  onStepOpened?: ((event: HTMLElementEventMap['step-opened']) => void) | undefined;
  /** The page was looked at from outside. `isReady`, `causes`. */
  onPageChecked?: ((event: HTMLElementEventMap['page-checked']) => void) | undefined;
  /** A rehearsal has gone to its end on the page. `applicationId`. */
  onSetupVerified?: ((event: HTMLElementEventMap['setup-verified']) => void) | undefined;
}

/** `<marketplace-setup>`: Sets up an application step by step: where its page is, what a minute costs, its key of tests, which is shown once, what to write into the
page, what is wrong with that by name, and a session on the page itself that nobody pays for, in seconds. What is left stands
below, and how far it is the service knows: whoever comes back goes on there. */
export const MarketplaceSetup = /* @__PURE__ */ createComponent<
  MarketplaceSetupElement,
  MarketplaceSetupProps
>('MarketplaceSetup', 'marketplace-setup', MarketplaceSetupElement, {
  attributes: {
    serverUrl: 'server-url',
    accessTokenUrl: 'access-token-url',
    applicationId: 'application-id',
    addressPrefix: 'address-prefix',
    theme: 'theme',
  },
  properties: ['strings'],
  events: { onStepOpened: 'step-opened', onPageChecked: 'page-checked', onSetupVerified: 'setup-verified' },
});
