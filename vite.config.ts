import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChunkingContext } from 'rolldown';
import { defineConfig, type Plugin } from 'vite';
import { minifyHTMLLiterals } from 'minify-literals';
import { minify } from 'terser';

/** What npm serves: one file for each source file, dependencies left to the bundler of the application. */
const packageEntries = {
  index: 'src/index.ts',
  pieces: 'src/pieces.ts',
  server: 'src/server.ts',
  cli: 'src/cli.ts',
  'controller/index': 'src/controller/index.ts',
  'elements/marketplace-session': 'src/elements/marketplace-session.ts',
  'elements/pieces/marketplace-session-timer': 'src/elements/pieces/marketplace-session-timer.ts',
  'elements/pieces/marketplace-session-warning': 'src/elements/pieces/marketplace-session-warning.ts',
  'elements/pieces/marketplace-session-extend': 'src/elements/pieces/marketplace-session-extend.ts',
  'elements/pieces/marketplace-session-connection': 'src/elements/pieces/marketplace-session-connection.ts',
  'protocol/index': 'src/protocol/index.ts',
  'service/index': 'src/service/index.ts',
};

/** Folds white space in Lit's templates: a fifth of their size. */
const minifyTemplates: Plugin = {
  name: 'minify-templates',
  enforce: 'pre',
  async transform(code, id) {
    if (!id.includes('/src/elements/')) return null;
    const result = await minifyHTMLLiterals(code, { fileName: id });
    return result && { code: result.code, map: JSON.stringify(result.map) };
  },
};

const entry = 'src/index.ts';
const piecesEntry = 'src/pieces.ts';
/** Fetched before the first request of a bound session. */
const proof = 'src/controller/late/proof-of-possession.ts';

/** Whether a module is imported at once by one of those files, directly or through others. */
function isImportedBy(files: string[], id: string, context: ChunkingContext): boolean {
  const seen = new Set<string>();
  const isReached = (module: string): boolean => {
    if (files.some((file) => module.endsWith(`/${file}`))) return true;
    if (seen.has(module)) return false;
    seen.add(module);
    return context.getModuleInfo(module)?.importers.some(isReached) ?? false;
  };
  return isReached(id);
}

/** What comes after the first second comes together: one request, and a fourteenth smaller than several. */
const chunkOf = (id: string, context: ChunkingContext): string | null => {
  if (/\/languages\/..\.ts$/.test(id)) return null;
  if (isImportedBy([entry], id, context)) return 'marketplace-session';
  return isImportedBy([piecesEntry, proof], id, context) ? null : 'late';
};

/**
 * Long names that only our own files say to each other: fields of what the panels are drawn from, of a run and of its
 * world. None is known to a page, to another tab, to the wire or to the DOM.
 */
const internalNames = [
  ...['asked', 'choice', 'choose', 'confirmEnd', 'confirmExtend', 'draws', 'formats', 'hasWarning'],
  ...['returnAddress', 'showWarning', 'tryNow', 'isTaken'],
  ...['addFollower', 'removeFollower', 'hostConnected', 'hostDisconnected', 'hostUpdated'],
  ...[
    'getRemainingSeconds',
    'getSnapshot',
    'isBound',
    'keepToken',
    'requestInit',
    'sendOnce',
    'validateOnce',
  ],
  ...['leaveTo', 'monotonicNow', 'nextTickMs', 'openTabChannel', 'replaceAddress', 'sharedStorage'],
  ...['tabStorage', 'takeRetry', 'probeDelayMs', 'whenIdle'],
  ...['contend', 'dispatch', 'isInDoubt', 'isUnwritten', 'jumpMs', 'onSaid', 'onTick', 'resign', 'takeOver'],
];

/** Goes over what the bundler has written: a thirtieth smaller than its own minifier leaves it. */
const minifyScripts: Plugin = {
  name: 'minify-scripts',
  async writeBundle({ dir }, bundle) {
    const names = { props: {} };
    for (const { type, fileName } of Object.values(bundle)) {
      if (type !== 'chunk') continue;
      const path = join(dir!, fileName);
      if (!existsSync(`${path}.map`)) continue;
      const { code, map } = await minify(await readFile(path, 'utf8'), {
        module: true,
        ecma: 2020,
        compress: { passes: 3, unsafe_arrows: true },
        mangle: { properties: { regex: new RegExp(`^(${internalNames.join('|')})$`) } },
        // One short name in all files.
        nameCache: names,
        sourceMap: { content: await readFile(`${path}.map`, 'utf8'), url: `${fileName}.map` },
      });
      await writeFile(path, code!);
      await writeFile(`${path}.map`, map as string);
    }
  },
};

export default defineConfig(({ mode }) =>
  mode === 'cdn'
    ? {
        // What a script tag loads: one small file that fetches its late parts by itself.
        plugins: [minifyTemplates, minifyScripts],
        build: {
          outDir: 'dist/cdn',
          target: 'es2022',
          sourcemap: true,
          modulePreload: false,
          lib: {
            entry: { 'marketplace-session': entry, pieces: piecesEntry },
            formats: ['es'] as const,
            fileName: (_, name) => `${name}.js`,
          },
          minify: true,
          rolldownOptions: {
            preserveEntrySignatures: 'allow-extension',
            output: {
              chunkFileNames: '[name]-[hash:6].js',
              minify: true,
              codeSplitting: {
                includeDependenciesRecursively: false,
                groups: [{ name: chunkOf, debugName: 'parts' }],
              },
            },
          },
        },
      }
    : {
        build: {
          outDir: 'dist',
          target: 'es2022',
          sourcemap: true,
          minify: true,
          lib: { entry: packageEntries, formats: ['es'] as const },
          rolldownOptions: {
            external: /^(?![./])/,
            output: { preserveModules: true, preserveModulesRoot: 'src', entryFileNames: '[name].js' },
          },
        },
      },
);
