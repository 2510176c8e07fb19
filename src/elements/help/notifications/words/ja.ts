import type { NotificationsWords } from '../notifications-words.js';

/** Japanese. */
export const words: NotificationsWords = {
  title: 'お知らせ',
  unread: 'お知らせ、未読：{count}件',
  noneUnread: 'お知らせ、未読なし',
  loading: '読み込んでいます…',
  empty: 'まだ何もありません。デスクに関するお知らせがここに表示されます。',
  notLoaded: '一覧を読み込めませんでした。',
  tryAgain: 'もう一度試す',
  more: '古いものを表示',
  close: '閉じる',
  markRead: '既読にする',
  markAllRead: 'すべて既読にする',
  notMarked: '既読にできませんでした。もう一度お試しください。',
  open: '開く',
  named: '{action}：{text}',
  kinds: {
    offered: '助けを必要としている人がいます',
    claim_missed: '時間内に参加しませんでした',
    request_cancelled: 'お客様は助けを必要としなくなりました',
    set_away: '離席中になりました',
  },
  isUnread: '未読',
  isOpen: 'まだ受付中',
  ring: '新しい依頼で音を鳴らす',
  soundBlocked: 'このブラウザではまだ音を鳴らせません。このページのどこかを押してください。',
  systemBlocked: 'このブラウザではシステム通知がブロックされています。アドレスの横で許可してください。',
  systemUnsupported: 'このブラウザはこのページのシステム通知を表示しません。',
  news: '新しいお知らせ：{count}件。',
  alert: '新しいヘルプの依頼',
};
