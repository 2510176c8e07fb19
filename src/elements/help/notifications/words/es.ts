import type { NotificationsWords } from '../notifications-words.js';

/** Spanish. */
export const words: NotificationsWords = {
  title: 'Notificaciones',
  unread: 'Notificaciones, sin leer: {count}',
  noneUnread: 'Notificaciones, nada sin leer',
  loading: 'Cargando …',
  empty: 'Todavía nada. Aquí aparece lo que concierne a su puesto.',
  notLoaded: 'No se pudo leer la lista.',
  tryAgain: 'Intentar de nuevo',
  more: 'Mostrar anteriores',
  close: 'Cerrar',
  markRead: 'Marcar como leída',
  markAllRead: 'Marcar todo como leído',
  notMarked: 'No se marcó. Inténtelo de nuevo.',
  open: 'Abrir',
  named: '{action}: {text}',
  kinds: {
    offered: 'Alguien necesita ayuda',
    claim_missed: 'No entró a tiempo',
    request_cancelled: 'El cliente ya no necesita ayuda',
    set_away: 'Se le puso como ausente',
  },
  isUnread: 'Sin leer',
  isOpen: 'Aún abierta',
  ring: 'Sonar con nuevas solicitudes',
  soundBlocked: 'Este navegador aún no deja sonar. Pulse en cualquier parte de esta página.',
  systemBlocked:
    'Las notificaciones del sistema están bloqueadas en este navegador. Permítalas junto a la dirección.',
  systemUnsupported: 'Este navegador no muestra notificaciones del sistema para esta página.',
  news: 'Notificaciones nuevas: {count}.',
  alert: 'Nueva solicitud de ayuda',
};
