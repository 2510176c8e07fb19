// Bundles test files of pages, each with all that it imports: a page asks for one file in place of hundreds.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { build } from 'esbuild';

/** Where the bundles of this run are, for all engines. */
const folder = resolve('.cache/pages');

/** The assertions that @open-wc/testing adds bring axe into each page; none is used. */
const withoutChaiPlugins = {
  name: 'without-chai-plugins',
  setup({ onLoad }) {
    onLoad({ filter: /@open-wc[\\/]testing[\\/]register-chai-plugins\.js$/ }, () => ({ contents: '' }));
  },
};

/** The bundles of files and their source maps, each with the path at which a page finds it: that of its source. */
async function bundlesOf(files) {
  const { outputFiles } = await build({
    entryPoints: files,
    bundle: true,
    outdir: '.',
    outbase: '.',
    outExtension: { '.js': '.ts' },
    write: false,
    allowOverwrite: true,
    format: 'esm',
    target: 'es2022',
    sourcemap: true,
    sourcesContent: false,
    conditions: ['production'],
    // What package.json says of them is for applications: a test imports a file for what it does.
    ignoreAnnotations: true,
    external: ['/__web-dev-server__web-socket.js'],
    plugins: [withoutChaiPlugins],
  });
  return outputFiles.map(({ path, text }) => ({ path: relative('.', path), text }));
}

/** Bundles files for the pages of this run. */
export async function bundle(files) {
  rmSync(folder, { recursive: true, force: true });
  for (const { path, text } of await bundlesOf(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** A file that `bundle` made, or one made now. */
async function bundled(path) {
  const made = join(folder, path);
  if (process.env.COMPILED && existsSync(made)) return readFileSync(made, 'utf8');
  const bundles = await bundlesOf([path.replace(/\.map$/, '')]);
  return bundles.find((file) => resolve(file.path) === resolve(path)).text;
}

/** A plugin of the browser runner: whatever TypeScript a page asks for comes as a bundle. */
export const servedBundles = {
  name: 'bundles',
  async serve({ path }) {
    if (!/\.ts(\.map)?$/.test(path)) return undefined;
    return { body: await bundled(path.slice(1)), type: path.endsWith('.map') ? 'json' : 'js' };
  },
};
