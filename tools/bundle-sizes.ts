// What `import 'marketplace-session'` adds to an application before its first second, by the bundlers that most of them use.
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build as bundleWithEsbuild } from 'esbuild';
import { build as bundleWithVite } from 'vite';

/** Of a built file: what it is, and which others it imports at once. */
interface Built {
  code: string;
  imports: string[];
}

/**
 * An application that fetches a page of its own late, as most do: what a bundler adds once for any `import()` is not the
 * package's.
 */
function makeApplication(name: string, main: string): string {
  const folder = resolve('.cache', name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  symlinkSync(resolve('.'), join(folder, 'node_modules/marketplace-session'), 'junction');
  writeFileSync(join(folder, 'main.js'), `${main}import('./page.js').then(({ show }) => show());\n`);
  writeFileSync(join(folder, 'page.js'), "export const show = () => document.body.append('Hello');\n");
  writeFileSync(join(folder, 'index.html'), '<script type="module" src="./main.js"></script>\n');
  return folder;
}

/** Bytes, gzip -9, of a file and all that it imports at once. */
function staticSize(entry: string, files: Map<string, Built>): number {
  const reached = new Set([entry]);
  for (const name of reached) for (const other of files.get(name)!.imports) reached.add(other);
  return [...reached].reduce((sum, name) => sum + gzipSync(files.get(name)!.code, { level: 9 }).length, 0);
}

async function esbuildSize(folder: string): Promise<number> {
  const { metafile } = await bundleWithEsbuild({
    absWorkingDir: folder,
    entryPoints: ['main.js'],
    outdir: 'esbuild',
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    metafile: true,
    // Not that of this repository, which leads to the sources.
    tsconfigRaw: '{}',
  });
  const outputs = Object.entries(metafile.outputs);
  const files = outputs.map(([name, { imports }]): [string, Built] => [
    name,
    {
      code: readFileSync(join(folder, name), 'utf8'),
      imports: imports.filter(({ kind }) => kind === 'import-statement').map(({ path }) => path),
    },
  ]);
  const [entry] = outputs.find(([, { entryPoint }]) => entryPoint === 'main.js')!;
  return staticSize(entry, new Map(files));
}

async function viteSize(folder: string): Promise<number> {
  const built = await bundleWithVite({
    root: folder,
    configFile: false,
    logLevel: 'error',
    // The polyfill is the application's.
    build: { outDir: 'vite', target: 'es2022', modulePreload: { polyfill: false } },
  });
  if (!('output' in built)) throw new Error('one output was expected');
  const chunks = built.output.filter((file) => file.type === 'chunk');
  const entry = chunks.find(({ isEntry }) => isEntry)!;
  return staticSize(
    entry.fileName,
    new Map(chunks.map(({ fileName, code, imports }) => [fileName, { code, imports }])),
  );
}

/** What the tag adds to an application, by bundler: its size with the tag less its size without. */
export async function bundleSizes(): Promise<Record<'esbuild' | 'Vite', number>> {
  const without = makeApplication('application', '');
  const withTag = makeApplication('application-with-tag', "import 'marketplace-session';\n");
  return {
    esbuild: (await esbuildSize(withTag)) - (await esbuildSize(without)),
    Vite: (await viteSize(withTag)) - (await viteSize(without)),
  };
}
