// Finds the tests that a change may have broken: those that come to a changed file by their imports, or name it.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { testFiles } from './files.mjs';

/** What all tests stand on. */
const isFoundation = (path) =>
  /^(package(-lock)?\.json|vite\.config\.ts|tsconfig.*|\.c8rc\.json|tools\/.*)$/.test(path);
/** What a test loads by other ways than by an import: it is in the built script, or served as a file of the demo. */
const unseenImports = [
  ['tools/script-tag-files.mjs', ['src/index.ts', 'src/pieces.ts']],
  ['test/programs.ts', ['src/cli.ts', 'demo/start.ts']],
];

/** @param ref the commit that the changes are counted from. */
export function changedTests(ref = 'HEAD') {
  const all = Object.values(testFiles).flat();
  const changed = [...git('diff', '--name-only', ref), ...git('ls-files', '--others', '--exclude-standard')];
  const tests = changed.some(isFoundation) ? all : all.filter((test) => isConcerned(test, changed));
  console.log(`${tests.length} of ${all.length} test files for ${changed.length} changed files`);
  return tests;
}

function isConcerned(test, changed) {
  const reached = reachedFrom(test);
  const sources = [...reached].filter((path) => path.startsWith('test/')).map(read);
  const isDemo = [...reached].some((path) => path.startsWith('demo/'));
  return changed.some(
    (path) =>
      reached.has(path) ||
      (isDemo && path.startsWith('demo/')) ||
      (!/\.[mc]?[jt]sx?$/.test(path) && sources.some((source) => source.includes(path.split('/').at(-1)))),
  );
}

/** A file and all that it imports, however deep. */
function reachedFrom(path, seen = new Set()) {
  if (seen.has(path)) return seen;
  seen.add(path);
  const [, unseen = []] = unseenImports.find(([importer]) => importer === path) ?? [];
  for (const target of [...importsOf(path), ...unseen]) reachedFrom(target, seen);
  return seen;
}

const imported = new Map();

function importsOf(path) {
  if (!imported.has(path)) {
    const targets = read(path).matchAll(/(?:\bfrom|\bimport\(?)\s*'(\.[^']+)'/g);
    imported.set(
      path,
      [...targets]
        .map(([, target]) => sourceOf(join(dirname(path), target).replaceAll('\\', '/')))
        .filter(Boolean),
    );
  }
  return imported.get(path);
}

const sourceOf = (path) =>
  [path.replace(/\.js$/, '.ts'), path.replace(/\.js$/, '.tsx'), path].find((name) => existsSync(name));

const read = (path) => readFileSync(path, 'utf8');

const git = (...args) => execFileSync('git', args, { encoding: 'utf8' }).split('\n').filter(Boolean);
