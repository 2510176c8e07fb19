import { latePart } from '../../../controller/late-part.js';
import type { Property } from '../../shared/base-element.js';
import { timerStyles } from '../../session/styles.js';
import { AttendingPiece } from '../attending-piece.js';
import type { ChatHost } from './chat-host.js';
import type { ChatPart } from './chat-part.js';
import type { OwnChatWords } from './chat-words.js';

const chatPart = latePart(() => import('./chat-part.js'));

/**
 * What the two sides of a session write to each other: everything that was written, and a field to write, while the
 * session waits, runs or is paused; after that it can still be read. Each message is sent once, whatever the network does,
 * and all tabs show the same. It stands beside a marketplace-session, or, in the page of a helper, attends the session that
 * `session-id` names by an access token. Nothing is drawn where the backend offers no messages (capability `chat`).
 *
 * @summary Messages between the two sides of a marketplace-session.
 * @tag marketplace-session-chat
 *
 * @attr {string} for - Id of the marketplace-session it belongs to. Needed only where a page has several, and the element stands in none.
 * @attr {string} session-id - The session that a helper attends; with `server-url` and `access-token-url`.
 * @attr {string} server-url - The address of the session service, for a helper.
 * @attr {string} access-token-url - Where the helper's page gets an access token with `sessions.read`, `sessions.attend`, `messages.read` and `messages.send`.
 * @attr {'auto'|'light'|'dark'} theme - Colours; "auto" follows the page.
 *
 * @fires message-sent - The service has what the person wrote. `clientId`.
 * @fires message-received - The other side has written. `clientId`.
 *
 * @csspart session, button, primary-button
 * @csspart chat - The whole of it.
 * @csspart chat-title - Its heading.
 * @csspart messages - The list of messages, which scrolls.
 * @csspart message - One of them.
 * @csspart own-message, other-message - One of the person's own, or of somebody else.
 * @csspart message-head - Who has written, and when.
 * @csspart message-text - What was written.
 * @csspart message-state - That it is being sent, or was not.
 * @csspart chat-text - That nothing was written yet, that it is being read, or that the session is over.
 * @csspart message-form - Around field and button.
 * @csspart message-field - Where the person writes.
 * @csspart send-button - Sends it.
 * @csspart send-again-button - Sends one that has failed.
 *
 * @cssproperty [--marketplace-session-chat-height=24rem] - The greatest height of the list.
 * @cssproperty --marketplace-session-accent, --marketplace-session-on-accent, --marketplace-session-surface, --marketplace-session-text, --marketplace-session-muted, --marketplace-session-border, --marketplace-session-urgent, --marketplace-session-radius
 *
 * @cssstate idle - There is no session yet.
 * @cssstate loading, empty, waiting, active, paused, ending, ended, failed, warning, reconnecting, offline
 */
export class MarketplaceSessionChatElement extends AttendingPiece<ChatPart> implements ChatHost {
  static override sheets = [timerStyles];

  static override properties: Record<string, Property> = {
    ...AttendingPiece.properties,
    chatStrings: { read: (own) => own ?? {}, attribute: false },
  };

  /** Words in place of the chat's own. */
  declare chatStrings: OwnChatWords;

  protected override async makePart(isNeeded: () => unknown): Promise<ChatPart> {
    const { ChatPart } = await chatPart(isNeeded);
    return new ChatPart(this);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'marketplace-session-chat': MarketplaceSessionChatElement;
  }
}
