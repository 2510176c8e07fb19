// Everything beside the tests: types, lint, format, sizes, layers, package, generated files, lock file.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

type Check = () => void;

const run = (command: string, ...args: string[]) =>
  execFileSync(command, args, { encoding: 'utf8', stdio: 'pipe' });
const npx = (...args: string[]) => run('npx', '--no-install', ...args);
const gzipSize = (path: string) => gzipSync(readFileSync(path), { level: 9 }).length;

function fail(message: string): never {
  throw new Error(message);
}

/** Budgets in bytes, gzip -9, file by file. Of the languages a page loads one: the largest counts. */
function sizes(): void {
  const folder = 'dist/cdn';
  const languages = readdirSync('src/elements/languages').map((name) => name.replace('.ts', ''));
  const files = readdirSync(folder).filter((name) => name.endsWith('.js'));
  const sizeOf = (names: string[]) => names.map((name) => gzipSize(join(folder, name)));
  const pieces = gzipSize(join(folder, 'pieces.js'));
  const isLanguage = (name: string) => languages.includes(name.split('-')[0]!);
  const first = staticImports(join(folder, 'marketplace-session.js')).reduce(
    (sum, path) => sum + gzipSize(path),
    0,
  );
  const language = Math.max(...sizeOf(files.filter(isLanguage)));
  const rest = sizeOf(files.filter((name) => !isLanguage(name) && name !== 'pieces.js')).reduce(
    (sum, size) => sum + size,
    0,
  );
  console.log(
    `    first load ${first} of 10240 B, everything ${rest + language} of 30720 B, ${language} of it the largest language; ${pieces} of 2560 B more where pieces are used`,
  );
  if (first > 10_240 || rest + language > 30_720 || pieces > 2560) fail('over the budget');
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
  controller: ['controller', 'protocol'],
  elements: ['elements', 'controller', 'protocol'],
  sdk: ['sdk', 'protocol'],
  service: ['service', 'protocol'],
  conformance: ['conformance', 'protocol'],
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

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
}

function generated(): void {
  const paths = [
    'custom-elements.json',
    'docs/reference.md',
    'docs/troubleshooting.md',
    ...readdirSync('editor').map((name) => join('editor', name)),
  ];
  const before = paths.map((path) => (existsSync(path) ? readFileSync(path, 'utf8') : ''));
  run('npm', 'run', '--silent', 'generate');
  const stale = paths.filter((path, index) => readFileSync(path, 'utf8') !== before[index]);
  if (stale.length) fail(`not current, run npm run generate: ${stale.join(', ')}`);
}

function lockFile(): void {
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
  types: () => npx('tsc', '--noEmit'),
  lint: () => npx('eslint', '.', '--max-warnings', '0'),
  format: () => npx('prettier', '--check', '.', '--log-level', 'warn'),
  build: () => run('npm', 'run', '--silent', 'build'),
  sizes,
  layers,
  'package (publint)': () => npx('publint', '--strict'),
  'package types (attw)': () =>
    npx('attw', '--pack', '.', '--profile', 'esm-only', '--exclude-entrypoints', './cdn/*'),
  'generated files': generated,
  'lock file': lockFile,
};

let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  try {
    check();
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
