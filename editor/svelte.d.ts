// Made by `npm run generate`. Change the source, not this file.
// Comes with `marketplace-session/svelte`: lets templates know the tags.
import type { HTMLAttributes } from 'svelte/elements';
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

declare module 'svelte/elements' {
  interface SvelteHTMLElements {
    'marketplace-session': HTMLAttributes<MarketplaceSessionElement> &
      MarketplaceSessionElementTakes & {
        'onsession-ready'?: (event: HTMLElementEventMap['session-ready']) => void;
        'onsession-statechange'?: (event: HTMLElementEventMap['session-statechange']) => void;
        'onsession-empty'?: (event: HTMLElementEventMap['session-empty']) => void;
        'onsession-start'?: (event: HTMLElementEventMap['session-start']) => void;
        'onsession-warning'?: (event: HTMLElementEventMap['session-warning']) => void;
        'onsession-extend-request'?: (event: HTMLElementEventMap['session-extend-request']) => void;
        'onsession-checkout'?: (event: HTMLElementEventMap['session-checkout']) => void;
        'onsession-extend'?: (event: HTMLElementEventMap['session-extend']) => void;
        'onsession-pause'?: (event: HTMLElementEventMap['session-pause']) => void;
        'onsession-resume'?: (event: HTMLElementEventMap['session-resume']) => void;
        'onsession-connection'?: (event: HTMLElementEventMap['session-connection']) => void;
        'onsession-end-request'?: (event: HTMLElementEventMap['session-end-request']) => void;
        'onsession-complete'?: (event: HTMLElementEventMap['session-complete']) => void;
        'onsession-end'?: (event: HTMLElementEventMap['session-end']) => void;
        'onsession-redirect'?: (event: HTMLElementEventMap['session-redirect']) => void;
        'onsession-error'?: (event: HTMLElementEventMap['session-error']) => void;
      };
    'marketplace-session-connection': HTMLAttributes<MarketplaceSessionConnectionElement> &
      MarketplaceSessionConnectionElementTakes & {};
    'marketplace-session-extend': HTMLAttributes<MarketplaceSessionExtendElement> &
      MarketplaceSessionExtendElementTakes & {};
    'marketplace-session-timer': HTMLAttributes<MarketplaceSessionTimerElement> &
      MarketplaceSessionTimerElementTakes & {};
    'marketplace-session-warning': HTMLAttributes<MarketplaceSessionWarningElement> &
      MarketplaceSessionWarningElementTakes & {};
    'marketplace-session-chat': HTMLAttributes<MarketplaceSessionChatElement> &
      MarketplaceSessionChatElementTakes & {
        'onmessage-sent'?: (event: HTMLElementEventMap['message-sent']) => void;
        'onmessage-received'?: (event: HTMLElementEventMap['message-received']) => void;
      };
    'marketplace-helper-desk': HTMLAttributes<MarketplaceHelperDeskElement> &
      MarketplaceHelperDeskElementTakes & {
        'onoffer-received'?: (event: HTMLElementEventMap['offer-received']) => void;
        'onoffer-claimed'?: (event: HTMLElementEventMap['offer-claimed']) => void;
        'onjoin-requested'?: (event: HTMLElementEventMap['join-requested']) => void;
        'onoutcome-submitted'?: (event: HTMLElementEventMap['outcome-submitted']) => void;
        'onavailability-changed'?: (event: HTMLElementEventMap['availability-changed']) => void;
      };
    'marketplace-session-files': HTMLAttributes<MarketplaceSessionFilesElement> &
      MarketplaceSessionFilesElementTakes & {
        'onfile-uploaded'?: (event: HTMLElementEventMap['file-uploaded']) => void;
        'onfile-received'?: (event: HTMLElementEventMap['file-received']) => void;
        'onfile-failed'?: (event: HTMLElementEventMap['file-failed']) => void;
      };
    'marketplace-notifications': HTMLAttributes<MarketplaceNotificationsElement> &
      MarketplaceNotificationsElementTakes & {
        'onnotification-opened'?: (event: HTMLElementEventMap['notification-opened']) => void;
      };
    'marketplace-session-outcome': HTMLAttributes<MarketplaceSessionOutcomeElement> &
      MarketplaceSessionOutcomeElementTakes & {
        'onoutcome-submitted'?: (event: HTMLElementEventMap['outcome-submitted']) => void;
      };
    'marketplace-session-preflight': HTMLAttributes<MarketplaceSessionPreflightElement> &
      MarketplaceSessionPreflightElementTakes & {
        'onpreflight-passed'?: (event: HTMLElementEventMap['preflight-passed']) => void;
        'onpreflight-failed'?: (event: HTMLElementEventMap['preflight-failed']) => void;
      };
    'marketplace-help-request': HTMLAttributes<MarketplaceHelpRequestElement> &
      MarketplaceHelpRequestElementTakes & {
        'onhelp-requested'?: (event: HTMLElementEventMap['help-requested']) => void;
        'onhelp-claimed'?: (event: HTMLElementEventMap['help-claimed']) => void;
        'onhelp-started'?: (event: HTMLElementEventMap['help-started']) => void;
        'onpreflight-passed'?: (event: HTMLElementEventMap['preflight-passed']) => void;
        'onpreflight-failed'?: (event: HTMLElementEventMap['preflight-failed']) => void;
        'onhelp-ended'?: (event: HTMLElementEventMap['help-ended']) => void;
      };
    'marketplace-session-room': HTMLAttributes<MarketplaceSessionRoomElement> &
      MarketplaceSessionRoomElementTakes & {
        'onroom-joined'?: (event: HTMLElementEventMap['room-joined']) => void;
        'onroom-left'?: (event: HTMLElementEventMap['room-left']) => void;
        'onroom-quality'?: (event: HTMLElementEventMap['room-quality']) => void;
        'onroom-failed'?: (event: HTMLElementEventMap['room-failed']) => void;
      };
    'marketplace-dashboard': HTMLAttributes<MarketplaceDashboardElement> &
      MarketplaceDashboardElementTakes & {
        'onfilters-changed'?: (event: HTMLElementEventMap['filters-changed']) => void;
        'ontimeline-opened'?: (event: HTMLElementEventMap['timeline-opened']) => void;
        'onsessions-exported'?: (event: HTMLElementEventMap['sessions-exported']) => void;
        'onattention-requested'?: (event: HTMLElementEventMap['attention-requested']) => void;
        'oncard-state-changed'?: (event: HTMLElementEventMap['card-state-changed']) => void;
      };
    'marketplace-setup': HTMLAttributes<MarketplaceSetupElement> &
      MarketplaceSetupElementTakes & {
        'onstep-opened'?: (event: HTMLElementEventMap['step-opened']) => void;
        'onpage-checked'?: (event: HTMLElementEventMap['page-checked']) => void;
        'onsetup-verified'?: (event: HTMLElementEventMap['setup-verified']) => void;
      };
  }
}
