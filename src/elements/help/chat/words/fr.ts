import type { ChatWords } from '../chat-words.js';

/** French. */
export const words: ChatWords = {
  title: 'Messages',
  write: 'Votre message',
  send: 'Envoyer',
  senders: { own: 'Vous', provider: 'Prestataire', marketplace: 'Place de marché' },
  loading: 'Lecture des messages…',
  empty: 'Aucun message pour l’instant.',
  sending: 'Envoi…',
  notSent: 'Non envoyé.',
  sendAgain: 'Renvoyer',
  tooFast: 'Vous écrivez très vite. Patientez un instant, puis renvoyez.',
  full: 'Cette séance ne peut plus contenir de messages.',
  over: 'La séance est terminée. Les messages restent lisibles ici.',
  heard: '{sender}, {time}',
};
