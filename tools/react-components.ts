// The React components of the elements, made from custom-elements.json.
import type { Described, Tag } from './manifest.js';
import { pascalCase, surfaceOf } from './tag-surface.js';

const note = '// Made by `npm run generate`. Change the source, not this file.\n';

const comment = (text?: string) => (text ? `  /** ${text} */\n` : '');

function propsOf(tag: Tag): string {
  const { attributes, properties, events } = surfaceOf(tag);
  const field = (name: string, { description }: Pick<Described, 'description'>) =>
    `${comment(description)}  ${name}?: ${tag.name}['${name}'] | undefined;\n`;
  return `/** What \`<${componentOf(tag)}>\` takes. */
export interface ${componentOf(tag)}Props extends PlainProps<${tag.name}> {
${attributes.map(({ prop, description }) => field(prop, { description })).join('')}${properties
    .map((member) => field(member.name, member))
    .join('')}${events
    .map(
      ({ prop, name, description }) =>
        `${comment(description)}  ${prop}?: ((event: HTMLElementEventMap['${name}']) => void) | undefined;\n`,
    )
    .join('')}}\n`;
}

const componentOf = ({ tagName }: Tag) => pascalCase(tagName);

function component(tag: Tag): string {
  const { attributes, properties, events } = surfaceOf(tag);
  const pairs = (of: { prop: string; name: string }[]) =>
    `{ ${of.map(({ prop, name }) => `${prop}: '${name}'`).join(', ')} }`;
  const name = componentOf(tag);
  return `/** \`<${tag.tagName}>\`: ${tag.description} */
export const ${name} = /* @__PURE__ */ createComponent<${tag.name}, ${name}Props>('${name}', '${tag.tagName}', ${tag.name}, {
  attributes: ${pairs(attributes)},
  properties: [${properties.map((member) => `'${member.name}'`).join(', ')}],
  events: ${pairs(events)},
});
`;
}

/** The file's text, not formatted. */
export function reactComponents(tags: Tag[]): string {
  const imports = tags.map(({ name, module }) => `import { ${name} } from '../${module}.js';\n`).join('');
  const own = `import { createComponent, type PlainProps } from './create-component.js';\n`;
  return `${note}${imports}${own}\n${tags.map((tag) => `${propsOf(tag)}\n${component(tag)}`).join('\n')}`;
}
