import type { ChatWords } from '../chat-words.js';

/** German. */
export const words: ChatWords = {
  title: 'Nachrichten',
  write: 'Ihre Nachricht',
  send: 'Senden',
  senders: { own: 'Sie', provider: 'Anbieter', marketplace: 'Marktplatz' },
  loading: 'Nachrichten werden gelesen …',
  empty: 'Noch wurde nichts geschrieben.',
  sending: 'Wird gesendet …',
  notSent: 'Nicht gesendet.',
  sendAgain: 'Noch einmal senden',
  tooFast: 'Sie schreiben sehr schnell. Warten Sie einen Moment und senden Sie noch einmal.',
  full: 'In diese Sitzung passen keine Nachrichten mehr.',
  over: 'Die Sitzung ist beendet. Was geschrieben wurde, bleibt hier lesbar.',
  heard: '{sender}, {time}',
};
