// What TypeScript knows of the tags in JSX and in Vue's templates, made from custom-elements.json.
import type { Tag } from './manifest.js';

const note = '// Made by `npm run generate`. Change the source, not this file.\n';

/** The type of an attribute in markup: lists are written as text, numbers may be. */
function attributeType(described = 'string'): string {
  const text = described.replace(' | undefined', '');
  if (text === 'boolean') return 'boolean | undefined';
  if (text === 'number') return 'number | string | undefined';
  return /^(string|'[^']*'( ?\| ?'[^']*')*)$/.test(text) ? `${text} | undefined` : 'string | undefined';
}

const comment = (text?: string) => (text ? `  /** ${text} */\n` : '');

/** Attributes and properties of one tag. */
function takes({ tagName, name, attributes, members }: Tag): string {
  const markup = attributes
    .filter(({ description }) => description)
    .map((a) => `${comment(a.description)}  '${a.name}'?: ${attributeType(a.type?.text)};\n`);
  const properties = members
    .filter(({ kind, readonly, static: isStatic }) => kind === 'field' && !readonly && !isStatic)
    .filter((member) => !attributes.some((attribute) => attribute.name === member.name))
    .map((m) => `${comment(m.description)}  ${m.name}?: ${name}['${m.name}'] | undefined;\n`);
  return `/** What \`<${tagName}>\` takes. */\nexport interface ${name}Takes {\n${[...markup, ...properties].join('')}}\n`;
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
  return {
    'tags.d.ts': `${note}${own}\n${tags.map(takes).join('\n')}`,
    'react.d.ts': `${note}// <reference types="marketplace-session/editor/react.d.ts" /> lets JSX know the tags.\nimport type { DetailedHTMLProps, HTMLAttributes } from 'react';\n${own}import type { ${takesOf(tags)} } from './tags.js';\n\ndeclare module 'react' {\n  namespace JSX {\n    interface IntrinsicElements {\n${react.join('')}    }\n  }\n}\n`,
    'vue.d.ts': `${note}// <reference types="marketplace-session/editor/vue.d.ts" /> lets templates know the tags.\nimport type { HTMLAttributes } from 'vue';\nimport type { ${takesOf(tags)} } from './tags.js';\n\ndeclare module 'vue' {\n  interface GlobalComponents {\n${vue.join('')}  }\n}\n`,
  };
}

/** The names of the tags, for Vue's compiler: the file's text, not formatted. */
export const vueTags = (tags: Tag[]): string =>
  `${note}/** The package's tags. */\nexport const tags: ReadonlySet<string> = new Set(${JSON.stringify(tags.map(({ tagName }) => tagName))});\n`;
