import type { NotificationsWords } from '../notifications-words.js';

/** German. */
export const words: NotificationsWords = {
  title: 'Mitteilungen',
  unread: 'Mitteilungen, ungelesen: {count}',
  noneUnread: 'Mitteilungen, nichts ungelesen',
  loading: 'Wird geladen …',
  empty: 'Noch nichts. Hier erscheint, was Ihren Arbeitsplatz betrifft.',
  notLoaded: 'Die Liste konnte nicht gelesen werden.',
  tryAgain: 'Noch einmal versuchen',
  more: 'Ältere zeigen',
  close: 'Schließen',
  markRead: 'Als gelesen markieren',
  markAllRead: 'Alle als gelesen markieren',
  notMarked: 'Das wurde nicht markiert. Bitte versuchen Sie es noch einmal.',
  open: 'Öffnen',
  named: '{action}: {text}',
  kinds: {
    offered: 'Jemand braucht Hilfe',
    claim_missed: 'Sie sind nicht rechtzeitig beigetreten',
    request_cancelled: 'Der Kunde braucht keine Hilfe mehr',
    set_away: 'Sie wurden auf abwesend gesetzt',
  },
  isUnread: 'Ungelesen',
  isOpen: 'Noch offen',
  ring: 'Bei neuen Anfragen klingeln',
  soundBlocked: 'Dieser Browser lässt es noch nicht klingeln. Drücken Sie irgendwo auf dieser Seite.',
  systemBlocked: 'Systemmitteilungen sind in diesem Browser blockiert. Erlauben Sie sie neben der Adresse.',
  systemUnsupported: 'Dieser Browser zeigt für diese Seite keine Systemmitteilungen.',
  news: 'Neue Mitteilungen: {count}.',
  alert: 'Neue Anfrage',
};
