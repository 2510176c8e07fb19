type Formatter = 'DateTimeFormat' | 'NumberFormat' | 'ListFormat' | 'PluralRules';
const formatters: Formatter[] = ['DateTimeFormat', 'NumberFormat', 'ListFormat', 'PluralRules'];

/**
 * A browser whose own language is another one: `navigator.languages`, and what `Intl` answers in where it is asked for
 * none, or for one that it does not have. @returns a function that ends it.
 */
export function speakOwnLanguage(...languages: string[]): () => void {
  const real = Object.fromEntries(formatters.map((name) => [name, Intl[name]])) as Pick<
    typeof Intl,
    Formatter
  >;
  for (const name of formatters) {
    const Real = real[name] as new (locales: string[], options?: object) => object;
    Object.assign(Intl, {
      [name]: class extends Real {
        constructor(locales: string | string[] = [], options?: object) {
          super([...[locales].flat(), languages[0]!], options);
        }
      },
    });
  }
  Object.defineProperty(navigator, 'languages', { configurable: true, get: () => languages });
  return () => {
    Object.assign(Intl, real);
    delete (navigator as { languages?: readonly string[] }).languages;
  };
}
