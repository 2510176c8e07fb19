import type { SessionEvent } from '../../../controller/events.js';
import type { NotificationType } from '../../../protocol/help-request.js';

/** The events of a bell and their fields: ids and kinds alone. They bubble and are composed. */
export interface NotificationsEventFields {
  /**
   * Before the request of a notification is shown; cancelable: by default the desk of the page shows it, or `desk-url` is opened.
   * `notificationId` is null where the system's own notification was pressed.
   */
  'notification-opened': {
    requestId: string;
    notificationId: number | null;
    notificationType: NotificationType;
  };
}

export type MarketplaceNotificationsEventMap = {
  [T in keyof NotificationsEventFields]: SessionEvent & NotificationsEventFields[T];
};

declare global {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- the way to add to a global event map
  interface GlobalEventHandlersEventMap extends MarketplaceNotificationsEventMap {}
}
