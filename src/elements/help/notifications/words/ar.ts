import type { NotificationsWords } from '../notifications-words.js';

/** Arabic. */
export const words: NotificationsWords = {
  title: 'الإشعارات',
  unread: 'الإشعارات، غير المقروءة: {count}',
  noneUnread: 'الإشعارات، لا شيء غير مقروء',
  loading: 'جارٍ التحميل…',
  empty: 'لا شيء بعد. يظهر هنا ما يخص مكتبك.',
  notLoaded: 'تعذرت قراءة القائمة.',
  tryAgain: 'حاول مرة أخرى',
  more: 'عرض الأقدم',
  close: 'إغلاق',
  markRead: 'وضع علامة مقروء',
  markAllRead: 'وضع علامة مقروء على الكل',
  notMarked: 'لم توضع العلامة. حاول مرة أخرى.',
  open: 'فتح',
  named: '{action}: {text}',
  kinds: {
    offered: 'شخص ما يحتاج إلى المساعدة',
    claim_missed: 'لم تنضم في الوقت المحدد',
    request_cancelled: 'لم يعد العميل بحاجة إلى المساعدة',
    set_away: 'تم تحويلك إلى بعيد',
  },
  isUnread: 'غير مقروء',
  isOpen: 'ما زال مفتوحًا',
  ring: 'رنّ عند الطلبات الجديدة',
  soundBlocked: 'لا يسمح هذا المتصفح بالرنين بعد. اضغط في أي مكان من هذه الصفحة.',
  systemBlocked: 'إشعارات النظام محظورة في هذا المتصفح. اسمح بها بجانب العنوان.',
  systemUnsupported: 'لا يعرض هذا المتصفح إشعارات النظام لهذه الصفحة.',
  news: 'إشعارات جديدة: {count}.',
  alert: 'طلب مساعدة جديد',
};
