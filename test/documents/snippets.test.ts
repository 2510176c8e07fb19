// Every piece of code of every document is compiled against the package as it is; what some of them do is run by the tests of
// what they are about. One in a language that nobody compiles here fails.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { PGlite } from '@electric-sql/pglite';
import { transformSync } from 'esbuild';
import { parse as parseSvelte } from 'svelte/compiler';
import ts from 'typescript';
import { parse as parseVue } from 'vue/compiler-sfc';
import { documents, snippetsOf, type Snippet } from '../../tools/documents.js';
import { readTags } from '../../tools/manifest.js';
import { openApiDocument } from '../../tools/openapi-document.js';
import { foreignModules, surroundings } from './surroundings.js';

const snippets = documents().flatMap(snippetsOf);
const tags = new Map(readTags().map((tag) => [tag.tagName, tag]));
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
  exports: Record<string, { types: string } | string>;
  scripts: Record<string, string>;
};

/** A script within another piece of code. */
interface Script {
  place: string;
  code: string;
  extension: 'ts' | 'tsx';
  /** Whether its author wrote types, and is told whatever they say. */
  isTyped: boolean;
}

/** Whose JSX a document writes, where it is not React's. */
const jsxOf = (path: string) => (path === 'docs/solid.md' ? '/** @jsxImportSource solid-js */ ' : '');

const scriptsIn = ({ place, path, code, language }: Snippet): Script[] => {
  if (['js', 'ts', 'mjs'].includes(language))
    return [{ place, code, extension: 'ts', isTyped: language === 'ts' }];
  if (['tsx', 'jsx'].includes(language))
    return [{ place, code: jsxOf(path) + code, extension: 'tsx', isTyped: true }];
  if (!['html', 'vue', 'svelte', 'astro'].includes(language)) return [];
  return [...code.matchAll(/<script\b(?![^>]*\bsrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(([, script]) => ({
    place,
    code: script!,
    extension: 'ts',
    isTyped: false,
  }));
};

/** Where the types of an entry of the package come from, before it is built. */
const sources = Object.fromEntries(
  Object.entries(manifest.exports).flatMap(([entry, target]) => {
    if (typeof target === 'string') return [];
    const path = target.types.replace('./dist/', './src/').replace(/\.d\.ts$/, '');
    const source = [`${path}.ts`, `${path}.tsx`].find((name) => existsSync(name));
    return source ? [[entry.replace(/^\./, 'marketplace-session'), [source]]] : [];
  }),
);

/** In JavaScript nobody says what is never null, or what an error is. */
const isUntold = (message: string) => /\b(null|undefined)\b|is of type 'unknown'/.test(message);

/** What the compiler says of scripts, by their place. */
function typeFaults(scripts: Script[]): string[] {
  const { config } = ts.readConfigFile('tsconfig.json', (path) => readFileSync(path, 'utf8')) as {
    config: { compilerOptions: object };
  };
  const options: ts.CompilerOptions = {
    ...ts.convertCompilerOptionsFromJson(config.compilerOptions, process.cwd()).options,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: ['node'],
    paths: sources,
    noImplicitAny: false,
    noUncheckedIndexedAccess: false,
    noUnusedLocals: false,
    noUnusedParameters: false,
    verbatimModuleSyntax: false,
  };
  const around = { surroundings, foreignModules };
  const texts = new Map([
    // Each is a module with names of its own.
    ...scripts.map(
      ({ code, extension }, index) =>
        [resolve(`test/documents/snippet-${index}.${extension}`), `${code}\nexport {};`] as const,
    ),
    ...Object.entries(around).map(([name, text]) => [resolve(`test/documents/${name}.d.ts`), text] as const),
  ]);
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (path) => texts.has(path) || fileExists(path);
  host.readFile = (path) => texts.get(path) ?? readFile(path);
  host.getSourceFile = (path, languageVersion, ...more) =>
    texts.has(path)
      ? ts.createSourceFile(path, texts.get(path)!, languageVersion)
      : getSourceFile(path, languageVersion, ...more);
  const paths = [...texts.keys()];
  const program = ts.createProgram(paths, options, host);
  return paths.flatMap((path, index) => {
    const { place = path, isTyped = true } = scripts[index] ?? {};
    const file = program.getSourceFile(path)!;
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]
      .map(({ messageText, start }) => {
        const [line] = file.text.slice(start).split('\n');
        return `${place}: ${ts.flattenDiagnosticMessageText(messageText, ' ')} at ${line}`;
      })
      .filter((fault) => isTyped || !isUntold(fault));
  });
}

test('scripts are what the types of the package say', () => {
  const scripts = snippets.flatMap(scriptsIn);
  assert.ok(scripts.length > 40);
  // That such a fault would be found.
  const code =
    "import { Marketplace } from 'marketplace-session/sdk';\nnew Marketplace().sessions.destroy('one');";
  const [fault, ...more] = typeFaults([{ place: 'here', code, extension: 'ts', isTyped: true }, ...scripts]);
  assert.match(fault!, /^here: Property 'destroy' does not exist/);
  assert.deepEqual(more, []);
});

/** Attributes that HTML gives to every element. */
const isGlobalAttribute = (name: string) =>
  /^(id|class|style|slot|lang|dir|hidden|title|part|key|ref|data-.+|aria-.+)$/.test(name);

/** What a framework writes around a name: `:name.prop`, `@name`, `bind:name`, `onname`. */
const bareName = (name: string) =>
  name
    .replace(/^on(?=[a-z]+-)/, '')
    .replace(/^(v-bind:|v-on:|bind:|attr:|prop:|on:|client:|[:@.?])/, '')
    .replace(/\.\w+$/, '');

/** Tags of the package that there are not, and attributes that they do not have. */
function tagFaults(code: string): string[] {
  const plain = code
    .replaceAll(/<(script|style)\b[^>]*>[\s\S]*?<\/\1>/g, '')
    .replaceAll(/<!--[\s\S]*?-->/g, '')
    // What a framework writes in braces, from the inmost on.
    .replaceAll(/\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}/g, '{}');
  return [...plain.matchAll(/<(marketplace-[\w-]+)((?:[^<>"'{]|"[^"]*"|'[^']*'|\{[^}]*\})*)>/g)].flatMap(
    ([, name, inside]) => {
      const tag = tags.get(name!);
      if (!tag) return [`<${name}> is no element of the package`];
      const known = new Set([
        ...tag.attributes.map((attribute) => attribute.name),
        ...tag.members.map((member) => member.name),
        ...tag.events.map((event) => event.name),
      ]);
      return [...inside!.replaceAll(/"[^"]*"|'[^']*'|\{[^}]*\}/g, '""').matchAll(/[^\s=/"]+/g)]
        .map(([attribute]) => bareName(attribute))
        .filter((attribute) => !isGlobalAttribute(attribute) && !known.has(attribute))
        .map((attribute) => `<${name}> has no ${attribute}`);
    },
  );
}

const allOf = (kind: 'cssParts' | 'cssProperties' | 'cssStates') =>
  new Set([...tags.values()].flatMap((tag) => tag[kind].map(({ name }) => name)));
const known = { parts: allOf('cssParts'), properties: allOf('cssProperties'), states: allOf('cssStates') };

/** What is no CSS, and parts, states and custom properties that no element has. */
function styleFaults(code: string): string[] {
  const { warnings } = transformSync(code, { loader: 'css' });
  const unknown = (pattern: RegExp, names: Set<string>) =>
    [...code.matchAll(pattern)].map(([, name]) => name!).filter((name) => !names.has(name));
  return [
    ...warnings.map(({ text }) => text),
    ...unknown(/::part\(([\w-]+)\)/g, known.parts),
    ...unknown(/:state\(([\w-]+)\)/g, known.states),
    ...unknown(/(--marketplace-[\w-]+)/g, known.properties),
  ];
}

const stylesIn = (code: string) =>
  [...code.matchAll(/<style\b[^>]*>([\s\S]*?)<\/style>/g)].map(([, style]) => style!);
const markupFaults = ({ code }: Snippet) => [...tagFaults(code), ...stylesIn(code).flatMap(styleFaults)];

const usage = readFileSync('src/cli.ts', 'utf8');
/** The lines of the usage that tell of one command. */
const usageOf = (command: string) =>
  new RegExp(`^${command}: [\\s\\S]*?(?=^[a-z-]+: |^\`)`, 'm').exec(usage)?.[0];

/** A command that is none of the project's, of npm's or of a shell's. */
function commandFaults({ path, code }: Snippet): string[] {
  const folder = path.startsWith('examples/') ? join(path, '..') : '.';
  const scripts = ['.', folder].flatMap((name) =>
    Object.keys(
      (JSON.parse(readFileSync(join(name, 'package.json'), 'utf8')) as typeof manifest).scripts ?? {},
    ),
  );
  // What a page of Vite has of its own.
  const made = readFileSync(path, 'utf8').includes('npm create vite') ? ['dev'] : [];
  const lines = code
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .flatMap((line) => line.split(/\s+(?:&&|\|)\s+/))
    .map((line) => line.replace(/^(?:[A-Z][A-Z0-9_]*=(?:\$\(.*\)|"[^"]*"|\S*)(?:\s+|$))+/, ''))
    .filter(Boolean);
  return lines.flatMap((line) => {
    const words = line.split(/\s+/);
    const [program, first, second] = words;
    if (!program || ['cd', 'git', 'curl', 'export', 'mkdir'].includes(program)) return [];
    if (program === 'node') return existsSync(join(folder, first!)) ? [] : [`${first} is not there`];
    if (program === 'npm') {
      const script = first === 'run' ? second! : ['test', 'start'].includes(first!) ? first! : undefined;
      const isKnown = script
        ? [...scripts, ...made].includes(script)
        : ['ci', 'create', 'install', 'pack', 'view'].includes(first!);
      return isKnown ? [] : [`${line}: npm knows no such command`];
    }
    if (program === 'npx' && first !== 'marketplace-session')
      return ['vite'].includes(first!) ? [] : [`${line}: whose is it?`];
    if (program !== 'npx') return [`${line}: whose is it?`];
    const told = usageOf(second!);
    if (!told) return [`${line}: there is no such command`];
    return words
      .filter((word) => word.startsWith('--') && !told.includes(word))
      .map((word) => `${line}: ${word} is not told`);
  });
}

/** Lines of a sequence diagram of Mermaid, as far as the documents use it. */
const diagramLine =
  /^(sequenceDiagram|participant \w+ as .+|\w+--?(>>|x)\w+: .+|(loop|alt|else|opt|par|and) .+|end)$/;

type Compiler = (snippet: Snippet) => string[] | Promise<string[]>;
const byTypes: Compiler = () => [];

/** What holds a piece of code against the package, by its language. */
const compilers: Record<string, Compiler> = {
  js: byTypes,
  ts: byTypes,
  tsx: byTypes,
  html: markupFaults,
  vue: (snippet) => [
    ...parseVue(snippet.code).errors.map(({ message }) => message),
    ...markupFaults(snippet),
  ],
  svelte(snippet) {
    parseSvelte(snippet.code, { modern: true });
    return markupFaults(snippet);
  },
  css: ({ code }) => styleFaults(code),
  sh: commandFaults,
  json: ({ code }) => [JSON.parse(code) as unknown].slice(1) as string[],
  async sql({ code }) {
    const database = await PGlite.create();
    const refused = await database.exec(code).then(
      () => [],
      (error: Error) => [error.message],
    );
    await database.close();
    return refused;
  },
  mermaid: ({ code }) =>
    code
      .trim()
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => !diagramLine.test(line)),
};

test('every other piece of code is what its language and the package say', async () => {
  const faults = await Promise.all(
    snippets
      .filter(({ language }) => language)
      .map(async (snippet) => {
        const compile = compilers[snippet.language];
        const found = compile ? await compile(snippet) : [`nobody compiles ${snippet.language}`];
        return found.map((fault) => `${snippet.place}: ${fault}`);
      }),
  );
  assert.deepEqual(faults.flat(), []);
});

test('tags, styles and commands that there are not are found', () => {
  const of = (language: string, code: string) =>
    compilers[language]!({ place: 'here', path: 'README.md', language, flags: [], code });
  assert.deepEqual(of('html', '<marketplace-clock></marketplace-clock><marketplace-session colour="red">'), [
    '<marketplace-clock> is no element of the package',
    '<marketplace-session> has no colour',
  ]);
  assert.deepEqual(of('css', 'marketplace-session::part(hand) { --marketplace-session-hue: 1 }'), [
    'hand',
    '--marketplace-session-hue',
  ]);
  assert.deepEqual(of('sh', 'npm run fly\nnpx marketplace-session serve --wings'), [
    'npm run fly: npm knows no such command',
    'npx marketplace-session serve --wings: --wings is not told',
  ]);
});

const routes = new Set(
  Object.entries(openApiDocument().paths as Record<string, object>).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{\w+\}/g, '*')}`),
  ),
);

test('what is said of calls, outside of code too, is a route of the service', () => {
  const lines = snippets
    .filter(({ language }) => !language)
    .flatMap(({ place, code }) =>
      [...code.matchAll(/^(GET|POST|PUT|PATCH|DELETE) (\/api\/v1\/\S+)/gm)].map(([, method, path]) => ({
        place,
        method,
        path,
      })),
    );
  const unknown = lines.filter(
    ({ method, path }) =>
      !routes.has(`${method} ${path!.replace(/\?.*$/, '').replaceAll(/\{\w+\}|[0-9a-f]+\.\.\./g, '*')}`),
  );
  assert.ok(lines.length > 8);
  assert.deepEqual(unknown, []);
});
