// Made by `npm run generate`. Change the source, not this file.
import type { MarketplaceSessionElement } from 'marketplace-session';
import type {
  MarketplaceSessionConnectionElement,
  MarketplaceSessionExtendElement,
  MarketplaceSessionTimerElement,
  MarketplaceSessionWarningElement,
} from 'marketplace-session/pieces';
import type {
  MarketplaceSessionChatElement,
  MarketplaceHelperDeskElement,
  MarketplaceSessionFilesElement,
  MarketplaceNotificationsElement,
  MarketplaceSessionOutcomeElement,
  MarketplaceSessionPreflightElement,
  MarketplaceHelpRequestElement,
  MarketplaceSessionRoomElement,
} from 'marketplace-session/live-help';
import type { MarketplaceDashboardElement } from 'marketplace-session/dashboard';
import type { MarketplaceSetupElement } from 'marketplace-session/setup';

/** Attributes of `<marketplace-session>`. */
export interface MarketplaceSessionElementAttributes {
  /** Address of the session service, such as https://market.example/api/v1. The only attribute needed. */
  'api-endpoint'?: string | undefined;
  /** The application that session tokens must be for. */
  'application-id'?: string | undefined;
  /** Where the marketplace publishes its keys; set, the session token is verified in the page too. */
  'jwks-uri'?: string | undefined;
  /** A session token, where the server has written it into the page. */
  'session-token'?: string | undefined;
  /** An address of the page's own server that answers {session_token}. */
  'session-token-url'?: string | undefined;
  /** Query parameter that holds the session token; "session" by default. */
  'token-param'?: string | undefined;
  /** Seconds left at which to warn, "300 60" by default: a banner at each, the dialog at the last. The last one comes at half of the session's whole length at the earliest ("70 55" of 80 seconds warns at 70 and 40), and leaves 20 seconds at least; others are left out where they are not above it and below the whole length. */
  'warning-seconds'?: string | undefined;
  /** Minutes to offer of those that the service sells; "15 30 60" by default. */
  'extend-minutes'?: string | undefined;
  /** Seconds between heartbeats, 30 by default; the service may want them more often. */
  'heartbeat-seconds'?: number | string | undefined;
  /** Origins that may be returned to, beside the service's, the page's own and those that the application has registered. */
  'return-origins'?: string | undefined;
  /** Colours for the page that it stands on; "auto" follows the page. Behind the timer of the inline layout no surface is painted. */
  theme?: MarketplaceSessionElement['theme'] | undefined;
  /** "inline" by default; "bar" is a strip with a surface, "compact" the bare time, "floating" a card in the corner. */
  layout?: 'inline' | 'bar' | 'compact' | 'floating' | undefined;
  /** Waits for start(). */
  'no-autostart'?: boolean | undefined;
  /** Stays on the page at the end. */
  'no-redirect'?: boolean | undefined;
  /** Draws no timer. */
  'no-timer'?: boolean | undefined;
  /** Draws neither banner nor dialog; the events stay. */
  'no-warning'?: boolean | undefined;
  /** Offers no extension. */
  'no-extend'?: boolean | undefined;
  /** Draws no banner while the connection is lost. */
  'no-connection'?: boolean | undefined;
  /** Stops the time while nobody looks at the page, where the service lets it. */
  'pause-on-hidden'?: boolean | undefined;
  /** Counts what happens to the session in this page for the provider's figures: numbers alone, never a person, an address or a text. Browsers with Global Privacy Control or Do Not Track are never counted. */
  analytics?: boolean | undefined;
  /** In place of a service one in memory, which sells this page a session, to try the tag: "", or any of "duration=120 tokens=500 price=10" (seconds, tokens in the wallet, tokens a minute). It says so, and is refused beside an api-endpoint that is not of this machine, or a session token. */
  sandbox?: string | undefined;
  /** Logs to the console. No line holds a session token. */
  debug?: boolean | undefined;
}

/** What `<marketplace-session>` takes. */
export interface MarketplaceSessionElementTakes extends MarketplaceSessionElementAttributes {
  apiEndpoint?: MarketplaceSessionElement['apiEndpoint'] | undefined;
  applicationId?: MarketplaceSessionElement['applicationId'] | undefined;
  jwksUri?: MarketplaceSessionElement['jwksUri'] | undefined;
  sessionToken?: MarketplaceSessionElement['sessionToken'] | undefined;
  sessionTokenUrl?: MarketplaceSessionElement['sessionTokenUrl'] | undefined;
  tokenParam?: MarketplaceSessionElement['tokenParam'] | undefined;
  warningSeconds?: MarketplaceSessionElement['warningSeconds'] | undefined;
  extendMinutes?: MarketplaceSessionElement['extendMinutes'] | undefined;
  heartbeatSeconds?: MarketplaceSessionElement['heartbeatSeconds'] | undefined;
  returnOrigins?: MarketplaceSessionElement['returnOrigins'] | undefined;
  noAutostart?: MarketplaceSessionElement['noAutostart'] | undefined;
  noRedirect?: MarketplaceSessionElement['noRedirect'] | undefined;
  noTimer?: MarketplaceSessionElement['noTimer'] | undefined;
  noWarning?: MarketplaceSessionElement['noWarning'] | undefined;
  noExtend?: MarketplaceSessionElement['noExtend'] | undefined;
  noConnection?: MarketplaceSessionElement['noConnection'] | undefined;
  pauseOnHidden?: MarketplaceSessionElement['pauseOnHidden'] | undefined;
  /** Words in place of the element's own; any of them, with the same `{parts}`. All of them are listed under "Words". */
  strings?: MarketplaceSessionElement['strings'] | undefined;
  /** Asks the page for a session token when the address holds none. */
  getSessionToken?: MarketplaceSessionElement['getSessionToken'] | undefined;
  /** Called around each request to the service. */
  hooks?: MarketplaceSessionElement['hooks'] | undefined;
}

/** Attributes of `<marketplace-session-connection>`. */
export interface MarketplaceSessionConnectionElementAttributes {
  /** Id of the marketplace-session it belongs to. Needed only where a page has several, and the piece stands in none. */
  for?: string | undefined;
  /** Colours; "auto" follows the page. */
  theme?: MarketplaceSessionConnectionElement['theme'] | undefined;
}

/** What `<marketplace-session-connection>` takes. */
export interface MarketplaceSessionConnectionElementTakes extends MarketplaceSessionConnectionElementAttributes {
  /** The session: its element, or a controller without one. */
  session?: MarketplaceSessionConnectionElement['session'] | undefined;
  /** Words in place of the piece's own, beside those of the session's element. */
  strings?: MarketplaceSessionConnectionElement['strings'] | undefined;
}

/** Attributes of `<marketplace-session-extend>`. */
export interface MarketplaceSessionExtendElementAttributes {
  /** Id of the marketplace-session it belongs to. Needed only where a page has several, and the piece stands in none. */
  for?: string | undefined;
  /** Colours; "auto" follows the page. */
  theme?: MarketplaceSessionExtendElement['theme'] | undefined;
}

/** What `<marketplace-session-extend>` takes. */
export interface MarketplaceSessionExtendElementTakes extends MarketplaceSessionExtendElementAttributes {
  /** The session: its element, or a controller without one. */
  session?: MarketplaceSessionExtendElement['session'] | undefined;
  /** Words in place of the piece's own, beside those of the session's element. */
  strings?: MarketplaceSessionExtendElement['strings'] | undefined;
}

/** Attributes of `<marketplace-session-timer>`. */
export interface MarketplaceSessionTimerElementAttributes {
  /** Id of the marketplace-session it belongs to. Needed only where a page has several, and the piece stands in none. */
  for?: string | undefined;
  /** "text" by default; "pill" has a surface and a border, "ring" shows how much is left of the whole. */
  shape?: 'text' | 'pill' | 'ring' | undefined;
  /** Colours; "auto" follows the page. */
  theme?: MarketplaceSessionTimerElement['theme'] | undefined;
}

/** What `<marketplace-session-timer>` takes. */
export interface MarketplaceSessionTimerElementTakes extends MarketplaceSessionTimerElementAttributes {
  /** The session: its element, or a controller without one. */
  session?: MarketplaceSessionTimerElement['session'] | undefined;
  /** Words in place of the piece's own, beside those of the session's element. */
  strings?: MarketplaceSessionTimerElement['strings'] | undefined;
}

/** Attributes of `<marketplace-session-warning>`. */
export interface MarketplaceSessionWarningElementAttributes {
  /** Id of the marketplace-session it belongs to. Needed only where a page has several, and the piece stands in none. */
  for?: string | undefined;
  /** Colours; "auto" follows the page. */
  theme?: MarketplaceSessionWarningElement['theme'] | undefined;
}

/** What `<marketplace-session-warning>` takes. */
export interface MarketplaceSessionWarningElementTakes extends MarketplaceSessionWarningElementAttributes {
  /** The session: its element, or a controller without one. */
  session?: MarketplaceSessionWarningElement['session'] | undefined;
  /** Words in place of the piece's own, beside those of the session's element. */
  strings?: MarketplaceSessionWarningElement['strings'] | undefined;
}

/** Attributes of `<marketplace-session-chat>`. */
export interface MarketplaceSessionChatElementAttributes {
  /** Id of the marketplace-session it belongs to. Needed only where a page has several, and the element stands in none. */
  for?: string | undefined;
  /** The session that a helper attends; with `server-url` and `access-token-url`. */
  'session-id'?: string | undefined;
  /** The address of the session service, for a helper. */
  'server-url'?: string | undefined;
  /** Where the helper's page gets an access token with `sessions.read`, `sessions.attend`, `messages.read` and `messages.send`. */
  'access-token-url'?: string | undefined;
  /** Colours; "auto" follows the page. */
  theme?: 'auto' | 'light' | 'dark' | undefined;
}

/** What `<marketplace-session-chat>` takes. */
export interface MarketplaceSessionChatElementTakes extends MarketplaceSessionChatElementAttributes {
  /** Words in place of the chat's own. */
  chatStrings?: MarketplaceSessionChatElement['chatStrings'] | undefined;
}

/** Attributes of `<marketplace-helper-desk>`. */
export interface MarketplaceHelperDeskElementAttributes {
  /** The address of the session service, such as "https://market.example/api/v1". */
  'server-url'?: string | undefined;
  /** An address of the provider's own server that answers a POST by `{access_token, expires_in}`. */
  'access-token-url'?: string | undefined;
  /** Whose desk it is; the helper that the access token speaks for by default. */
  'helper-id'?: string | undefined;
  /** Where a session is opened, in a tab of its own, with "{session_id}", and "{request_id}", in the places of ids; without it `join-requested` alone tells. */
  'session-url'?: string | undefined;
  /** Colours; "auto" follows the page. */
  theme?: 'auto' | 'light' | 'dark' | undefined;
}

/** What `<marketplace-helper-desk>` takes. */
export interface MarketplaceHelperDeskElementTakes extends MarketplaceHelperDeskElementAttributes {
  serverUrl?: MarketplaceHelperDeskElement['serverUrl'] | undefined;
  accessTokenUrl?: MarketplaceHelperDeskElement['accessTokenUrl'] | undefined;
  helperId?: MarketplaceHelperDeskElement['helperId'] | undefined;
  sessionUrl?: MarketplaceHelperDeskElement['sessionUrl'] | undefined;
  /** Words in place of the element's own. */
  strings?: MarketplaceHelperDeskElement['strings'] | undefined;
}

/** Attributes of `<marketplace-session-files>`. */
export interface MarketplaceSessionFilesElementAttributes {
  /** Id of the marketplace-session it belongs to. Needed only where a page has several, and the element stands in none. */
  for?: string | undefined;
  /** The session that a helper attends; with `server-url` and `access-token-url`. */
  'session-id'?: string | undefined;
  /** The address of the session service, for a helper. */
  'server-url'?: string | undefined;
  /** Where the helper's page gets an access token with `sessions.read`, `sessions.attend`, `files.read` and `files.upload`. */
  'access-token-url'?: string | undefined;
  /** Colours; "auto" follows the page. */
  theme?: 'auto' | 'light' | 'dark' | undefined;
}

/** What `<marketplace-session-files>` takes. */
export interface MarketplaceSessionFilesElementTakes extends MarketplaceSessionFilesElementAttributes {
  /** Words in place of the element's own. */
  filesStrings?: MarketplaceSessionFilesElement['filesStrings'] | undefined;
}

/** Attributes of `<marketplace-notifications>`. */
export interface MarketplaceNotificationsElementAttributes {
  /** The address of the session service, such as "https://market.example/api/v1". */
  'server-url'?: string | undefined;
  /** An address of the provider's own server that answers a POST by `{access_token, expires_in}`. */
  'access-token-url'?: string | undefined;
  /** Whose bell it is; the helper that the access token speaks for by default. */
  'helper-id'?: string | undefined;
  /** Where the desk is, with "{request_id}" in the place of a request's id, for pages that hold no desk. */
  'desk-url'?: string | undefined;
  /** Colours; "auto" follows the page. */
  theme?: 'auto' | 'light' | 'dark' | undefined;
}

/** What `<marketplace-notifications>` takes. */
export interface MarketplaceNotificationsElementTakes extends MarketplaceNotificationsElementAttributes {
  serverUrl?: MarketplaceNotificationsElement['serverUrl'] | undefined;
  accessTokenUrl?: MarketplaceNotificationsElement['accessTokenUrl'] | undefined;
  helperId?: MarketplaceNotificationsElement['helperId'] | undefined;
  deskUrl?: MarketplaceNotificationsElement['deskUrl'] | undefined;
  /** Words in place of the element's own. */
  strings?: MarketplaceNotificationsElement['strings'] | undefined;
}

/** Attributes of `<marketplace-session-outcome>`. */
export interface MarketplaceSessionOutcomeElementAttributes {
  /** Address of the session service, such as `https://market.example/api/v1`. */
  'server-url'?: string | undefined;
  /** A route of your server that answers a POST with an access token of the helper. */
  'access-token-url'?: string | undefined;
  /** The help request whose talk it was. */
  'request-id'?: string | undefined;
  /** Colours; "auto" follows the page. */
  theme?: 'auto' | 'light' | 'dark' | undefined;
}

/** What `<marketplace-session-outcome>` takes. */
export interface MarketplaceSessionOutcomeElementTakes extends MarketplaceSessionOutcomeElementAttributes {
  serverUrl?: MarketplaceSessionOutcomeElement['serverUrl'] | undefined;
  accessTokenUrl?: MarketplaceSessionOutcomeElement['accessTokenUrl'] | undefined;
  requestId?: MarketplaceSessionOutcomeElement['requestId'] | undefined;
  /** Words in place of the element's own. */
  strings?: MarketplaceSessionOutcomeElement['strings'] | undefined;
}

/** Attributes of `<marketplace-session-preflight>`. */
export interface MarketplaceSessionPreflightElementAttributes {
  /** What is looked at: "camera microphone speaker network" by default. */
  checks?: string | undefined;
  /** What has to pass before the person can go on: "microphone network" by default. It is looked at in any case. */
  require?: string | undefined;
  /** Address of the session service, to which the connection is measured, such as `https://market.example/api/v1`; the page's own by default. */
  'server-url'?: string | undefined;
  /** Colours; "auto" follows the page. */
  theme?: 'auto' | 'light' | 'dark' | undefined;
}

/** What `<marketplace-session-preflight>` takes. */
export interface MarketplaceSessionPreflightElementTakes extends MarketplaceSessionPreflightElementAttributes {
  serverUrl?: MarketplaceSessionPreflightElement['serverUrl'] | undefined;
  /** Servers for calls, as `RTCPeerConnection` takes them: one with `turn:` has to answer. */
  iceServers?: MarketplaceSessionPreflightElement['iceServers'] | undefined;
  /** Words in place of the element's own. */
  strings?: MarketplaceSessionPreflightElement['strings'] | undefined;
}

/** Attributes of `<marketplace-help-request>`. */
export interface MarketplaceHelpRequestElementAttributes {
  /** Address of the session service, such as `https://market.example/api/v1`. */
  'server-url'?: string | undefined;
  /** A route of your server that answers a POST with an access token of the customer. */
  'access-token-url'?: string | undefined;
  /** A route of your server that creates the request: it answers a POST of `{category_id, description}` with the help request, and passes `Idempotency-Key` on. */
  'request-url'?: string | undefined;
  /** A route of your server that answers a POST of `{request_id, session_id}` with `{launch_url}`. Without it no button leads into the session: the page does, by `help-claimed`. */
  'join-url'?: string | undefined;
  /** A request that is there already; found by itself where it is left out. */
  'request-id'?: string | undefined;
  /** What can be asked for, as JSON of `{id, name, tokens, duration_seconds}`, or with `amount` and `currency` in place of `tokens`; read from the service where it is left out. */
  categories?: string | undefined;
  /** What is looked at before the customer joins, while somebody is looked for and after: names as `<marketplace-session-preflight>` takes them, such as "camera microphone network". Nothing by default. */
  checks?: string | undefined;
  /** What of it has to pass before the customer can join; the rest can be skipped. Nothing by default. */
  require?: string | undefined;
  /** Colours; "auto" follows the page. */
  theme?: 'auto' | 'light' | 'dark' | undefined;
}

/** What `<marketplace-help-request>` takes. */
export interface MarketplaceHelpRequestElementTakes extends MarketplaceHelpRequestElementAttributes {
  serverUrl?: MarketplaceHelpRequestElement['serverUrl'] | undefined;
  accessTokenUrl?: MarketplaceHelpRequestElement['accessTokenUrl'] | undefined;
  requestUrl?: MarketplaceHelpRequestElement['requestUrl'] | undefined;
  joinUrl?: MarketplaceHelpRequestElement['joinUrl'] | undefined;
  requestId?: MarketplaceHelpRequestElement['requestId'] | undefined;
  /** Words in place of the element's own. */
  strings?: MarketplaceHelpRequestElement['strings'] | undefined;
}

/** Attributes of `<marketplace-session-room>`. */
export interface MarketplaceSessionRoomElementAttributes {
  /** Id of the marketplace-session it belongs to. Needed only where a page has several, and the element stands in none. */
  for?: string | undefined;
  /** The session that a helper attends; with `server-url` and `access-token-url`. */
  'session-id'?: string | undefined;
  /** The address of the session service, for a helper. */
  'server-url'?: string | undefined;
  /** Where the helper's page gets an access token with `sessions.read` and `sessions.attend`. */
  'access-token-url'?: string | undefined;
  /** What is sent at first: "microphone camera" by default; empty to see and hear alone. */
  media?: string | undefined;
  /** The camera that is preferred, as `preflight-passed` tells it; that of last time by default. */
  'camera-id'?: string | undefined;
  /** The microphone that is preferred. */
  'microphone-id'?: string | undefined;
  /** Where the other side sounds, as far as the browser lets that be chosen. */
  'speaker-id'?: string | undefined;
  /** Colours; "auto" follows the page. */
  theme?: 'auto' | 'light' | 'dark' | undefined;
}

/** What `<marketplace-session-room>` takes. */
export interface MarketplaceSessionRoomElementTakes extends MarketplaceSessionRoomElementAttributes {
  cameraId?: MarketplaceSessionRoomElement['cameraId'] | undefined;
  microphoneId?: MarketplaceSessionRoomElement['microphoneId'] | undefined;
  speakerId?: MarketplaceSessionRoomElement['speakerId'] | undefined;
  /** Words in place of the room's own. */
  roomStrings?: MarketplaceSessionRoomElement['roomStrings'] | undefined;
}

/** Attributes of `<marketplace-dashboard>`. */
export interface MarketplaceDashboardElementAttributes {
  /** The address of the session service, such as "https://market.example/api/v1". */
  'server-url'?: string | undefined;
  /** An address of the provider's own server that answers a POST by `{access_token, expires_in}`. */
  'access-token-url'?: string | undefined;
  /** Whose dashboard it is. */
  'provider-id'?: string | undefined;
  /** Applications among which a person may choose, by their ids; all together where none is named. */
  'application-ids'?: string | undefined;
  /** Keeps the filters in the page's address, each under a name that begins with this and a point: `board.period=30`. */
  'address-prefix'?: string | undefined;
  /** Where what waits is listed, with "{kind}" in the place of what it is; without it `attention-requested` is not told. */
  'attention-url'?: string | undefined;
  /** Colours; "auto" follows the page. */
  theme?: 'auto' | 'light' | 'dark' | undefined;
}

/** What `<marketplace-dashboard>` takes. */
export interface MarketplaceDashboardElementTakes extends MarketplaceDashboardElementAttributes {
  serverUrl?: MarketplaceDashboardElement['serverUrl'] | undefined;
  accessTokenUrl?: MarketplaceDashboardElement['accessTokenUrl'] | undefined;
  providerId?: MarketplaceDashboardElement['providerId'] | undefined;
  applicationIds?: MarketplaceDashboardElement['applicationIds'] | undefined;
  addressPrefix?: MarketplaceDashboardElement['addressPrefix'] | undefined;
  attentionUrl?: MarketplaceDashboardElement['attentionUrl'] | undefined;
  /** Words in place of the element's own. */
  strings?: MarketplaceDashboardElement['strings'] | undefined;
}

/** Attributes of `<marketplace-setup>`. */
export interface MarketplaceSetupElementAttributes {
  /** The address of the session service, such as "https://market.example/api/v1". */
  'server-url'?: string | undefined;
  /** An address of the provider's own server that answers a POST by `{access_token, expires_in}`. */
  'access-token-url'?: string | undefined;
  /** The application, which is registered already. */
  'application-id'?: string | undefined;
  /** Keeps step and framework in the page's address, each under a name that begins with this and a point: `setup.step=price`. */
  'address-prefix'?: string | undefined;
  /** Colours; "auto" follows the page. */
  theme?: 'auto' | 'light' | 'dark' | undefined;
}

/** What `<marketplace-setup>` takes. */
export interface MarketplaceSetupElementTakes extends MarketplaceSetupElementAttributes {
  serverUrl?: MarketplaceSetupElement['serverUrl'] | undefined;
  accessTokenUrl?: MarketplaceSetupElement['accessTokenUrl'] | undefined;
  applicationId?: MarketplaceSetupElement['applicationId'] | undefined;
  addressPrefix?: MarketplaceSetupElement['addressPrefix'] | undefined;
  /** Words in place of the element's own. */
  strings?: MarketplaceSetupElement['strings'] | undefined;
}
