import type { ChatWords } from '../chat-words.js';

/** Japanese. */
export const words: ChatWords = {
  title: 'メッセージ',
  write: 'メッセージを入力',
  send: '送信',
  senders: { own: 'あなた', provider: '提供者', marketplace: 'マーケットプレイス' },
  loading: 'メッセージを読み込んでいます…',
  empty: 'まだメッセージはありません。',
  sending: '送信中…',
  notSent: '送信できませんでした。',
  sendAgain: 'もう一度送信',
  tooFast: '送信が速すぎます。少し待ってから、もう一度送信してください。',
  full: 'このセッションではこれ以上送信できません。',
  over: 'セッションは終了しました。メッセージは引き続きここで読めます。',
  heard: '{sender}、{time}',
};
