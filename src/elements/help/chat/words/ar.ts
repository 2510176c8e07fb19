import type { ChatWords } from '../chat-words.js';

/** Arabic. */
export const words: ChatWords = {
  title: 'الرسائل',
  write: 'رسالتك',
  send: 'إرسال',
  senders: { own: 'أنت', provider: 'مقدم الخدمة', marketplace: 'السوق' },
  loading: 'جارٍ قراءة الرسائل…',
  empty: 'لم يُكتب شيء بعد.',
  sending: 'جارٍ الإرسال…',
  notSent: 'لم تُرسل.',
  sendAgain: 'إرسال مرة أخرى',
  tooFast: 'أنت تكتب بسرعة كبيرة. انتظر لحظة ثم أرسلها مرة أخرى.',
  full: 'لا تتسع هذه الجلسة لمزيد من الرسائل.',
  over: 'انتهت الجلسة. ما كُتب يبقى مقروءًا هنا.',
  heard: '{sender}، {time}',
};
