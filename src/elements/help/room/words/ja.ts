import type { RoomWords } from '../room-words.js';

/** Japanese. */
export const words: RoomWords = {
  title: '通話',
  intro:
    'このページにカメラとマイクの使用を許可するか、ブラウザーが確認します。どちらもなしで参加することもできます。録画や録音はされません。',
  join: '通話に参加',
  linkText: '通話は専用のページで行います。新しいタブで開きます。',
  skip: '使わずに参加',
  leave: '退出',
  tryAgain: 'もう一度試す',
  bringHere: 'ここで続ける',
  shareScreen: '画面を共有',
  devices: '機器',
  playSound: '音を出す',
  ownPicture: '自分の映像',
  otherPicture: '相手の映像',
  states: {
    joining: '参加しています…',
    waiting: '相手の参加を待っています。',
    connecting: '接続しています…',
    connected: '接続しました。',
    reconnecting: '接続が切れました。再接続しています…',
    left: '相手が退出しました。戻ると通話が続きます。',
    elsewhere: '通話は別のウィンドウで続いています。',
    ended: 'セッションが終わり、通話も終了しました。',
  },
  quality: {
    weak: '接続が不安定です。音や映像が途切れることがあります。',
    poor: '接続がよくありません。カメラをオフにすると改善します。',
  },
  otherMuted: '相手のマイクはオフです。',
  otherUnseen: '相手は映像を出していません。',
  failures: {
    notConnected: '接続できませんでした。別のネットワークなら通話できるかもしれません。',
    unsupported: 'このブラウザーでは通話できません。別のブラウザーをご利用ください。',
    refused: '現在、通話に参加できません。',
  },
};
