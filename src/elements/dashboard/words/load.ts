import { latePart } from '../../../controller/late-part.js';
import { wordsLoader } from '../../languages/words-loader.js';
import type { DashboardWords } from '../dashboard-words.js';

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

/** The words of a dashboard by the code of a language. */
export const loadDashboardWords = wordsLoader<DashboardWords>(loaders);
