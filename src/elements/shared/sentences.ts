/** Sentences behind each other; scripts that write without spaces have none between them either. */
export const sentences = (...texts: (string | 0 | null | false | undefined)[]): string =>
  texts
    .filter(Boolean)
    .join(' ')
    .replace(/(?<=[。！？]) /g, '');
