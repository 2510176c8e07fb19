import type { ChatWords } from '../chat-words.js';

/** Portuguese. */
export const words: ChatWords = {
  title: 'Mensagens',
  write: 'Sua mensagem',
  send: 'Enviar',
  senders: { own: 'Você', provider: 'Provedor', marketplace: 'Marketplace' },
  loading: 'Lendo as mensagens…',
  empty: 'Nada foi escrito ainda.',
  sending: 'Enviando…',
  notSent: 'Não enviada.',
  sendAgain: 'Enviar de novo',
  tooFast: 'Você escreve muito rápido. Espere um momento e envie de novo.',
  full: 'Não cabem mais mensagens nesta sessão.',
  over: 'A sessão terminou. O que foi escrito continua visível aqui.',
  heard: '{sender}, {time}',
};
