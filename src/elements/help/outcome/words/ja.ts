import type { OutcomeWords } from '../outcome-words.js';

/** Japanese. */
export const words: OutcomeWords = {
  title: '通話はどのように終わりましたか？',
  loading: '少々お待ちください…',
  early: '通話はまだ終わっていません。終わりしだい、ここに結果を記録できます。',
  void: 'この依頼では通話が行われなかったため、記録するものはありません。',
  outcomes: {
    resolved: '解決した',
    unresolved: '解決しなかった',
    in_person: '訪問が必要',
  },
  choose: '結果を選んでください。',
  notes: 'メモ（任意）',
  notesHint: '提供者側だけが読みます。お客様には表示されません。',
  submit: '保存する',
  givenTitle: '保存しました',
  other: '以前に別の結果が記録されていました。そちらが残ります。',
  troubles: {
    unreachable: 'サービスに接続できません。入力した内容は残っています。もう一度お試しください。',
    signIn: 'ログイン状態を確認できません。もう一度ログインして、お試しください。',
    often: '操作が多すぎます。少し待ってから、もう一度お試しください。',
    other: 'ここではうまくいきませんでした。このサイトの運営者にお知らせください。',
    gone: 'この通話はもう存在しないか、ご自身のものではありません。',
  },
};
