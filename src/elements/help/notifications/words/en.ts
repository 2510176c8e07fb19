import type { NotificationsWords } from '../notifications-words.js';

/** English. */
export const words: NotificationsWords = {
  title: 'Notifications',
  unread: 'Notifications, unread: {count}',
  noneUnread: 'Notifications, nothing unread',
  loading: 'Loading …',
  empty: 'Nothing yet. What concerns your desk appears here.',
  notLoaded: 'The list could not be read.',
  tryAgain: 'Try again',
  more: 'Show older ones',
  close: 'Close',
  markRead: 'Mark as read',
  markAllRead: 'Mark all as read',
  notMarked: 'That was not marked. Please try again.',
  open: 'Open',
  named: '{action}: {text}',
  kinds: {
    offered: 'Somebody needs help',
    claim_missed: 'You did not join in time',
    request_cancelled: 'The customer no longer needs help',
    set_away: 'You were set to away',
  },
  isUnread: 'Unread',
  isOpen: 'Still open',
  ring: 'Ring me for new requests',
  soundBlocked: 'This browser does not let it ring yet. Press anywhere on this page.',
  systemBlocked: 'System notifications are blocked in this browser. Allow them beside the address.',
  systemUnsupported: 'This browser shows no system notifications for this page.',
  news: 'New notifications: {count}.',
  alert: 'New request for help',
};
