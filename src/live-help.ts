// The elements of live help.
import { define } from './elements/shared/define.js';
import { MarketplaceSessionChatElement } from './elements/help/chat/marketplace-session-chat.js';
import { MarketplaceSessionPreflightElement } from './elements/help/preflight/marketplace-session-preflight.js';

export type { ChatEvent, MarketplaceChatEventMap } from './elements/help/chat/chat-events.js';
export type {
  MarketplacePreflightEventMap,
  PreflightEvent,
} from './elements/help/preflight/preflight-events.js';
export { MarketplaceSessionChatElement, MarketplaceSessionPreflightElement };

define('marketplace-session-chat', MarketplaceSessionChatElement);
define('marketplace-session-preflight', MarketplaceSessionPreflightElement);
