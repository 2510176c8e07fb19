import type { PreflightWords } from '../preflight-words.js';

/** Japanese. */
export const words: PreflightWords = {
  title: 'カメラとマイクの確認',
  intro:
    '参加する前に、映像と音声が届くかを確認します。このページでの使用を許可するか、ブラウザが尋ねます。録画や録音はされず、まだ誰にも見えていません。',
  start: '確認する',
  names: { camera: 'カメラ', microphone: 'マイク', speaker: 'スピーカー', network: '接続' },
  verdicts: {
    idle: '未確認',
    asking: '確認中…',
    ok: '正常です',
    weak: '制限があります',
    failed: '使えません',
  },
  advice: {
    asking: 'ブラウザの質問に答えてください。',
    denied:
      'ここでは許可されていません。アドレスの横にあるページの設定で許可してから、もう一度お試しください。',
    dismissed: '質問が閉じられました。もう一度試して「許可」を選んでください。',
    blocked: '外側のページが使用を渡していません。サイトの運営者がカメラとマイクを許可する必要があります。',
    insecure: 'アドレスが https で始まる安全なページでだけ使えます。',
    unsupported: 'このブラウザでは使えません。別のブラウザをお使いください。',
    missing: '見つかりませんでした。接続してから、もう一度お試しください。',
    in_use: '何も届きません。ほかのアプリが使っている可能性があります。閉じてから、もう一度お試しください。',
    silent: 'まだ何も聞こえません。声を出すか、別の機器を選んでください。',
    unmeasured: 'オンになっています。このブラウザでは音量を測れません。',
  },
  fine: {
    camera: '映像が届いています。',
    microphone: '声が届いています。',
    speaker: '音が聞こえています。',
    network: '通話に十分です。',
  },
  network: {
    asking: '長くても3秒で終わります。',
    slow: '遅いため、音声や映像が遅れることがあります。',
    restricted:
      'このネットワークでは通話がつながらないことがあります。つながらないときは、別のネットワークをお試しください。',
    unreachable: 'サービスに接続できません。接続を確認して、もう一度お試しください。',
  },
  canGoWithout: 'なくても続けられます。',
  level: '声の大きさ',
  preview: '自分の映像',
  systemDevice: 'システムの設定どおり',
  playTone: '音を鳴らす',
  isToneHeard: '音が聞こえましたか？',
  heard: 'はい',
  notHeard: 'いいえ',
  toneNotHeard: '音量を上げるか別の機器を選んで、もう一度鳴らしてください。',
  tryAgain: 'もう一度試す',
  goOn: '続ける',
  stop: 'オフにする',
  passed: '必要なものはすべて使えます。',
  notPassed: '必要なものがまだ使えません。',
};
