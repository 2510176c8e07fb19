import { latePart } from '../../controller/late-part.js';
import type { Place, Speaker, Speech } from '../shared/language.js';
import { canonical } from '../shared/locales.js';
import type { LateWords, TimerWords } from '../shared/words.js';
import { watchLanguage } from './language-watch.js';
import { speech } from './speech.js';
import { wordsLoader } from './words-loader.js';

const loaders = {
  ar: latePart(() => import('./ar.js')),
  cy: latePart(() => import('./cy.js')),
  de: latePart(() => import('./de.js')),
  en: latePart(() => import('./en.js')),
  es: latePart(() => import('./es.js')),
  fr: latePart(() => import('./fr.js')),
  ja: latePart(() => import('./ja.js')),
  pt: latePart(() => import('./pt.js')),
};

/** The words of a language by its code, such as `de`; what is not known here, or does not come, is English. */
export const loadWords = wordsLoader<LateWords>(loaders);

/** Everything that is said in a place of that language, as `lang` has it, which is followed from then on. */
export async function loadSpeech(
  speaker: Speaker,
  lang: string,
  isNeeded: () => unknown,
  englishTimer: TimerWords,
): Promise<(place: Place) => Speech> {
  watchLanguage(speaker);
  const { code, words } = await loadWords(canonical(lang).split('-')[0]!, isNeeded);
  return (place) => speech(code, { ...englishTimer, ...words }, place);
}
