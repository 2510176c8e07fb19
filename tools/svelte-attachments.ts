// Svelte's attachments of the elements, made from custom-elements.json.
import type { Tag } from './manifest.js';
import { camelCase, settableProperties } from './tag-surface.js';

const note = '// Made by `npm run generate`. Change the source, not this file.\n';

function attachment(tag: Tag): string {
  const properties = settableProperties(tag).map((name) => `'${name}'`);
  return `/** Properties of \`<${tag.tagName}>\`, and its definition: \`{@attach ${camelCase(tag.tagName)}({ ${settableProperties(tag)[0]} })}\`. */
export const ${camelCase(tag.tagName)} = /* @__PURE__ */ createAttachment<${tag.name}, ${properties.join(' | ')}>('${tag.tagName}', ${tag.name});
`;
}

/** The file's text, not formatted. */
export function svelteAttachments(tags: Tag[]): string {
  const imports = tags.map(({ name, module }) => `import { ${name} } from '../${module}.js';\n`).join('');
  return `${note}${imports}import { createAttachment } from './create-attachment.js';\n\n${tags.map(attachment).join('\n')}`;
}
