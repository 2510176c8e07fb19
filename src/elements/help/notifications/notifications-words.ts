import type { NotificationType } from '../../../protocol/help-request.js';

/** Every text of a bell in one language. */
export interface NotificationsWords {
  title: string;
  /** The bell's name: with how many are unread, and with none. */
  unread: `${string}{count}${string}`;
  noneUnread: string;
  loading: string;
  empty: string;
  notLoaded: string;
  tryAgain: string;
  more: string;
  close: string;
  markRead: string;
  markAllRead: string;
  /** Nothing was marked. */
  notMarked: string;
  open: string;
  /** Names a button: `{action}: {text}`. */
  named: `${string}{action}${string}{text}${string}`;
  kinds: Record<NotificationType, string>;
  /** Of one that nobody has opened, for those who hear it. */
  isUnread: string;
  /** Its request can be accepted still. */
  isOpen: string;
  ring: string;
  /** The browser lets nothing sound before a press, or has no way out for sound. */
  soundBlocked: string;
  systemBlocked: string;
  systemUnsupported: string;
  /** Said: `{count}` behind a colon, so that it stands in no grammatical form. */
  news: `${string}{count}${string}`;
  /** What the system shows, on a screen that others may see. */
  alert: string;
}

type Nested = 'kinds';

/** Words that a page sets in place of the element's own: any of them. What is empty means the default. */
export type OwnNotificationsWords = Partial<Omit<NotificationsWords, Nested>> & {
  [Name in Nested]?: Partial<NotificationsWords[Name]>;
};
