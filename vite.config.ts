import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChunkingContext } from 'rolldown';
import { defineConfig, type Plugin } from 'vite';
import { minifyHTMLLiterals } from 'minify-literals';
import MagicString from 'magic-string';
import { minify } from 'terser';
import { createRequire } from 'node:module';

/** What npm serves: one file for each source file, dependencies left to the bundler of the application. */
const packageEntries = {
  index: 'src/index.ts',
  pieces: 'src/pieces.ts',
  'live-help': 'src/live-help.ts',
  server: 'src/server.ts',
  cli: 'src/cli.ts',
  'controller/index': 'src/controller/index.ts',
  'controller/chat/index': 'src/controller/chat/index.ts',
  'controller/preflight/index': 'src/controller/preflight/index.ts',
  'elements/session/marketplace-session': 'src/elements/session/marketplace-session.ts',
  'elements/pieces/marketplace-session-timer': 'src/elements/pieces/marketplace-session-timer.ts',
  'elements/pieces/marketplace-session-warning': 'src/elements/pieces/marketplace-session-warning.ts',
  'elements/pieces/marketplace-session-extend': 'src/elements/pieces/marketplace-session-extend.ts',
  'elements/pieces/marketplace-session-connection': 'src/elements/pieces/marketplace-session-connection.ts',
  'elements/help/chat/marketplace-session-chat': 'src/elements/help/chat/marketplace-session-chat.ts',
  'elements/help/preflight/marketplace-session-preflight':
    'src/elements/help/preflight/marketplace-session-preflight.ts',
  'protocol/index': 'src/protocol/index.ts',
  'sdk/index': 'src/sdk/index.ts',
  'sdk/supabase/index': 'src/sdk/supabase/index.ts',
  'service/index': 'src/service/index.ts',
};

/** Folds white space in templates and style sheets. */
const minifyTemplates: Plugin = {
  name: 'minify-templates',
  enforce: 'pre',
  async transform(code, id) {
    if (!id.includes('/src/elements/')) return null;
    const result = await minifyHTMLLiterals(code, { fileName: id });
    return result && { code: result.code, map: JSON.stringify(result.map) };
  },
};

/** What is there before anything is late. */
const entryFiles = ['marketplace-session.js', 'pieces.js'];

/** `latePart` asks for a file that did not come under another address: its import takes a query here. */
const lateAddresses: Plugin = {
  name: 'late-addresses',
  renderChunk(code, { fileName, imports }) {
    // It would be asked for under the address that failed, whatever the address of the file that imports it.
    const late = imports.find((name) => !entryFiles.includes(name));
    if (late) this.error(`${fileName} imports ${late} at once: only latePart() may import a late file`);
    const text = new MagicString(code);
    text.replaceAll(/\(\) => import\(("[^"]+")\)/g, (_, address) => `(query) => import(${address} + query)`);
    // Any other way to import one would not come back in every browser.
    if (/\bimport\("[^"]+"\)/.test(text.toString())) this.error('a late part is imported without latePart()');
    return { code: text.toString(), map: text.generateMap({ hires: true }) };
  },
};

const { version } = createRequire(import.meta.url)('./package.json') as { version: string };

const entry = 'src/index.ts';
const piecesEntry = 'src/pieces.ts';

/**
 * A page that loads the entry under two addresses, such as `?v=2`, has two copies of it, and only the first one's tag is
 * defined. That one says under the name of its version where it came from, and every other file of the version imports
 * from there: pieces know its sessions, late parts throw its errors.
 */
const oneCopy: Plugin = {
  name: 'one-copy',
  transform(code, id) {
    if (!id.endsWith(`/${entry}`)) return null;
    return { code: `${code}\nMarketplaceSessionElement['${version}'] = import.meta.url;`, map: null };
  },
  renderChunk(code, chunk) {
    const text = new MagicString(code);
    // Where it has to be fetched first, another address may have come before it.
    text.replaceAll(
      /import\s*\{([^}]*)\}\s*from\s*("\.\/marketplace-session\.js");?/g,
      (_, names: string, address: string) => `
        const source = () => customElements.get("marketplace-session")?.["${version}"];
        const { ${names.replaceAll(' as ', ': ')} } =
          await import(source() ?? (await import(${address}), source() ?? ${address}));`,
    );
    if (/from\s*"\.\/marketplace-session\.js"/.test(text.toString()))
      this.error(`${chunk.fileName} imports the entry by its name`);
    return { code: text.toString(), map: text.generateMap({ hires: true }) };
  },
};

/** Fetched before the first request of a bound session. */
const proof = 'src/controller/token/proof-of-possession.ts';

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

/** Of a source file, what it is below `src`. */
const pathOf = (id: string | null | undefined): string | undefined => /\/src\/(.+)\.ts$/.exec(id ?? '')?.[1];

/**
 * A file for each source file, and one for what the first second needs of a layer: a bundler that splits an application
 * leaves it in one piece, and what is in one piece is compressed together. The elements themselves stay apart, because a
 * server draws without Lit.
 */
const packageFileOf = (id: string, context: ChunkingContext): string | null => {
  const path = pathOf(id);
  // What is asked for by name is a file of that name by itself.
  if (!path || path in packageEntries || context.getModuleInfo(id)?.dynamicImporters.length) return null;
  const isFirst = !path.endsWith('/base-element') && isImportedBy([entry], id, context);
  return isFirst ? path.replace(/\/.*/, '/first-second') : path;
};

/** What comes after the first second comes together: one request, and a fourteenth smaller than several. */
const chunkOf = (id: string, context: ChunkingContext): string | null => {
  if (/\/languages\/..\.ts$/.test(id)) return null;
  if (isImportedBy([entry], id, context)) return 'marketplace-session';
  return isImportedBy([piecesEntry, proof], id, context) ? null : 'late';
};

/** Goes over what the bundler has written: a hundredth smaller than its own minifier leaves it. */
const minifyScripts: Plugin = {
  name: 'minify-scripts',
  async writeBundle({ dir }, bundle) {
    for (const { fileName, type } of Object.values(bundle)) {
      const path = join(dir!, fileName);
      if (type !== 'chunk' || !existsSync(`${path}.map`)) continue;
      const { code, map } = await minify(await readFile(path, 'utf8'), {
        module: true,
        ecma: 2022,
        compress: { passes: 3 },
        sourceMap: {
          content: await readFile(`${path}.map`, 'utf8'),
          ...(!/^..-/.test(fileName) && { url: `${fileName}.map` }),
        },
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
        plugins: [minifyTemplates, lateAddresses, oneCopy, minifyScripts],
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
            checks: { pluginTimings: false },
            optimization: { inlineConst: { mode: 'all', pass: 3 } },
            preserveEntrySignatures: 'allow-extension',
            output: {
              // Nothing of one version is mixed with another's, and a name that repeats costs next to nothing.
              chunkFileNames: `[name]-${version}.js`,
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
        plugins: [minifyTemplates],
        build: {
          outDir: 'dist',
          target: 'es2022',
          sourcemap: true,
          minify: true,
          lib: { entry: packageEntries, formats: ['es'] as const },
          rolldownOptions: {
            external: /^(?![./])/,
            preserveEntrySignatures: 'allow-extension',
            output: {
              entryFileNames: '[name].js',
              minifyInternalExports: false,
              chunkFileNames: ({ name, facadeModuleId }) => `${pathOf(facadeModuleId) ?? name}.js`,
              codeSplitting: {
                includeDependenciesRecursively: false,
                groups: [{ name: packageFileOf, debugName: 'parts' }],
              },
            },
          },
        },
      },
);
