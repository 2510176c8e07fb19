import type { NotificationsWords } from '../notifications-words.js';

/** Welsh. */
export const words: NotificationsWords = {
  title: 'Hysbysiadau',
  unread: 'Hysbysiadau, heb eu darllen: {count}',
  noneUnread: 'Hysbysiadau, dim heb ei ddarllen',
  loading: 'Yn llwytho …',
  empty: 'Dim eto. Mae’r hyn sy’n ymwneud â’ch desg yn ymddangos yma.',
  notLoaded: 'Ni ellid darllen y rhestr.',
  tryAgain: 'Rhowch gynnig arall arni',
  more: 'Dangos rhai hŷn',
  close: 'Cau',
  markRead: 'Marcio fel wedi’i ddarllen',
  markAllRead: 'Marcio popeth fel wedi’i ddarllen',
  notMarked: 'Ni farciwyd hynny. Rhowch gynnig arall arni.',
  open: 'Agor',
  named: '{action}: {text}',
  kinds: {
    offered: 'Mae angen cymorth ar rywun',
    claim_missed: 'Ni wnaethoch ymuno mewn pryd',
    request_cancelled: 'Nid oes angen cymorth ar y cwsmer mwyach',
    set_away: 'Fe’ch gosodwyd i ffwrdd',
  },
  isUnread: 'Heb ei ddarllen',
  isOpen: 'Ar agor o hyd',
  ring: 'Canu ar gyfer ceisiadau newydd',
  soundBlocked: 'Nid yw’r porwr hwn yn gadael iddo ganu eto. Pwyswch unrhyw le ar y dudalen hon.',
  systemBlocked:
    'Mae hysbysiadau’r system wedi’u rhwystro yn y porwr hwn. Caniatewch nhw wrth ymyl y cyfeiriad.',
  systemUnsupported: 'Nid yw’r porwr hwn yn dangos hysbysiadau’r system ar gyfer y dudalen hon.',
  news: 'Hysbysiadau newydd: {count}.',
  alert: 'Cais newydd am gymorth',
};
