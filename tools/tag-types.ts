// What TypeScript knows of the tags in the markup of React, Vue, Svelte and Solid, made from custom-elements.json.
import type { Attribute, Tag } from './manifest.js';
import { settableProperties } from './tag-surface.js';

const note = '// Made by `npm run generate`. Change the source, not this file.\n';

/** The type of an attribute in markup: lists are written as text, numbers may be, and a named type is that of its property. */
function attributeType({ name: element }: Tag, { type, fieldName }: Attribute): string {
  const text = (type?.text ?? 'string').replace(' | undefined', '');
  if (fieldName && /^[A-Z]\w+$/.test(text)) return `${element}['${fieldName}'] | undefined`;
  if (text === 'boolean') return 'boolean | undefined';
  if (text === 'number') return 'number | string | undefined';
  return /^(string|'[^']*'( ?\| ?'[^']*')*)$/.test(text) ? `${text} | undefined` : 'string | undefined';
}

const comment = (text?: string) => (text ? `  /** ${text} */\n` : '');

/** Attributes of one tag, and its properties beside them. */
function takes(tag: Tag): string {
  const { tagName, name, attributes, members } = tag;
  const markup = attributes
    .filter(({ description }) => description)
    .map((a) => `${comment(a.description)}  '${a.name}'?: ${attributeType(tag, a)};\n`);
  const properties = members
    .filter(({ kind, readonly, static: isStatic }) => kind === 'field' && !readonly && !isStatic)
    .filter((member) => !attributes.some((attribute) => attribute.name === member.name))
    .map((m) => `${comment(m.description)}  ${m.name}?: ${name}['${m.name}'] | undefined;\n`);
  return `/** Attributes of \`<${tagName}>\`. */\nexport interface ${name}Attributes {\n${markup.join('')}}\n
/** What \`<${tagName}>\` takes. */\nexport interface ${name}Takes extends ${name}Attributes {\n${properties.join('')}}\n`;
}

/** Handlers of one tag's events, by the names that a framework gives them. */
function tells({ events }: Tag, handlerName: (event: string) => string): string {
  const handlers = events.map(
    ({ name }) => `  '${handlerName(name)}'?: (event: HTMLElementEventMap['${name}']) => void;\n`,
  );
  return `{\n${handlers.join('')}}`;
}

/** The elements, each from where it is defined. */
const importsOf = (tags: Tag[]) =>
  [...new Set(tags.map(({ entry }) => entry))]
    .map((entry) => {
      const names = tags.filter((tag) => tag.entry === entry).map(({ name }) => name);
      return `import type { ${names.join(', ')} } from '${entry}';\n`;
    })
    .join('');
const attributesOf = (tags: Tag[]) => tags.map(({ name }) => `${name}Attributes`).join(', ');
const takesOf = (tags: Tag[]) => tags.map(({ name }) => `${name}Takes`).join(', ');

/** Files by their names. */
export function tagTypes(tags: Tag[]): Record<string, string> {
  const own = importsOf(tags);
  const react = tags.map(
    (tag) =>
      `      '${tag.tagName}': DetailedHTMLProps<HTMLAttributes<${tag.name}>, ${tag.name}> & ${tag.name}Takes & ${tells(tag, (event) => `on${event}`)};\n`,
  );
  const vue = tags.map(
    (tag) =>
      `    '${tag.tagName}': new () => { $props: HTMLAttributes & ${tag.name}Takes & ${tells(tag, (event) => `on${event[0]!.toUpperCase()}${event.slice(1)}`)} };\n`,
  );
  const svelte = tags.map(
    (tag) =>
      `    '${tag.tagName}': HTMLAttributes<${tag.name}> & ${tag.name}Takes & ${tells(tag, (event) => `on${event}`)};\n`,
  );
  const solid = tags.map((tag) => {
    const flags = tag.attributes.filter((attribute) => attributeType(tag, attribute).startsWith('boolean'));
    const quoted = (names: string[]) => names.map((name) => `'${name}'`).join(' | ') || 'never';
    return `      '${tag.tagName}': HTMLAttributes<${tag.name}> & ${tag.name}Attributes & Flags<${quoted(flags.map(({ name }) => name))}> & Properties<${tag.name}, ${quoted(settableProperties(tag))}> & Listeners<${quoted(tag.events.map(({ name }) => name))}>;\n`;
  });
  return {
    'tags.d.ts': `${note}${own}\n${tags.map(takes).join('\n')}`,
    'react.d.ts': `${note}// <reference types="marketplace-session/editor/react.d.ts" /> lets JSX know the tags.\nimport type { DetailedHTMLProps, HTMLAttributes } from 'react';\n${own}import type { ${takesOf(tags)} } from './tags.js';\n\ndeclare module 'react' {\n  namespace JSX {\n    interface IntrinsicElements {\n${react.join('')}    }\n  }\n}\n`,
    'vue.d.ts': `${note}// <reference types="marketplace-session/editor/vue.d.ts" /> lets templates know the tags.\nimport type { HTMLAttributes } from 'vue';\nimport type { ${takesOf(tags)} } from './tags.js';\n\ndeclare module 'vue' {\n  interface GlobalComponents {\n${vue.join('')}  }\n}\n`,
    'svelte.d.ts': `${note}// Comes with \`marketplace-session/svelte\`: lets templates know the tags.\nimport type { HTMLAttributes } from 'svelte/elements';\n${own}import type { ${takesOf(tags)} } from './tags.js';\n\ndeclare module 'svelte/elements' {\n  interface SvelteHTMLElements {\n${svelte.join('')}  }\n}\n`,
    'solid.d.ts': `${note}// Comes with \`marketplace-session/solid\`: lets JSX know the tags.\n${own}import type { ${attributesOf(tags)} } from './tags.js';\n
/** An attribute that is there or not, as it is while the app runs: \`bool:no-extend={isShort()}\`. */
type Flags<K extends string> = { [P in K as \`bool:\${P}\`]?: boolean | undefined };
/** A property, which a server never writes down: \`prop:strings={{ end: 'Finish' }}\`. */
type Properties<E, K extends keyof E> = { [P in K as \`prop:\${P & string}\`]?: E[P] | undefined };
type Listeners<K extends keyof HTMLElementEventMap> = {
  [P in K as \`on:\${P}\`]?: (event: HTMLElementEventMap[P]) => void;
};\n\ndeclare module 'solid-js' {\n  namespace JSX {\n    interface IntrinsicElements {\n${solid.join('')}    }\n  }\n}\n`,
  };
}

/** The names of the tags, for Vue's compiler: the file's text, not formatted. */
export const vueTags = (tags: Tag[]): string =>
  `${note}/** The package's tags. */\nexport const tags: ReadonlySet<string> = new Set(${JSON.stringify(tags.map(({ tagName }) => tagName))});\n`;
