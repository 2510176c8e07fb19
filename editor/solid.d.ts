// Made by `npm run generate`. Change the source, not this file.
// Comes with `marketplace-session/solid`: lets JSX know the tags.
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
import type {
  MarketplaceSessionElementAttributes,
  MarketplaceSessionConnectionElementAttributes,
  MarketplaceSessionExtendElementAttributes,
  MarketplaceSessionTimerElementAttributes,
  MarketplaceSessionWarningElementAttributes,
  MarketplaceSessionChatElementAttributes,
  MarketplaceHelperDeskElementAttributes,
  MarketplaceSessionFilesElementAttributes,
  MarketplaceNotificationsElementAttributes,
  MarketplaceSessionOutcomeElementAttributes,
  MarketplaceSessionPreflightElementAttributes,
  MarketplaceHelpRequestElementAttributes,
  MarketplaceSessionRoomElementAttributes,
  MarketplaceDashboardElementAttributes,
  MarketplaceSetupElementAttributes,
} from './tags.js';

/** An attribute that is there or not, as it is while the app runs: `bool:no-extend={isShort()}`. */
type Flags<K extends string> = { [P in K as `bool:${P}`]?: boolean | undefined };
/** A property, which a server never writes down: `prop:strings={{ end: 'Finish' }}`. */
type Properties<E, K extends keyof E> = { [P in K as `prop:${P & string}`]?: E[P] | undefined };
type Listeners<K extends keyof HTMLElementEventMap> = {
  [P in K as `on:${P}`]?: (event: HTMLElementEventMap[P]) => void;
};

declare module 'solid-js' {
  namespace JSX {
    interface IntrinsicElements {
      'marketplace-session': HTMLAttributes<MarketplaceSessionElement> &
        MarketplaceSessionElementAttributes &
        Flags<
          | 'no-autostart'
          | 'no-redirect'
          | 'no-timer'
          | 'no-warning'
          | 'no-extend'
          | 'no-connection'
          | 'pause-on-hidden'
          | 'analytics'
          | 'debug'
        > &
        Properties<
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
        > &
        Listeners<
          | 'session-ready'
          | 'session-statechange'
          | 'session-empty'
          | 'session-start'
          | 'session-warning'
          | 'session-extend-request'
          | 'session-checkout'
          | 'session-extend'
          | 'session-pause'
          | 'session-resume'
          | 'session-connection'
          | 'session-end-request'
          | 'session-complete'
          | 'session-end'
          | 'session-redirect'
          | 'session-error'
        >;
      'marketplace-session-connection': HTMLAttributes<MarketplaceSessionConnectionElement> &
        MarketplaceSessionConnectionElementAttributes &
        Flags<never> &
        Properties<MarketplaceSessionConnectionElement, 'for' | 'theme' | 'session' | 'strings'> &
        Listeners<never>;
      'marketplace-session-extend': HTMLAttributes<MarketplaceSessionExtendElement> &
        MarketplaceSessionExtendElementAttributes &
        Flags<never> &
        Properties<MarketplaceSessionExtendElement, 'for' | 'theme' | 'session' | 'strings'> &
        Listeners<never>;
      'marketplace-session-timer': HTMLAttributes<MarketplaceSessionTimerElement> &
        MarketplaceSessionTimerElementAttributes &
        Flags<never> &
        Properties<MarketplaceSessionTimerElement, 'for' | 'shape' | 'theme' | 'session' | 'strings'> &
        Listeners<never>;
      'marketplace-session-warning': HTMLAttributes<MarketplaceSessionWarningElement> &
        MarketplaceSessionWarningElementAttributes &
        Flags<never> &
        Properties<MarketplaceSessionWarningElement, 'for' | 'theme' | 'session' | 'strings'> &
        Listeners<never>;
      'marketplace-session-chat': HTMLAttributes<MarketplaceSessionChatElement> &
        MarketplaceSessionChatElementAttributes &
        Flags<never> &
        Properties<
          MarketplaceSessionChatElement,
          'for' | 'sessionId' | 'serverUrl' | 'accessTokenUrl' | 'theme' | 'chatStrings'
        > &
        Listeners<'message-sent' | 'message-received'>;
      'marketplace-helper-desk': HTMLAttributes<MarketplaceHelperDeskElement> &
        MarketplaceHelperDeskElementAttributes &
        Flags<never> &
        Properties<
          MarketplaceHelperDeskElement,
          'serverUrl' | 'accessTokenUrl' | 'helperId' | 'sessionUrl' | 'theme' | 'strings'
        > &
        Listeners<
          'offer-received' | 'offer-claimed' | 'join-requested' | 'outcome-submitted' | 'availability-changed'
        >;
      'marketplace-session-files': HTMLAttributes<MarketplaceSessionFilesElement> &
        MarketplaceSessionFilesElementAttributes &
        Flags<never> &
        Properties<
          MarketplaceSessionFilesElement,
          'for' | 'sessionId' | 'serverUrl' | 'accessTokenUrl' | 'theme' | 'filesStrings'
        > &
        Listeners<'file-uploaded' | 'file-received' | 'file-failed'>;
      'marketplace-notifications': HTMLAttributes<MarketplaceNotificationsElement> &
        MarketplaceNotificationsElementAttributes &
        Flags<never> &
        Properties<
          MarketplaceNotificationsElement,
          'serverUrl' | 'accessTokenUrl' | 'helperId' | 'deskUrl' | 'theme' | 'strings'
        > &
        Listeners<'notification-opened'>;
      'marketplace-session-outcome': HTMLAttributes<MarketplaceSessionOutcomeElement> &
        MarketplaceSessionOutcomeElementAttributes &
        Flags<never> &
        Properties<
          MarketplaceSessionOutcomeElement,
          'serverUrl' | 'accessTokenUrl' | 'requestId' | 'theme' | 'strings'
        > &
        Listeners<'outcome-submitted'>;
      'marketplace-session-preflight': HTMLAttributes<MarketplaceSessionPreflightElement> &
        MarketplaceSessionPreflightElementAttributes &
        Flags<never> &
        Properties<
          MarketplaceSessionPreflightElement,
          'checks' | 'require' | 'serverUrl' | 'theme' | 'iceServers' | 'strings'
        > &
        Listeners<'preflight-passed' | 'preflight-failed'>;
      'marketplace-help-request': HTMLAttributes<MarketplaceHelpRequestElement> &
        MarketplaceHelpRequestElementAttributes &
        Flags<never> &
        Properties<
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
        > &
        Listeners<
          | 'help-requested'
          | 'help-claimed'
          | 'help-started'
          | 'preflight-passed'
          | 'preflight-failed'
          | 'help-ended'
        >;
      'marketplace-session-room': HTMLAttributes<MarketplaceSessionRoomElement> &
        MarketplaceSessionRoomElementAttributes &
        Flags<never> &
        Properties<
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
        > &
        Listeners<'room-joined' | 'room-left' | 'room-quality' | 'room-failed'>;
      'marketplace-dashboard': HTMLAttributes<MarketplaceDashboardElement> &
        MarketplaceDashboardElementAttributes &
        Flags<never> &
        Properties<
          MarketplaceDashboardElement,
          | 'serverUrl'
          | 'accessTokenUrl'
          | 'providerId'
          | 'applicationIds'
          | 'addressPrefix'
          | 'attentionUrl'
          | 'theme'
          | 'strings'
        > &
        Listeners<
          | 'filters-changed'
          | 'timeline-opened'
          | 'sessions-exported'
          | 'attention-requested'
          | 'card-state-changed'
        >;
      'marketplace-setup': HTMLAttributes<MarketplaceSetupElement> &
        MarketplaceSetupElementAttributes &
        Flags<never> &
        Properties<
          MarketplaceSetupElement,
          'serverUrl' | 'accessTokenUrl' | 'applicationId' | 'addressPrefix' | 'theme' | 'strings'
        > &
        Listeners<'step-opened' | 'page-checked' | 'setup-verified'>;
    }
  }
}
