import { defineConfig, type Plugin } from 'vite';
import { minifyHTMLLiterals } from 'minify-literals';

/** What npm serves: one file for each source file, dependencies left to the bundler of the application. */
const packageEntries = {
  index: 'src/index.ts',
  cli: 'src/cli.ts',
  'controller/index': 'src/controller/index.ts',
  'elements/marketplace-session': 'src/elements/marketplace-session.ts',
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

export default defineConfig(({ mode }) =>
  mode === 'cdn'
    ? {
        // What a script tag loads: one small file that fetches its late parts by itself.
        plugins: [minifyTemplates],
        build: {
          outDir: 'dist/cdn',
          target: 'es2022',
          sourcemap: true,
          modulePreload: false,
          lib: { entry: 'src/index.ts', formats: ['es'] as const, fileName: () => 'marketplace-session.js' },
          minify: true,
          rolldownOptions: {
            preserveEntrySignatures: 'allow-extension',
            output: { chunkFileNames: '[name]-[hash].js', minify: true },
          },
        },
      }
    : {
        build: {
          outDir: 'dist',
          target: 'es2022',
          sourcemap: true,
          minify: false,
          lib: { entry: packageEntries, formats: ['es'] as const },
          rolldownOptions: {
            external: /^(?![./])/,
            output: { preserveModules: true, preserveModulesRoot: 'src', entryFileNames: '[name].js' },
          },
        },
      },
);
