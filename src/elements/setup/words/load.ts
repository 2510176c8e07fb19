import { latePart } from '../../../controller/late-part.js';
import { wordsLoader } from '../../languages/words-loader.js';
import type { SetupWords } from '../setup-words.js';

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

/** The words of a set-up by the code of a language. */
export const loadSetupWords = wordsLoader<SetupWords>(loaders);
