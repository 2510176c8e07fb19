import type { Place, Speech } from '../shared/language.js';
import { canonical, localeOf } from '../shared/locales.js';
import type { Words } from '../shared/words.js';
import { clockTime } from './clock-time.js';
import { withOwnWords } from './own-words.js';

const languageOf = (tag: string): string => tag.split('-')[0]!;

/** Whether the page says a direction as near as the language. */
function isDirected(speaker: Element): boolean {
  for (let node: Element | undefined = speaker; node;) {
    if (node.hasAttribute('dir')) return true;
    if (node.hasAttribute('lang')) return false;
    node = node.parentElement ?? (node.getRootNode() as Partial<ShadowRoot>).host;
  }
  return false;
}

/**
 * What is said with all words of a shipped language. Where the page's own words hold a time, a length or an amount, they
 * are words of the place's language, and everything follows that.
 */
export function speech(shipped: string, words: Words, { speaker, lang, own }: Place): Speech {
  const place = canonical(lang);
  const isBrought = /{(time|duration|price|count)}/.test(JSON.stringify(own));
  const code = (isBrought && languageOf(place)) || shipped;
  const isHere = languageOf(place) === code;
  const tag = isHere ? place : code;
  const locale = localeOf(tag);
  const isRightToLeft = /Arab|Hebr|Thaa|Syrc|Nkoo|Adlm/.test(new Intl.Locale(tag).maximize().script!);
  return {
    words: own.reduce<Words>(withOwnWords, words),
    code,
    locale,
    clock: (instant) => clockTime(instant, locale),
    // Where the page says no language, its direction is not that of these words.
    direction: (isDirected(speaker) ? isHere : !lang) ? '' : isRightToLeft ? 'rtl' : 'ltr',
  };
}
