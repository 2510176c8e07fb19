import type { NotificationsWords } from '../notifications-words.js';

/** French. */
export const words: NotificationsWords = {
  title: 'Notifications',
  unread: 'Notifications, non lues : {count}',
  noneUnread: 'Notifications, rien de non lu',
  loading: 'Chargement …',
  empty: 'Rien pour l’instant. Ce qui concerne votre poste apparaît ici.',
  notLoaded: 'La liste n’a pas pu être lue.',
  tryAgain: 'Réessayer',
  more: 'Afficher les plus anciennes',
  close: 'Fermer',
  markRead: 'Marquer comme lue',
  markAllRead: 'Tout marquer comme lu',
  notMarked: 'Rien n’a été marqué. Veuillez réessayer.',
  open: 'Ouvrir',
  named: '{action} : {text}',
  kinds: {
    offered: 'Quelqu’un a besoin d’aide',
    claim_missed: 'Vous n’avez pas rejoint à temps',
    request_cancelled: 'Le client n’a plus besoin d’aide',
    set_away: 'Vous avez été mis en absence',
  },
  isUnread: 'Non lue',
  isOpen: 'Encore ouverte',
  ring: 'Sonner pour les nouvelles demandes',
  soundBlocked: 'Ce navigateur ne laisse pas encore sonner. Appuyez n’importe où sur cette page.',
  systemBlocked:
    'Les notifications du système sont bloquées dans ce navigateur. Autorisez-les à côté de l’adresse.',
  systemUnsupported: 'Ce navigateur n’affiche pas de notifications du système pour cette page.',
  news: 'Nouvelles notifications : {count}.',
  alert: 'Nouvelle demande d’aide',
};
