import type { LatePart } from '../../controller/late-part.js';

/** How often a language is asked for before English takes its place. */
const triesOfLanguage = 4;

/** Words, and the code of the language that they are in. */
export interface LoadedWords<Words> {
  code: string;
  words: Words;
}

/**
 * Fetches words by the code of a language, such as `de`; what is not known here, or does not come, is English.
 * @throws {SessionError} `SCRIPT_INCOMPLETE`, once they are needed no longer.
 */
export function wordsLoader<Words>(
  loaders: Record<string, LatePart<{ words: Words }>>,
): (wanted: string, isNeeded?: () => unknown) => Promise<LoadedWords<Words>> {
  return async function load(wanted, isNeeded = () => true) {
    const code = Object.hasOwn(loaders, wanted) ? wanted : 'en';
    let tries = 0;
    try {
      const { words } = await loaders[code]!(
        () => isNeeded() && (code === 'en' || ++tries < triesOfLanguage),
      );
      return { code, words };
    } catch (error) {
      if (code === 'en' || !isNeeded()) throw error;
      return load('en', isNeeded);
    }
  };
}
