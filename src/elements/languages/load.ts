import type { Words } from '../words.js';

const loaders = {
  ar: () => import('./ar.js'),
  cy: () => import('./cy.js'),
  de: () => import('./de.js'),
  en: () => import('./en.js'),
  es: () => import('./es.js'),
  fr: () => import('./fr.js'),
  ja: () => import('./ja.js'),
  pt: () => import('./pt.js'),
} satisfies Record<string, () => Promise<{ words: Words }>>;

/** The words of a language by its code, such as `de`; what is not known here is English. */
export async function loadWords(wanted: string): Promise<{ code: string; words: Words }> {
  const code = (Object.hasOwn(loaders, wanted) ? wanted : 'en') as keyof typeof loaders;
  return { code, ...(await loaders[code]()) };
}
