import type { ChatWords } from '../chat-words.js';

/** Spanish. */
export const words: ChatWords = {
  title: 'Mensajes',
  write: 'Su mensaje',
  send: 'Enviar',
  senders: { own: 'Usted', provider: 'Proveedor', marketplace: 'Mercado' },
  loading: 'Leyendo los mensajes…',
  empty: 'Todavía no se ha escrito nada.',
  sending: 'Enviando…',
  notSent: 'No enviado.',
  sendAgain: 'Volver a enviar',
  tooFast: 'Escribe muy rápido. Espere un momento y vuelva a enviarlo.',
  full: 'No caben más mensajes en esta sesión.',
  over: 'La sesión ha terminado. Lo escrito sigue visible aquí.',
  heard: '{sender}, {time}',
};
