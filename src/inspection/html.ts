// As much of HTML as tells which tags stand in a page. Linear, whatever the page holds; what a script writes later is not seen.

export interface Tag {
  /** In small letters. */
  name: string;
  /** By their names in small letters; of one that is there twice the first counts, as in browsers. */
  attributes: ReadonlyMap<string, string>;
  /** What stands in it, of elements that hold text alone. */
  text: string;
}

/** Elements whose content is text, up to their end tag. */
const textElements = new Set(['script', 'style', 'textarea', 'title', 'noscript', 'template', 'iframe']);

/** The tags that a browser makes elements of, in their order. */
export function readTags(html: string): Tag[] {
  const tags: Tag[] = [];
  const lower = html.toLowerCase();
  let at = 0;
  while ((at = html.indexOf('<', at)) !== -1) {
    if (html.startsWith('<!--', at)) {
      at = endOf(html, '-->', at + 4);
      continue;
    }
    if (!/[a-z]/i.test(html[at + 1] ?? '')) {
      at += 1;
      continue;
    }
    const [tag, end] = readTag(html, at + 1);
    at = end;
    if (textElements.has(tag.name)) {
      const close = lower.indexOf(`</${tag.name}`, at);
      tag.text = html.slice(at, close === -1 ? undefined : close);
      at = close === -1 ? html.length : close + 2;
    }
    tags.push(tag);
  }
  return tags;
}

const endOf = (html: string, mark: string, from: number): number => {
  const found = html.indexOf(mark, from);
  return found === -1 ? html.length : found + mark.length;
};

const namePattern = /[^\s/>]+/y;
const attributePattern = /[\s/]*([^\s/>=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?/y;

function readTag(html: string, from: number): [tag: { -readonly [K in keyof Tag]: Tag[K] }, end: number] {
  namePattern.lastIndex = from;
  const name = namePattern.exec(html)![0].toLowerCase();
  const attributes = new Map<string, string>();
  let at = namePattern.lastIndex;
  for (;;) {
    attributePattern.lastIndex = at;
    const found = attributePattern.exec(html);
    if (!found) break;
    const [, attribute, ...values] = found;
    const value = values.find((text) => text !== undefined) ?? '';
    const key = attribute!.toLowerCase();
    if (!attributes.has(key)) attributes.set(key, decode(value));
    at = attributePattern.lastIndex;
  }
  return [{ name, attributes, text: '' }, endOf(html, '>', at)];
}

const entities: Record<string, string> = { amp: '&', quot: '"', apos: "'", lt: '<', gt: '>' };

const decode = (text: string): string =>
  text.replace(/&(amp|quot|apos|lt|gt|#39|#x27|#34|#38);/g, (written, name: string) =>
    name.startsWith('#')
      ? String.fromCharCode(Number(name.slice(1).replace('x', '0x')))
      : (entities[name] ?? written),
  );
