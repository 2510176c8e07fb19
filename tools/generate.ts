// Makes the files that are derived from the code: custom-elements.json, docs/reference.md, docs/troubleshooting.md.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { errorCodes, type ErrorDescription } from '../src/protocol/error-codes.js';

interface Described {
  name: string;
  description?: string;
  type?: { text: string };
}
interface Member extends Described {
  kind: 'field' | 'method';
  parameters?: Described[];
  return?: { type?: { text: string } };
  readonly?: boolean;
}
interface Declaration extends Described {
  tagName?: string;
  attributes: Described[];
  members: Member[];
  events: Described[];
  slots: Described[];
  cssParts: Described[];
  cssProperties: Described[];
  cssStates: Described[];
}
interface Manifest {
  modules: { declarations: Declaration[] }[];
}

const note = '<!-- Made by `npm run generate`. Change the source, not this file. -->\n';
const cell = (text = '') => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const table = (head: string[], rows: string[][]) =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');
const named = (items: Described[]) =>
  items.map(({ name, description }) => [name && `\`${name}\``, description ?? '']);

/** The reference of every element, from the manifest. */
function reference(): string {
  const manifest = JSON.parse(readFileSync('custom-elements.json', 'utf8')) as Manifest;
  const elements = manifest.modules
    .flatMap(({ declarations }) => declarations)
    .filter(({ tagName }) => tagName);
  const sections = elements.map((element) => {
    const fields = element.members.filter(({ kind }) => kind === 'field');
    const methods = element.members.filter(({ kind }) => kind === 'method');
    return [
      `## \`<${element.tagName}>\``,
      element.description ?? '',
      '### Attributes',
      table(
        ['Attribute', 'Type', 'What it does'],
        element.attributes
          .filter(({ description }) => description)
          .map((a) => [`\`${a.name}\``, a.type?.text ?? '', a.description ?? '']),
      ),
      '### Properties',
      table(
        ['Property', 'Type', 'What it is'],
        fields.map((f) => [`\`${f.name}\``, `\`${f.type?.text ?? ''}\``, f.description ?? '']),
      ),
      '### Methods',
      table(
        ['Method', 'What it does'],
        methods.map((m) => [
          `\`${m.name}(${(m.parameters ?? []).map(({ name }) => name).join(', ')})\``,
          m.description ?? '',
        ]),
      ),
      '### Events',
      'From the element itself; they bubble and are composed. The fields stand on the event.',
      table(['Event', 'When, and its fields'], named(element.events)),
      '### Slots',
      table(
        ['Slot', 'What goes there'],
        element.slots.map(({ name, description }) => [name ? `\`${name}\`` : '(default)', description ?? '']),
      ),
      '### CSS parts',
      table(['Part', 'What it is'], named(element.cssParts)),
      '### Custom properties',
      table(['Property', 'What it sets'], named(element.cssProperties)),
      '### States',
      'For `:state(…)` selectors.',
      table(['State', 'When'], named(element.cssStates)),
    ].join('\n\n');
  });
  return `${note}# Reference\n\n${sections.join('\n\n')}\n`;
}

/** Every error code with what to do about it. */
function troubleshooting(): string {
  const rows = Object.entries<ErrorDescription>(errorCodes).map(
    ([code, { status, title, action, retryable }]) => [
      `\`${code}\``,
      status ? String(status) : 'in the page',
      `${title} ${action}${retryable ? ' May be retried as it is.' : ''}`,
    ],
  );
  const intro =
    'Every error has a stable code: in `session-error` and `snapshot.error` in the page, in `code` of the ' +
    '`application/problem+json` answer over HTTP. The element shows it as the reference below its own words.';
  return `${note}# Troubleshooting\n\n${intro}\n\n${table(['Code', 'HTTP status', 'What happened, and what to do'], rows)}\n`;
}

execFileSync('npx', ['cem', 'analyze', '--config', 'custom-elements-manifest.config.mjs'], {
  stdio: 'inherit',
});
writeFileSync('docs/reference.md', reference());
writeFileSync('docs/troubleshooting.md', troubleshooting());
