// Compiles the sources and the tests once, for all processes that run them: node compiles nothing at its start then.
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { transform, version } from 'esbuild';

/** Where the compiled files are, each under the path of its source. */
export const compiledFolder = resolve('.cache/tests');

const sourceFolders = ['src', 'test', 'demo', 'tools'];
/** Raised whenever this file compiles in another way. */
const format = `1 esbuild-${version}`;

/** The compiled file of a source. */
export const compiledPath = (source) => join(compiledFolder, source.replace(/\.tsx?$/, '.js'));

/** Compiles what is newer than its compiled file, and takes away what has no source any more. */
export async function compile() {
  const stamp = join(compiledFolder, 'format');
  if (read(stamp) !== format) rmSync(compiledFolder, { recursive: true, force: true });
  mkdirSync(compiledFolder, { recursive: true });
  const sources = sourceFolders.flatMap((folder) => filesBelow(folder)).filter(isSource);
  const wanted = new Set(sources.map(compiledPath));
  for (const path of filesBelow(compiledFolder)) {
    if (path !== stamp && !wanted.has(path)) rmSync(path);
  }
  await Promise.all(sources.filter((source) => age(source) <= age(compiledPath(source))).map(compileFile));
  writeFileSync(stamp, format);
}

const isSource = (path) => /\.(ts|tsx|mjs)$/.test(path) && !path.endsWith('.d.ts');

async function compileFile(source) {
  const output = compiledPath(source);
  const { code } = await transform(readFileSync(source, 'utf8'), {
    loader: source.endsWith('.tsx') ? 'tsx' : source.endsWith('.ts') ? 'ts' : 'js',
    format: 'esm',
    target: 'node20',
    sourcemap: 'inline',
    sourcefile: relative(dirname(output), source),
    // Files that lie beside a source are found from where the source is.
    define: { 'import.meta.url': JSON.stringify(pathToFileURL(resolve(source)).href) },
  });
  mkdirSync(dirname(output), { recursive: true });
  writeFileSync(output, code);
}

function filesBelow(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** Milliseconds since a file was written; Infinity where there is none. */
const age = (path) => Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? -Infinity);

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
