import type { ChatWords } from '../chat-words.js';

/** Welsh. */
export const words: ChatWords = {
  title: 'Negeseuon',
  write: 'Eich neges',
  send: 'Anfon',
  senders: { own: 'Chi', provider: 'Darparwr', marketplace: 'Y farchnad' },
  loading: 'Yn darllen y negeseuon…',
  empty: 'Does dim wedi’i ysgrifennu eto.',
  sending: 'Yn anfon…',
  notSent: 'Heb ei hanfon.',
  sendAgain: 'Anfon eto',
  tooFast: 'Rydych yn ysgrifennu’n gyflym iawn. Arhoswch eiliad ac anfonwch eto.',
  full: 'Does dim lle i ragor o negeseuon yn y sesiwn hon.',
  over: 'Mae’r sesiwn ar ben. Mae’r hyn a ysgrifennwyd i’w ddarllen yma o hyd.',
  heard: '{sender}, {time}',
};
