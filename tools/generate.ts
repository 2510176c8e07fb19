// Makes the files that are derived from the code: custom-elements.json, editor/*, docs/reference.md,
// docs/troubleshooting.md, docs/sizes.md, docs/setup-checks.md, src/sdk/api-types.ts, src/elements/shared/version.ts,
// src/react/elements.ts, src/svelte/elements.ts, src/vue/tags.ts.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { program } from './program.mjs';
import { readTags, type Described } from './manifest.js';
import { openApiDocument } from './openapi-document.js';
import { reactComponents } from './react-components.js';
import { sdkTypes } from './sdk-types.js';
import { svelteAttachments } from './svelte-attachments.js';
import { tagTypes, vueTags } from './tag-types.js';
import { format, resolveConfig } from 'prettier';
import { words } from '../src/elements/languages/en.js';
import { checks } from '../src/inspection/checks.js';
import { englishTimer } from '../src/elements/session/english-timer.js';
import { errorCodes, type ErrorDescription } from '../src/protocol/error-codes.js';

const note = '<!-- Made by `npm run generate`. Change the source, not this file. -->\n';
const cell = (text = '') => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const table = (head: string[], rows: string[][]) =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');
const code = (text?: string) => (text ? `\`${text}\`` : '');

/** Names in a row that have one description are one line. */
function named(items: Described[]): string[][] {
  const rows: string[][] = [];
  for (const { name, description = '' } of items) {
    const last = rows.at(-1);
    if (last?.[1] === description) last[0] += `, ${code(name)}`;
    else rows.push([code(name) || '(default)', description]);
  }
  return rows;
}

/** A table with its heading and what is said before it; nothing where it has no rows. */
const section = (heading: string, intro: string, head: string[], rows: string[][]) =>
  rows.length ? [`### ${heading}`, ...(intro ? [intro] : []), table(head, rows)] : [];

/** The reference of every element, from the manifest. */
function reference(): string {
  const sections = readTags().map((element) => {
    const fields = element.members.filter(({ kind }) => kind === 'field');
    const methods = element.members.filter(({ kind }) => kind === 'method');
    return [
      `## \`<${element.tagName}>\``,
      element.description ?? '',
      ...section(
        'Attributes',
        '',
        ['Attribute', 'Type', 'What it does'],
        element.attributes
          .filter(({ description }) => description)
          .map((a) => [code(a.name), a.type?.text ?? '', a.description ?? '']),
      ),
      ...section(
        'Properties',
        '',
        ['Property', 'Type', 'What it is'],
        fields.map(({ name, type, description, readonly }) => {
          const attribute = element.attributes.find(({ fieldName }) => fieldName === name)?.name;
          const what = description ?? (attribute ? `As the attribute \`${attribute}\`.` : '');
          return [code(name), code(type?.text), readonly ? `${what} Read only.` : what];
        }),
      ),
      ...section(
        'Methods',
        '',
        ['Method', 'Returns', 'What it does'],
        methods.map(({ name, parameters = [], return: returned, description = '' }) => [
          code(`${name}(${parameters.map((parameter) => parameter.name).join(', ')})`),
          code(returned?.type?.text),
          [
            description,
            ...parameters.filter((p) => p.description).map((p) => `\`${p.name}\`: ${p.description}`),
          ].join(' '),
        ]),
      ),
      ...section(
        'Commands',
        'For buttons: `<button commandfor="id" command="--extend">`.',
        ['Command', 'What it does'],
        named(element.commands),
      ),
      ...section(
        'Events',
        'From the element itself; they bubble and are composed. The fields stand on the event.',
        ['Event', 'When, and its fields'],
        named(element.events),
      ),
      ...section('Slots', '', ['Slot', 'What goes there'], named(element.slots)),
      ...section('CSS parts', '', ['Part', 'What it is'], named(element.cssParts)),
      ...section(
        'Custom properties',
        '',
        ['Property', 'Default', 'What it sets'],
        element.cssProperties.map((p) => [code(p.name), code(p.default), p.description ?? '']),
      ),
      ...section('States', 'For `:state(…)` selectors.', ['State', 'When'], named(element.cssStates)),
    ].join('\n\n');
  });
  return `${note}# Reference\n\n${[...sections, ownWords()].join('\n\n')}\n`;
}

/** Each text of a language under its key, as it is written in `strings`. */
function texts(of: object, path = ''): string[][] {
  return Object.entries(of).flatMap(([name, value]: [string, string | object]) => {
    const key = /^\d+$/.test(name) ? `${path.slice(0, -1)}[${name}]` : path + name;
    return typeof value === 'string' ? [[code(key), value]] : texts(value, `${key}.`);
  });
}

/** What `strings` takes. */
const ownWords = () =>
  [
    '## Words',
    `By \`lang\` of the element or the closest ancestor the words are in ${languages()}; another language has English ones. The property
\`strings\` of tag and pieces replaces any of them, one by one; what is empty means the default. Words of a language that is
not shipped are brought the same way: as soon as one of them holds a time, a length or an amount, all of these are formatted
in the language of \`lang\`, and the element is marked as that language, with its direction.`,
    `\`\`\`js
// <marketplace-session lang="nl">
element.strings = {
  endsAt: 'eindigt om {time}',
  confirmExtend: '{duration} erbij voor {price}',
  // One text for every number, or one for each plural category of the language.
  tokens: { one: '{count} munt', other: '{count} munten' },
  // Only for languages whose units the browser lacks, or to shorten them.
  units: { minute: '{count} min' },
  errors: { over: ['Deze sessie is voorbij', 'Koop meer tijd op de marktplaats.'] },
};
\`\`\``,
    `Times count twelve hours only where both the language and the person's own settings do. A page decides by the language tag:
\`lang="en-u-hc-h12"\` or \`lang="en-u-hc-h23"\`. A day stands behind each time that is not today.`,
    table(['Key', 'English'], texts({ ...englishTimer, ...words })),
  ].join('\n\n');

/** The languages that are shipped, by their names in English. */
function languages(): string {
  const names = new Intl.DisplayNames('en', { type: 'language' });
  const files = readdirSync('src/elements/languages').filter((file) => /^..\.ts$/.test(file));
  return new Intl.ListFormat('en').format(files.map((file) => names.of(file.slice(0, 2))!));
}

/** Every error code with what to do about it, under a heading of its own: by it links and searches find it. */
function troubleshooting(): string {
  const sections = Object.entries<ErrorDescription>(errorCodes).map(
    ([code, { status, title, action, retryable }]) =>
      `## ${code}\n\n${status || 'In the page'}: ${title} ${action}${retryable ? ' May be retried as it is.' : ''}`,
  );
  const intro =
    'Every error has a stable code: in `session-error` and `snapshot.error` in the page, in `code` of the ' +
    '`application/problem+json` answer over HTTP. The element shows it as the reference below its own words. ' +
    'In front of each below stands the HTTP status that it is answered with.';
  const first = `## Where to look first

| What you see | Look at |
| --- | --- |
| a page does not work, and nobody knows why | \`npx marketplace-session doctor --page-url https://app.example/\` names the cause ([setup.md](setup.md#why-does-my-page-not-work)) |
| nothing at all where the tag stands | the console: was the script fetched, and does the policy of the page let it run ([policies](rendering.md#policies)) |
| the page says that there is no session | the code below its words, here; the address has to come from the marketplace, with \`?session=\` |
| 401 again and again from a service on this machine | the address in \`api-endpoint\` is to be the service's \`--public-url\`: \`localhost\` and \`127.0.0.1\` are two |
| a framework's properties or events do not arrive | the page of that framework in the [list](README.md#frameworks) |
| a warning or an end that comes late | a hidden tab is woken by its browser when that likes; the service ends the session on time |
| a webhook is refused | whether something has parsed its body ([webhooks](sdk.md#webhooks)) |

The attribute \`debug\` has the tag log what it does; no line holds a session token.`;
  return `${note}# Troubleshooting\n\n${intro}\n\n${first}\n\n${sections.join('\n\n')}\n`;
}

/** In thousands of bytes, up to the next tenth: so that they change where it matters. */
const kilobytes = (bytes: number) => `${(Math.ceil(bytes / 100) / 10).toFixed(1)} kB`;

/** What each file weighs, as `npm run check -- --keep-sizes` has measured it. */
function sizes(): string {
  const measured = JSON.parse(readFileSync('tools/sizes.json', 'utf8')) as Record<string, number>;
  const {
    'first load': first = 0,
    late = 0,
    'bundled by Vite': vite = 0,
    'bundled by esbuild': esbuild = 0,
  } = measured;
  const isWords = (name: string) => /(^|-)[a-z]{2}$/.test(name);
  const files = Object.entries(measured).filter(
    ([name]) => !isWords(name) && !/^(first load$|bundled by)/.test(name),
  );
  const words = Object.entries(measured).filter(([name]) => isWords(name));
  const rows = (entries: [string, number][]) =>
    table(
      ['File', 'Size'],
      entries.map(([name, bytes]) => [code(name), kilobytes(bytes)]),
    );
  return `${note}# Sizes

Compressed by gzip, at most. Each has a budget, which \`npm run check\` holds it to.

- A page with the script tag loads ${kilobytes(first)} before its time runs, and ${kilobytes(late)} when it is idle.
- In an application the tag adds ${kilobytes(vite)} to the first load where Vite builds it, ${kilobytes(esbuild)} where esbuild does.

## Files of the script tag

Each is fetched by who needs it: ${code('late')} by a page with a running session, a part by its element, \`shared\` by elements beside the tag.

${rows(files)}

## Words

One language each, of the tag (\`de\`) or of an element (\`chat-de\`).

${rows(words)}
`;
}

/** Every check of a page, with what it may find. */
function setupChecks(): string {
  const sections = checks.map(({ id, looksAt, causes }) => {
    const rows = Object.entries(causes).map(([cause, { blocks, means, mend }]) => [
      code(cause),
      blocks ? 'blocks' : 'advice',
      `${means} ${mend}`.replace(/<([^>]*)>/g, '`<$1>`'),
    ]);
    return `## ${code(id)}\n\n${looksAt}.\n\n${table(['Cause', 'How much', 'What is so, and what mends it'], rows)}`;
  });
  const intro =
    'What `npx marketplace-session doctor` looks at, and what it may find. Names of checks and causes are stable; `{names}` stand ' +
    'for what was found.';
  return `${note}# Checks of a page\n\n${intro}\n\n${sections.join('\n\n')}\n`;
}

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
writeFileSync(
  'src/elements/shared/version.ts',
  `// Made by \`npm run generate\` from package.json.\nexport const version = '${version}';\n`,
);

const analyzer = program('@custom-elements-manifest/analyzer', 'cem');
execFileSync(process.execPath, [analyzer, 'analyze', '--config', 'custom-elements-manifest.config.mjs'], {
  stdio: 'inherit',
});
writeFileSync('docs/reference.md', reference());
writeFileSync('docs/troubleshooting.md', troubleshooting());
writeFileSync('docs/sizes.md', sizes());
writeFileSync('docs/setup-checks.md', setupChecks());
const options = await resolveConfig('editor/tags.d.ts');
for (const [name, text] of Object.entries(tagTypes(readTags()))) {
  writeFileSync(`editor/${name}`, await format(text, { ...options, parser: 'typescript' }));
}
for (const [path, text] of Object.entries({
  'src/sdk/api-types.ts': sdkTypes(openApiDocument()),
  'src/react/elements.ts': reactComponents(readTags()),
  'src/svelte/elements.ts': svelteAttachments(readTags()),
  'src/vue/tags.ts': vueTags(readTags()),
}))
  writeFileSync(path, await format(text, { ...options, parser: 'typescript' }));
