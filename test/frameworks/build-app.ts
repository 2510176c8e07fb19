import { join, resolve } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import vue from '@vitejs/plugin-vue';
import { build, type PluginOption } from 'vite';
import solid from 'vite-plugin-solid';

export const frameworks = ['react', 'preact', 'vue', 'svelte', 'solid', 'angular', 'lit'] as const;
export type Framework = (typeof frameworks)[number];

const folder = resolve('test/frameworks');

const plugins: Record<Framework, () => PluginOption[]> = {
  react: () => [],
  preact: () => [],
  vue: () => [
    vue({ template: { compilerOptions: { isCustomElement: (tag) => tag.startsWith('marketplace-') } } }),
  ],
  svelte: () => [svelte({ configFile: false })],
  solid: () => [solid()],
  angular: () => [],
  lit: () => [],
};

/** Builds one of the small apps as its framework's own users would, into `outDir`. */
export async function buildApp(framework: Framework, outDir: string): Promise<void> {
  await build({
    root: join(folder, framework),
    base: `/${framework}/`,
    configFile: false,
    logLevel: 'error',
    plugins: plugins[framework](),
    // The package as it is published.
    resolve: {
      alias: [
        { find: /^marketplace-session$/, replacement: resolve('dist/index.js') },
        { find: /^marketplace-session\/(angular|solid)$/, replacement: resolve('dist/$1/index.js') },
      ],
    },
    build: { outDir: join(outDir, framework), target: 'es2022', emptyOutDir: true },
  });
}
