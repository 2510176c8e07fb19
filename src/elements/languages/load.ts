import { latePart, type LatePart } from '../../controller/late-part.js';
import type { Place, Speech } from '../shared/language.js';
import { canonical } from '../shared/locales.js';
import type { Words } from '../shared/words.js';
import { speech } from './speech.js';

export { watchLanguage } from './language-watch.js';

const loaders = {
  ar: latePart(() => import('./ar.js')),
  cy: latePart(() => import('./cy.js')),
  de: latePart(() => import('./de.js')),
  en: latePart(() => import('./en.js')),
  es: latePart(() => import('./es.js')),
  fr: latePart(() => import('./fr.js')),
  ja: latePart(() => import('./ja.js')),
  pt: latePart(() => import('./pt.js')),
} satisfies Record<string, LatePart<{ words: Words }>>;

/** How often a language is asked for before English takes its place. */
const triesOfLanguage = 4;

/** The words of a language by its code, such as `de`; what is not known here, or does not come, is English. */
export async function loadWords(
  wanted: string,
  isNeeded: () => unknown = () => true,
): Promise<{ code: string; words: Words }> {
  const code = (Object.hasOwn(loaders, wanted) ? wanted : 'en') as keyof typeof loaders;
  let tries = 0;
  try {
    return {
      code,
      ...(await loaders[code](() => isNeeded() && (code === 'en' || ++tries < triesOfLanguage))),
    };
  } catch (error) {
    if (code === 'en' || !isNeeded()) throw error;
    return loadWords('en', isNeeded);
  }
}

/** Everything that is said in a place of that language, as `lang` has it. */
export async function loadSpeech(lang: string, isNeeded: () => unknown): Promise<(place: Place) => Speech> {
  const { code, words } = await loadWords(canonical(lang).split('-')[0]!, isNeeded);
  return (place) => speech(code, words, place);
}
