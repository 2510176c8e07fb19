// Everything beside the tests: types, lint, format, sizes, layers, package, generated files, lock file.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import { bundleSizes } from './bundle-sizes.js';
import { circlesBelow } from './circles.js';
import { linksOf } from './documents.js';
import { program } from './program.mjs';
import { keepSizes, sizesOfMain } from './size-figures.js';

type Check = () => unknown;

const run = (command: string, ...args: string[]) =>
  execFileSync(command, args, { encoding: 'utf8', stdio: 'pipe' });
const node = (...args: string[]) => run(process.execPath, ...args);
/** Runs npm, by the file of it that runs this script. */
const npm = (...args: string[]) => node(process.env.npm_execpath ?? fail('run it by npm'), ...args);
const gzipSize = (path: string) => gzipSync(readFileSync(path), { level: 9 }).length;

function fail(message: string): never {
  throw new Error(message);
}

/** Budgets in bytes, gzip -9. The first load is what a person waits for; each late file has a budget of its own. */
const budgets = {
  first: 10_240,
  late: 19_136,
  // What a page counts, where it is asked to.
  'count-page': 1_664,
  shared: 14_224,
  // A service in memory, and what says so: where a page is tried without one.
  'enter-sandbox': 30_720,
  'sandbox-mark': 512,
  'proof-of-possession': 1_536,
  pieces: 2_048,
  'session-piece': 1_280,
  'a language': 2_560,
  // Elements of live help: what names them, what each of them does, and its words in one language.
  'live-help': 2_048,
  'live-help-shared': 11_008,
  'chat-part': 3_584,
  'files-part': 8_192,
  'preflight-part': 5_632,
  'room-part': 9_472,
  'desk-part': 6_656,
  'help-request-part': 6_656,
  'notifications-part': 6_144,
  'outcome-part': 1_024,
  'words of an element': 1_536,
  // What one provider looks at for a while: charts, tables, timelines.
  dashboard: 768,
  'dashboard-part': 13_824,
  'words of the dashboard': 2_432,
  // What one provider goes through once: steps, code to copy, what is wrong with a page.
  setup: 768,
  'setup-part': 9_216,
  'words of the set-up': 2_432,
  'provider-shared': 1_024,
  // The older surface: the script that is no module, and what it fetches.
  'marketplace-session.global': 1_229,
  compat: 1_344,
  // What their scripts begin with.
  'help-element': 1_664,
  // What the tag adds to the first load of an application that has an `import()` of its own. esbuild leaves two files of
  // it (docs/decisions/late-files.md): this one only ever gets smaller.
  'bundled by esbuild': 10_896,
  'bundled by Vite': 10_240,
};

async function sizes(): Promise<void> {
  const folder = 'dist/cdn';
  const languages = readdirSync('src/elements/languages').map((name) => name.replace('.ts', ''));
  const first = staticImports(join(folder, 'marketplace-session.js'));
  const measured: [name: string, size: number, budget: number][] = [
    ['first load', first.reduce((sum, path) => sum + gzipSize(path), 0), budgets.first],
  ];
  const rest = readdirSync(folder)
    .filter((name) => name.endsWith('.js'))
    .map((name) => join(folder, name))
    .filter((path) => !first.includes(path));
  for (const path of rest) {
    const name = basename(path, '.js').replace(/-\d+\.\d+\.\d+.*$/, '');
    const [, language] = /(?:^|-)(..)$/.exec(name) ?? [];
    const kind = !languages.includes(language!)
      ? name
      : name === language
        ? 'a language'
        : name.startsWith('dashboard-')
          ? 'words of the dashboard'
          : name.startsWith('setup-')
            ? 'words of the set-up'
            : 'words of an element';
    const budget = budgets[kind as keyof typeof budgets];
    measured.push([name, gzipSize(path), budget ?? fail(`${name} has no budget`)]);
  }
  const total = measured.reduce((sum, [, size]) => sum + size, 0);
  for (const [bundler, size] of Object.entries(await bundleSizes())) {
    const name = `bundled by ${bundler}` as keyof typeof budgets;
    measured.push([name, size, budgets[name]]);
  }
  const before = sizesOfMain();
  for (const [name, size, budget] of measured) {
    const change = size - (before[name] ?? size);
    console.log(
      `    ${name}: ${size} of ${budget} B${change ? `, ${change > 0 ? '+' : ''}${change} to main` : ''}`,
    );
  }
  if (process.argv.includes('--keep-sizes'))
    keepSizes(Object.fromEntries(measured.map(([name, size]) => [name, size])));
  console.log(`    all files of the script tag: ${total} B`);
  console.log(
    '    "bundled by" is an application with the tag less the same without it; both have an import() of their own',
  );
  const over = measured.filter(([, size, budget]) => size > budget).map(([name]) => name);
  if (over.length) fail(`over the budget: ${over.join(', ')}`);
}

/** What `new Marketplace()` may add to a server that bundles it, bytes, gzip -9. */
const sdkBudget = 6_144;

function sdkSize(): void {
  const { outputFiles } = buildSync({
    stdin: { contents: "export { Marketplace } from './dist/sdk/index.js'", resolveDir: '.' },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
  });
  const size = gzipSync(outputFiles[0]!.contents, { level: 9 }).length;
  console.log(`    new Marketplace(): ${size} of ${sdkBudget} B`);
  if (size > sdkBudget) fail('the SDK is over its budget');
}

/** A file and all that it imports at once. */
function staticImports(path: string, seen = new Set<string>()): string[] {
  if (seen.has(path)) return [];
  seen.add(path);
  const imports = readFileSync(path, 'utf8').matchAll(/(?:\bfrom|\bimport)\s*["'](\.[^"']+)["']/g);
  return [path, ...[...imports].flatMap(([, other]) => staticImports(join(path, '..', other!), seen))];
}

/** What each layer's files may be made of. */
const mayHold: Record<string, string[]> = {
  protocol: ['protocol'],
  sandbox: ['sandbox', 'protocol'],
  snippets: ['snippets'],
  inspection: ['inspection', 'protocol'],
  controller: ['controller', 'sandbox', 'protocol'],
  elements: ['elements', 'controller', 'snippets', 'protocol'],
  sdk: ['sdk', 'protocol'],
  service: ['service', 'inspection', 'protocol'],
  conformance: ['conformance', 'protocol'],
  setup: ['setup', 'inspection', 'snippets', 'sdk', 'protocol'],
  testing: ['testing', 'sandbox', 'controller', 'sdk', 'protocol'],
};

/** No file of one layer holds another layer's code, nor imports a layer it must not know. */
function layers(): void {
  const wrong: string[] = [];
  for (const [layer, allowed] of Object.entries(mayHold)) {
    for (const path of filesBelow(join('dist', layer)).filter((name) => name.endsWith('.js'))) {
      // A file that only hands names on has no code, and no map.
      const map = existsSync(`${path}.map`) ? readFileSync(`${path}.map`, 'utf8') : '{"sources":[]}';
      const { sources } = JSON.parse(map) as { sources: string[] };
      const inside = sources.map((source) => /\/src\/(\w+)\//.exec(`/${source}`)?.[1]).filter(Boolean);
      if (inside.some((other) => other !== layer)) wrong.push(`${path} holds ${sources.join(', ')}`);
      const imports = readFileSync(path, 'utf8').matchAll(
        /(?:from|import\()\s*["']((?:\.\.?\/)+[^"']+)["']/g,
      );
      for (const [, target] of imports) {
        const other = join(path, '..', target!).split(/[\\/]/)[1]!;
        if (other in mayHold && !allowed.includes(other)) wrong.push(`${path} imports ${target}`);
      }
    }
  }
  if (wrong.length) fail(wrong.join('\n'));
}

/** No file needs another one that needs it. */
function circles(): void {
  const found = circlesBelow('src');
  if (found.length) fail(`circles of imports:\n${found.map((files) => files.join(' ')).join('\n')}`);
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
}

/** Where the documents in the package lead, within it. */
function links(): void {
  const [pack] = JSON.parse(npm('pack', '--dry-run', '--json', '--ignore-scripts')) as [
    { files: { path: string }[] },
  ];
  const packed = new Set(pack.files.map(({ path }) => path));
  const dead = [...packed]
    .filter((path) => path.endsWith('.md'))
    .flatMap((path) =>
      linksOf(path)
        .filter(({ target }) => !packed.has(target))
        .map(({ target }) => `${path} leads to ${target}, which is not in the package`),
    );
  if (dead.length) fail(dead.join('\n'));
}

function generated(): void {
  const paths = [
    'custom-elements.json',
    'docs/reference.md',
    'docs/troubleshooting.md',
    'docs/sizes.md',
    'docs/setup-checks.md',
    'src/react/elements.ts',
    'src/svelte/elements.ts',
    'src/vue/tags.ts',
    'src/sdk/api-types.ts',
    'src/elements/shared/version.ts',
    ...readdirSync('editor').map((name) => join('editor', name)),
  ];
  const before = paths.map((path) => (existsSync(path) ? readFileSync(path, 'utf8') : ''));
  npm('run', '--silent', 'generate');
  const stale = paths.filter((path, index) => readFileSync(path, 'utf8') !== before[index]);
  if (stale.length) fail(`not current, run npm run generate: ${stale.join(', ')}`);
}

function lockFile(): void {
  for (const folder of [
    ...readdirSync('examples').map((name) => join('examples', name)),
    'test/sdk/nestjs',
    'site',
  ]) {
    const path = join(folder, 'package-lock.json');
    // The package itself is a folder above.
    const addresses = readFileSync(path, 'utf8').match(/"resolved": "(?!\.\.\/\.\.")/g);
    if (addresses) fail(`${path} holds download addresses`);
  }
  const text = readFileSync('package-lock.json', 'utf8');
  if (/"resolved"|https?:\/\/[^"]*registry/.test(text)) fail('package-lock.json holds download addresses');
  const { packages } = JSON.parse(text) as {
    packages: Record<string, { optionalDependencies?: Record<string, string> }>;
  };
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => path && !isLocked(packages, path, name)),
  );
  if (missing.length) fail(`optional dependencies are missing from the lock: ${missing.join(', ')}`);
}

function isLocked(packages: object, path: string, name: string): boolean {
  for (let folder = path; ; folder = folder.replace(/(^|\/)node_modules\/(?:@[^/]+\/)?[^/]+$/, '')) {
    if (`${folder ? `${folder}/` : ''}node_modules/${name}` in packages) return true;
    if (!folder) return false;
  }
}

const checks: Record<string, Check> = {
  types: () => node(program('typescript', 'tsc'), '--noEmit'),
  lint: () => node(program('eslint'), '.', '--max-warnings', '0'),
  format: () => node(program('prettier'), '--check', '.', '--log-level', 'warn'),
  build: () => npm('run', '--silent', 'build'),
  sizes,
  'size of the SDK': sdkSize,
  layers,
  circles,
  'package (publint)': () => node(program('publint'), '--strict'),
  'package types (attw)': () =>
    node(
      program('@arethetypeswrong/cli', 'attw'),
      '--pack',
      '.',
      '--profile',
      'esm-only',
      '--exclude-entrypoints',
      './cdn/*',
    ),
  'links of the package': links,
  'generated files': generated,
  'lock file': lockFile,
};

let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
    console.log(`ok  ${name}`);
  } catch (error) {
    failed += 1;
    const {
      stdout = '',
      stderr = '',
      message,
    } = error as { stdout?: string; stderr?: string; message: string };
    console.log(`FAILED  ${name}\n${stdout}${stderr}${message}`);
  }
}
console.log(`${Object.keys(checks).length - failed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
