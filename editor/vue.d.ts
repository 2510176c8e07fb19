// Made by `npm run generate`. Change the source, not this file.
// <reference types="marketplace-session/editor/vue.d.ts" /> lets templates know the tags.
import type { HTMLAttributes } from 'vue';
import type {
  MarketplaceSessionElementTakes,
  MarketplaceSessionConnectionElementTakes,
  MarketplaceSessionExtendElementTakes,
  MarketplaceSessionTimerElementTakes,
  MarketplaceSessionWarningElementTakes,
  MarketplaceSessionChatElementTakes,
  MarketplaceHelperDeskElementTakes,
  MarketplaceSessionFilesElementTakes,
  MarketplaceNotificationsElementTakes,
  MarketplaceSessionOutcomeElementTakes,
  MarketplaceSessionPreflightElementTakes,
  MarketplaceHelpRequestElementTakes,
  MarketplaceSessionRoomElementTakes,
  MarketplaceDashboardElementTakes,
  MarketplaceSetupElementTakes,
} from './tags.js';

declare module 'vue' {
  interface GlobalComponents {
    'marketplace-session': new () => {
      $props: HTMLAttributes &
        MarketplaceSessionElementTakes & {
          'onSession-ready'?: (event: HTMLElementEventMap['session-ready']) => void;
          'onSession-statechange'?: (event: HTMLElementEventMap['session-statechange']) => void;
          'onSession-empty'?: (event: HTMLElementEventMap['session-empty']) => void;
          'onSession-start'?: (event: HTMLElementEventMap['session-start']) => void;
          'onSession-warning'?: (event: HTMLElementEventMap['session-warning']) => void;
          'onSession-extend-request'?: (event: HTMLElementEventMap['session-extend-request']) => void;
          'onSession-checkout'?: (event: HTMLElementEventMap['session-checkout']) => void;
          'onSession-extend'?: (event: HTMLElementEventMap['session-extend']) => void;
          'onSession-pause'?: (event: HTMLElementEventMap['session-pause']) => void;
          'onSession-resume'?: (event: HTMLElementEventMap['session-resume']) => void;
          'onSession-connection'?: (event: HTMLElementEventMap['session-connection']) => void;
          'onSession-end-request'?: (event: HTMLElementEventMap['session-end-request']) => void;
          'onSession-complete'?: (event: HTMLElementEventMap['session-complete']) => void;
          'onSession-end'?: (event: HTMLElementEventMap['session-end']) => void;
          'onSession-redirect'?: (event: HTMLElementEventMap['session-redirect']) => void;
          'onSession-error'?: (event: HTMLElementEventMap['session-error']) => void;
        };
    };
    'marketplace-session-connection': new () => {
      $props: HTMLAttributes & MarketplaceSessionConnectionElementTakes & {};
    };
    'marketplace-session-extend': new () => {
      $props: HTMLAttributes & MarketplaceSessionExtendElementTakes & {};
    };
    'marketplace-session-timer': new () => {
      $props: HTMLAttributes & MarketplaceSessionTimerElementTakes & {};
    };
    'marketplace-session-warning': new () => {
      $props: HTMLAttributes & MarketplaceSessionWarningElementTakes & {};
    };
    'marketplace-session-chat': new () => {
      $props: HTMLAttributes &
        MarketplaceSessionChatElementTakes & {
          'onMessage-sent'?: (event: HTMLElementEventMap['message-sent']) => void;
          'onMessage-received'?: (event: HTMLElementEventMap['message-received']) => void;
        };
    };
    'marketplace-helper-desk': new () => {
      $props: HTMLAttributes &
        MarketplaceHelperDeskElementTakes & {
          'onOffer-received'?: (event: HTMLElementEventMap['offer-received']) => void;
          'onOffer-claimed'?: (event: HTMLElementEventMap['offer-claimed']) => void;
          'onJoin-requested'?: (event: HTMLElementEventMap['join-requested']) => void;
          'onOutcome-submitted'?: (event: HTMLElementEventMap['outcome-submitted']) => void;
          'onAvailability-changed'?: (event: HTMLElementEventMap['availability-changed']) => void;
        };
    };
    'marketplace-session-files': new () => {
      $props: HTMLAttributes &
        MarketplaceSessionFilesElementTakes & {
          'onFile-uploaded'?: (event: HTMLElementEventMap['file-uploaded']) => void;
          'onFile-received'?: (event: HTMLElementEventMap['file-received']) => void;
          'onFile-failed'?: (event: HTMLElementEventMap['file-failed']) => void;
        };
    };
    'marketplace-notifications': new () => {
      $props: HTMLAttributes &
        MarketplaceNotificationsElementTakes & {
          'onNotification-opened'?: (event: HTMLElementEventMap['notification-opened']) => void;
        };
    };
    'marketplace-session-outcome': new () => {
      $props: HTMLAttributes &
        MarketplaceSessionOutcomeElementTakes & {
          'onOutcome-submitted'?: (event: HTMLElementEventMap['outcome-submitted']) => void;
        };
    };
    'marketplace-session-preflight': new () => {
      $props: HTMLAttributes &
        MarketplaceSessionPreflightElementTakes & {
          'onPreflight-passed'?: (event: HTMLElementEventMap['preflight-passed']) => void;
          'onPreflight-failed'?: (event: HTMLElementEventMap['preflight-failed']) => void;
        };
    };
    'marketplace-help-request': new () => {
      $props: HTMLAttributes &
        MarketplaceHelpRequestElementTakes & {
          'onHelp-requested'?: (event: HTMLElementEventMap['help-requested']) => void;
          'onHelp-claimed'?: (event: HTMLElementEventMap['help-claimed']) => void;
          'onHelp-started'?: (event: HTMLElementEventMap['help-started']) => void;
          'onPreflight-passed'?: (event: HTMLElementEventMap['preflight-passed']) => void;
          'onPreflight-failed'?: (event: HTMLElementEventMap['preflight-failed']) => void;
          'onHelp-ended'?: (event: HTMLElementEventMap['help-ended']) => void;
        };
    };
    'marketplace-session-room': new () => {
      $props: HTMLAttributes &
        MarketplaceSessionRoomElementTakes & {
          'onRoom-joined'?: (event: HTMLElementEventMap['room-joined']) => void;
          'onRoom-left'?: (event: HTMLElementEventMap['room-left']) => void;
          'onRoom-quality'?: (event: HTMLElementEventMap['room-quality']) => void;
          'onRoom-failed'?: (event: HTMLElementEventMap['room-failed']) => void;
        };
    };
    'marketplace-dashboard': new () => {
      $props: HTMLAttributes &
        MarketplaceDashboardElementTakes & {
          'onFilters-changed'?: (event: HTMLElementEventMap['filters-changed']) => void;
          'onTimeline-opened'?: (event: HTMLElementEventMap['timeline-opened']) => void;
          'onSessions-exported'?: (event: HTMLElementEventMap['sessions-exported']) => void;
          'onAttention-requested'?: (event: HTMLElementEventMap['attention-requested']) => void;
          'onCard-state-changed'?: (event: HTMLElementEventMap['card-state-changed']) => void;
        };
    };
    'marketplace-setup': new () => {
      $props: HTMLAttributes &
        MarketplaceSetupElementTakes & {
          'onStep-opened'?: (event: HTMLElementEventMap['step-opened']) => void;
          'onPage-checked'?: (event: HTMLElementEventMap['page-checked']) => void;
          'onSetup-verified'?: (event: HTMLElementEventMap['setup-verified']) => void;
        };
    };
  }
}
