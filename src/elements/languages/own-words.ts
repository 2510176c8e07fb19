import type { OwnWords, Plural } from '../shared/words.js';

type Texts = Record<string, unknown>;

/** What is counted has a text for each of the plural categories of its language. */
const counts = /^(tokens|units\.\w+)$/;

/**
 * Words with a page's own in their place, one by one at any depth. What is empty means the default, and so does what is
 * of another shape.
 */
export function withOwnWords<Known extends OwnWords>(words: Known, own: OwnWords | undefined): Known {
  return merge(words as Texts, own as Texts) as Known;
}

function merge(words: Texts | undefined, own: Texts, path = ''): Texts {
  const merged = (Array.isArray(words) ? [...(words as string[])] : { ...words }) as Texts;
  for (const [name, text] of Object.entries(own ?? {})) {
    const before = merged[name] as Texts | string | undefined;
    if (!text) continue;
    if (counts.test(path + name)) merged[name] = counted(before as Texts | undefined, text as Texts | string);
    else if (!before || typeof before === typeof text)
      merged[name] =
        typeof text === 'object' ? merge(before as Texts | undefined, text as Texts, `${name}.`) : text;
  }
  return merged;
}

/** One text serves for every number; its number stands before it, unless it has a place for it. */
function counted(before: Texts | undefined, own: Texts | string): Texts {
  if (typeof own === 'string')
    return { other: own.includes('{count}') ? own : `{count} ${own}` } satisfies Plural;
  // Forms of a language of the page's own do not mix with those of another.
  return merge(own.other ? {} : before, own);
}
