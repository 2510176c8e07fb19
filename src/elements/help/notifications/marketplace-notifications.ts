import type { DeskOptions } from '../../../controller/desk/desk-options.js';
import { latePart } from '../../../controller/late-part.js';
import { text } from '../../../controller/option-values.js';
import type { Property } from '../../shared/base-element.js';
import { deskOptions } from '../desk/desk-address.js';
import { HelpElement } from '../help-element.js';
import type { NotificationsHost } from './notifications-host.js';
import type { NotificationsPart } from './notifications-part.js';
import type { OwnNotificationsWords } from './notifications-words.js';

const notificationsPart = latePart(() => import('./notifications-part.js'));

/**
 * A bell with how much of what a helper was told is unread, as the service counts it, and the list behind it: one or all are
 * marked as read, on every desk of the helper, and a request is opened from it. It hears the same stream as the desk of the page.
 * Sound and the system's own notifications come only once the person has asked for them by the switch in the list, from one tab
 * of all, while nobody looks at any.
 *
 * @summary A helper's bell: how much is unread, and what it is.
 * @tag marketplace-notifications
 *
 * @attr {string} server-url - The address of the session service, such as "https://market.example/api/v1".
 * @attr {string} access-token-url - An address of the provider's own server that answers a POST by `{access_token, expires_in}`.
 * @attr {string} helper-id - Whose bell it is; the helper that the access token speaks for by default.
 * @attr {string} desk-url - Where the desk is, with "{request_id}" in the place of a request's id, for pages that hold no desk.
 * @attr {'auto'|'light'|'dark'} theme - Colours; "auto" follows the page.
 *
 * @fires notification-opened - Before a request is shown; cancelable. `requestId`, `notificationId` (null from the system's notification), `notificationType`.
 *
 * @csspart session, button, actions, announcement
 * @csspart bell-button - The bell.
 * @csspart bell-icon - What is drawn in it.
 * @csspart unread-count - How many are unread; "9+" for more.
 * @csspart notifications - The list and all around it.
 * @csspart notifications-title - Its heading.
 * @csspart notifications-text - That it is being read, could not be read, or is empty.
 * @csspart notifications-list - The list.
 * @csspart notification - One of them.
 * @csspart read-notification, unread-notification - One that is read, or is not.
 * @csspart notification-name - What it says.
 * @csspart notification-text - When that was, and whether it can be accepted still.
 * @csspart open-button - Opens its request.
 * @csspart mark-read-button - Marks it as read.
 * @csspart mark-all-read-button - Marks all as read.
 * @csspart try-again-button - Reads the list again.
 * @csspart more-button - Shows older ones.
 * @csspart close-button - Closes the list.
 * @csspart ring - The switch for sound and the system's notifications.
 * @csspart ring-text - What the browser refuses of it, and what to do.
 *
 * @cssproperty --marketplace-session-accent, --marketplace-session-surface, --marketplace-session-text, --marketplace-session-muted, --marketplace-session-border, --marketplace-session-urgent, --marketplace-session-radius
 *
 * @cssstate connecting - It has not been heard yet.
 * @cssstate connected - The count is so.
 * @cssstate disconnected - The count may be old.
 * @cssstate unread - Something is unread.
 * @cssstate open - The list is open.
 */
export class MarketplaceNotificationsElement
  extends HelpElement<NotificationsPart>
  implements NotificationsHost
{
  static override properties: Record<string, Property> = {
    ...HelpElement.properties,
    serverUrl: { read: text },
    accessTokenUrl: { read: text },
    helperId: { read: text },
    deskUrl: { read: text },
  };

  declare serverUrl: string | undefined;
  declare accessTokenUrl: string | undefined;
  declare helperId: string | undefined;
  declare deskUrl: string | undefined;
  /** Words in place of the element's own. */
  declare strings: OwnNotificationsWords;

  constructor() {
    super('connecting');
  }

  /** @internal */
  get options(): DeskOptions | undefined {
    return deskOptions(this);
  }

  protected override async makePart(isNeeded: () => unknown): Promise<NotificationsPart> {
    const { NotificationsPart } = await notificationsPart(isNeeded);
    return new NotificationsPart(this);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'marketplace-notifications': MarketplaceNotificationsElement;
  }
}
