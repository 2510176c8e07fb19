// The elements of live help.
import { define } from './elements/shared/define.js';
import { MarketplaceHelperDeskElement } from './elements/help/desk/marketplace-helper-desk.js';
import { MarketplaceNotificationsElement } from './elements/help/notifications/marketplace-notifications.js';
import { MarketplaceSessionChatElement } from './elements/help/chat/marketplace-session-chat.js';
import { MarketplaceSessionFilesElement } from './elements/help/files/marketplace-session-files.js';
import { MarketplaceHelpRequestElement } from './elements/help/request/marketplace-help-request.js';
import { MarketplaceSessionOutcomeElement } from './elements/help/outcome/marketplace-session-outcome.js';
import { MarketplaceSessionPreflightElement } from './elements/help/preflight/marketplace-session-preflight.js';
import { MarketplaceSessionRoomElement } from './elements/help/room/marketplace-session-room.js';

export type { SessionEvent } from './controller/events.js';
export type { MarketplaceChatEventMap } from './elements/help/chat/chat-events.js';
export type { MarketplaceDeskEventMap } from './elements/help/desk/desk-events.js';
export type { MarketplaceNotificationsEventMap } from './elements/help/notifications/notifications-events.js';
export type { MarketplaceFilesEventMap } from './elements/help/files/files-events.js';
export type { MarketplaceHelpRequestEventMap } from './elements/help/request/help-request-events.js';
export type { MarketplaceOutcomeEventMap } from './elements/help/outcome/outcome-events.js';
export type { MarketplacePreflightEventMap } from './elements/help/preflight/preflight-events.js';
export type { MarketplaceRoomEventMap } from './elements/help/room/room-events.js';
export {
  MarketplaceHelperDeskElement,
  MarketplaceNotificationsElement,
  MarketplaceHelpRequestElement,
  MarketplaceSessionChatElement,
  MarketplaceSessionFilesElement,
  MarketplaceSessionOutcomeElement,
  MarketplaceSessionPreflightElement,
  MarketplaceSessionRoomElement,
};

define('marketplace-helper-desk', MarketplaceHelperDeskElement);
define('marketplace-notifications', MarketplaceNotificationsElement);
define('marketplace-help-request', MarketplaceHelpRequestElement);
define('marketplace-session-chat', MarketplaceSessionChatElement);
define('marketplace-session-files', MarketplaceSessionFilesElement);
define('marketplace-session-outcome', MarketplaceSessionOutcomeElement);
define('marketplace-session-preflight', MarketplaceSessionPreflightElement);
define('marketplace-session-room', MarketplaceSessionRoomElement);
