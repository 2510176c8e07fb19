import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChunkingContext, RenderedChunk } from 'rolldown';
import { buildSync } from 'esbuild';
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
  dashboard: 'src/dashboard.ts',
  setup: 'src/setup.ts',
  server: 'src/server.ts',
  cli: 'src/cli.ts',
  'compat/index': 'src/compat/index.ts',
  'controller/index': 'src/controller/index.ts',
  'controller/chat/index': 'src/controller/chat/index.ts',
  'controller/dashboard/index': 'src/controller/dashboard/index.ts',
  'controller/desk/index': 'src/controller/desk/index.ts',
  'controller/files/index': 'src/controller/files/index.ts',
  'controller/help-request/index': 'src/controller/help-request/index.ts',
  'controller/outcome/index': 'src/controller/outcome/index.ts',
  'controller/preflight/index': 'src/controller/preflight/index.ts',
  'controller/room/index': 'src/controller/room/index.ts',
  'controller/setup/index': 'src/controller/setup/index.ts',
  'elements/session/marketplace-session': 'src/elements/session/marketplace-session.ts',
  'elements/pieces/marketplace-session-timer': 'src/elements/pieces/marketplace-session-timer.ts',
  'elements/pieces/marketplace-session-warning': 'src/elements/pieces/marketplace-session-warning.ts',
  'elements/pieces/marketplace-session-extend': 'src/elements/pieces/marketplace-session-extend.ts',
  'elements/pieces/marketplace-session-connection': 'src/elements/pieces/marketplace-session-connection.ts',
  'elements/dashboard/marketplace-dashboard': 'src/elements/dashboard/marketplace-dashboard.ts',
  'elements/setup/marketplace-setup': 'src/elements/setup/marketplace-setup.ts',
  'elements/help/chat/marketplace-session-chat': 'src/elements/help/chat/marketplace-session-chat.ts',
  'elements/help/desk/marketplace-helper-desk': 'src/elements/help/desk/marketplace-helper-desk.ts',
  'elements/help/files/marketplace-session-files': 'src/elements/help/files/marketplace-session-files.ts',
  'elements/help/notifications/marketplace-notifications':
    'src/elements/help/notifications/marketplace-notifications.ts',
  'elements/help/request/marketplace-help-request': 'src/elements/help/request/marketplace-help-request.ts',
  'elements/help/outcome/marketplace-session-outcome':
    'src/elements/help/outcome/marketplace-session-outcome.ts',
  'elements/help/preflight/marketplace-session-preflight':
    'src/elements/help/preflight/marketplace-session-preflight.ts',
  'elements/help/room/marketplace-session-room': 'src/elements/help/room/marketplace-session-room.ts',
  'angular/index': 'src/angular/index.ts',
  'protocol/index': 'src/protocol/index.ts',
  'react/index': 'src/react/index.ts',
  'sdk/index': 'src/sdk/index.ts',
  'sdk/supabase/index': 'src/sdk/supabase/index.ts',
  'service/index': 'src/service/index.ts',
  'solid/index': 'src/solid/index.ts',
  'svelte/index': 'src/svelte/index.ts',
  'testing/index': 'src/testing/index.ts',
  'vue/index': 'src/vue/index.ts',
  'testing/node/index': 'src/testing/node/index.ts',
  'testing/playwright/index': 'src/testing/playwright/index.ts',
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

/** `latePart` asks for a file that did not come under another address: its import takes a query here. */
const lateAddresses: Plugin = {
  name: 'late-addresses',
  renderChunk(code) {
    const text = new MagicString(code);
    text.replaceAll(/\(\) => import\(("[^"]+")\)/g, (_, address) => `(query) => import(${address} + query)`);
    // Any other way to import one would not come back in every browser.
    if (/\bimport\("[^"]+"\)/.test(text.toString())) this.error('a late part is imported without latePart()');
    return { code: text.toString(), map: text.generateMap({ hires: true }) };
  },
};

const { version } = createRequire(import.meta.url)('./package.json') as { version: string };

const scriptTagFolder = 'dist/cdn';
const entry = 'src/index.ts';
const entryFile = 'marketplace-session.js';
const furtherEntries = {
  pieces: 'src/pieces.ts',
  'live-help': 'src/live-help.ts',
  dashboard: 'src/dashboard.ts',
  setup: 'src/setup.ts',
  // What the global script fetches beside the pieces, and so of its version.
  [`compat-${version}`]: 'src/compat/marketplace-sdk.ts',
};

/** Files that the entries fetch before they run; all others are late. */
function earlyFiles(chunks: Record<string, RenderedChunk>): Set<string> {
  const early = new Set(Object.keys(chunks).filter((name) => chunks[name]!.isEntry));
  for (const name of early) for (const other of chunks[name]?.imports ?? []) early.add(other);
  return early;
}

/**
 * A page that loads the entry under two addresses, such as `?v=2`, has two copies of it, and only the first one's tag is
 * defined. That one says under the name of its version where it came from, and every other file of the version imports
 * from there: pieces know its sessions, late parts throw its errors. What late files share is kept there too: it is fetched
 * by the first that needs it, under the address at which that one came, and never twice.
 */
const oneCopy: Plugin = {
  name: 'one-copy',
  transform(code, id) {
    if (!id.endsWith(`/${entry}`)) return null;
    return { code: `${code}\nMarketplaceSessionElement['${version}'] = import.meta.url;`, map: null };
  },
  renderChunk(code, { fileName, imports }, _, { chunks }) {
    const text = new MagicString(code);
    const early = earlyFiles(chunks);
    const replaceImports = (name: string, from: (address: string) => string) => {
      const source = name.replaceAll('.', '\\.');
      text.replaceAll(
        new RegExp(`import\\s*\\{([^}]*)\\}\\s*from\\s*("\\./${source}");?`, 'g'),
        (_, names: string, address: string) =>
          `const { ${names.replaceAll(' as ', ': ')} } = ${from(address)};`,
      );
      if (new RegExp(`from\\s*"\\./${source}"`).test(text.toString()))
        this.error(`${fileName} imports ${name} by its name`);
    };
    for (const name of imports) {
      if (name === entryFile)
        // Where it has to be fetched first, another address may have come before it.
        replaceImports(
          name,
          (address) => `await (async () => {
            const source = () => customElements.get("marketplace-session")?.["${version}"];
            return import(source() ?? (await import(${address}), source() ?? ${address}));
          })()`,
        );
      else if (!early.has(name))
        // `latePart` has one import under way at a time, so that nobody else fetches it meanwhile.
        replaceImports(
          name,
          (address) =>
            `customElements.get("marketplace-session")[${address}] ??= await import(${address} + new URL(import.meta.url).search)`,
        );
    }
    return { code: text.toString(), map: text.generateMap({ hires: true }) };
  },
};

/** Of a source file, what it is below `src`. */
const pathOf = (id: string | null | undefined): string | undefined => /\/src\/(.+)\.ts$/.exec(id ?? '')?.[1];

/** What is asked for by name and needs a module at once, directly or through others: as paths below `src`. */
function rootsOf(id: string, context: ChunkingContext, seen = new Set<string>()): Set<string> {
  const roots = new Set<string>();
  if (seen.has(id)) return roots;
  seen.add(id);
  const module = context.getModuleInfo(id);
  if (module?.isEntry || module?.dynamicImporters.length) roots.add(pathOf(id)!);
  for (const importer of module?.importers ?? [])
    for (const root of rootsOf(importer, context, seen)) roots.add(root);
  return roots;
}

/**
 * A file for each source file, and one for what the first second needs of a layer: a bundler that splits an application
 * leaves it in one piece, and what is in one piece is compressed together. The elements themselves stay apart, because a
 * server draws without Lit.
 */
const packageFileOf = (id: string, context: ChunkingContext): string | null => {
  const path = pathOf(id);
  // What is asked for by name is a file of that name by itself.
  if (!path || path in packageEntries || context.getModuleInfo(id)?.dynamicImporters.length) return null;
  const isFirst = !path.endsWith('/base-element') && rootsOf(id, context).has('index');
  return isFirst ? path.replace(/\/.*/, '/first-second') : path;
};

/** Where the late code of the tag begins. */
const tagParts = ['controller/late-parts', 'elements/session/panels/panels', 'elements/languages/load'];

/**
 * The tag comes in two files: what the first second needs, and the rest. What the late part of another element has of that
 * rest as well is a file by itself, and so is what several of them have and the tag has not.
 */
const chunkOf = (id: string, context: ChunkingContext): string | null => {
  const roots = [...rootsOf(id, context)];
  if (roots.includes('index')) return 'marketplace-session';
  const ofHelp = roots.filter((root) => /^elements\/(help|dashboard|setup)\//.test(root));
  const isOfTag = roots.some((root) => tagParts.includes(root));
  // What the scripts that define elements have in common.
  if (['live-help', 'dashboard', 'setup'].filter((entry) => roots.includes(entry)).length > 1)
    return 'help-element';
  if (isOfTag) return ofHelp.length ? 'shared' : 'late';
  if (ofHelp.length < 2) return null;
  return ofHelp.every((root) => /^elements\/(dashboard|setup)\//.test(root))
    ? 'provider-shared'
    : 'live-help-shared';
};

/** Words of an element are named by it. */
const lateFileName = (path: string | undefined, name: string): string =>
  `${path?.replace(/.*\/(.+)\/words\/(..)$/, '$1-$2').replace(/.*\//, '') ?? name}-${version}.js`;

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
        compress: { passes: 3, keep_fargs: false },
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

/** What a `<script>` that is no module loads: by itself, for no other file of the script tag may be bundled into it. */
const globalScript: Plugin = {
  name: 'global-script',
  writeBundle({ dir }) {
    buildSync({
      entryPoints: ['src/compat/global-script.ts'],
      outfile: join(dir!, 'marketplace-session.global.js'),
      bundle: true,
      minify: true,
      sourcemap: true,
      format: 'iife',
      target: 'es2022',
      define: { VERSION: JSON.stringify(version) },
    });
  },
};

/** What a page that names the files' hashes (Subresource Integrity) copies from: `integrity.json`, by the file's name. */
const integrity: Plugin = {
  name: 'integrity',
  // After all that writes files.
  async closeBundle() {
    const scripts = (await readdir(scriptTagFolder)).filter((name) => name.endsWith('.js')).sort();
    const hashes = scripts.map(async (name) => {
      const hash = createHash('sha384').update(await readFile(join(scriptTagFolder, name)));
      return [name, `sha384-${hash.digest('base64')}`] as const;
    });
    const text = JSON.stringify(Object.fromEntries(await Promise.all(hashes)), null, 2);
    await writeFile(join(scriptTagFolder, 'integrity.json'), `${text}\n`);
  },
};

export default defineConfig(({ mode }) =>
  mode === 'cdn'
    ? {
        // What a script tag loads: one small file that fetches its late parts by itself.
        plugins: [minifyTemplates, lateAddresses, oneCopy, minifyScripts, globalScript, integrity],
        build: {
          outDir: scriptTagFolder,
          target: 'es2022',
          sourcemap: true,
          modulePreload: false,
          lib: {
            entry: { 'marketplace-session': entry, ...furtherEntries },
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
              chunkFileNames: ({ name, facadeModuleId }) => lateFileName(pathOf(facadeModuleId), name),
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
            // It stays where an entry begins with it (`hydration.test.ts`).
            checks: { moduleLevelDirective: false },
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
