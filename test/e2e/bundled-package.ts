import { resolve } from 'node:path';
import { build, type Rollup } from 'vite';

/** The package's files as an application's bundler takes them in, in one file. @param mode `development` has Lit's warnings. */
export async function bundlePackage(files: string[], mode: 'development' | 'production'): Promise<string> {
  const name = 'app';
  const built = (await build({
    configFile: false,
    logLevel: 'error',
    mode,
    resolve: { conditions: [mode, 'browser', 'module', 'import'] },
    plugins: [
      {
        name,
        resolveId: (id) => (id === name ? id : null),
        load: (id) =>
          id === name ? files.map((file) => `import '${resolve(`dist/${file}.js`)}';`).join('\n') : null,
      },
    ],
    build: {
      write: false,
      minify: false,
      target: 'es2022',
      rollupOptions: { input: name, output: { inlineDynamicImports: true, entryFileNames: 'app.js' } },
    },
  })) as Rollup.RollupOutput;
  return built.output[0].code;
}
