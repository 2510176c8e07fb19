import type { NotificationsWords } from '../notifications-words.js';

/** Portuguese. */
export const words: NotificationsWords = {
  title: 'Notificações',
  unread: 'Notificações, não lidas: {count}',
  noneUnread: 'Notificações, nada não lido',
  loading: 'Carregando …',
  empty: 'Nada ainda. Aqui aparece o que diz respeito ao seu posto.',
  notLoaded: 'Não foi possível ler a lista.',
  tryAgain: 'Tentar novamente',
  more: 'Mostrar mais antigas',
  close: 'Fechar',
  markRead: 'Marcar como lida',
  markAllRead: 'Marcar todas como lidas',
  notMarked: 'Não foi marcado. Tente novamente.',
  open: 'Abrir',
  named: '{action}: {text}',
  kinds: {
    offered: 'Alguém precisa de ajuda',
    claim_missed: 'Você não entrou a tempo',
    request_cancelled: 'O cliente não precisa mais de ajuda',
    set_away: 'Você foi marcado como ausente',
  },
  isUnread: 'Não lida',
  isOpen: 'Ainda aberto',
  ring: 'Tocar em novos pedidos',
  soundBlocked: 'Este navegador ainda não deixa tocar. Pressione em qualquer lugar desta página.',
  systemBlocked:
    'As notificações do sistema estão bloqueadas neste navegador. Permita-as ao lado do endereço.',
  systemUnsupported: 'Este navegador não mostra notificações do sistema para esta página.',
  news: 'Novas notificações: {count}.',
  alert: 'Novo pedido de ajuda',
};
