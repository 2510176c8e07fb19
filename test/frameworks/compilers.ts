// Plugins of esbuild that run a framework's own compiler, for a server or a browser as the build is.
import { readFile } from 'node:fs/promises';
import { transformAsync } from '@babel/core';
import solid from 'babel-preset-solid';
import { transform, type Plugin, type PluginBuild } from 'esbuild';
import { compile } from 'svelte/compiler';
import type { Mode } from '../e2e/rendered-app.js';

const isForServer = ({ initialOptions }: PluginBuild) => initialOptions.platform === 'node';

export const compileSvelte = (mode: Mode): Plugin => ({
  name: 'svelte',
  setup(build) {
    const generate = isForServer(build) ? 'server' : 'client';
    build.onLoad({ filter: /\.svelte$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const { js, warnings } = compile(source, { filename: path, generate, dev: mode === 'development' });
      return { contents: js.code, warnings: warnings.map(({ message }) => ({ text: message })) };
    });
  },
});

export const compileSolid = (mode: Mode): Plugin => ({
  name: 'solid',
  setup(build) {
    const generate = isForServer(build) ? 'ssr' : 'dom';
    build.onLoad({ filter: /\.tsx$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, 'utf8'), { loader: 'tsx', jsx: 'preserve' });
      const compiled = await transformAsync(code, {
        filename: path,
        babelrc: false,
        configFile: false,
        presets: [[solid, { generate, hydratable: true, dev: mode === 'development' }]],
      });
      return { contents: compiled!.code! };
    });
  },
});
