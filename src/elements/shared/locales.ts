/** A language tag (RFC 5646) as `Intl` writes it; empty for what is none, such as `en-US@posix`. Pages say `de_DE` too. */
export function canonical(tag: string | undefined): string {
  try {
    return Intl.getCanonicalLocales(tag?.replace('_', '-'))[0] ?? '';
  } catch {
    return '';
  }
}

/** What `Intl` is asked for: it has not every language, and its own choice would be the browser's language. */
export const localesFor = (locale: string): string[] => [locale, 'en-GB'];

/** A language in the customer's own variety of it, such as `en-GB`; as it is on a server, which knows no customer. */
export const localeOf = (tag: string): string =>
  (globalThis.navigator as Navigator | undefined)?.languages
    .map(canonical)
    .find((own) => own.startsWith(`${tag}-`)) ?? tag;
