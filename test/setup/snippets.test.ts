import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { transform } from 'esbuild';
import { compile } from 'svelte/compiler';
import { compileTemplate, parse } from 'vue/compiler-sfc';
import { detectFramework, snippets, type FrameworkName } from '../../src/snippets/snippets.js';
import { readTags } from '../../src/inspection/html.js';

const values = { apiEndpoint: 'https://market.example/api/v1', applicationId: 'sketch' };
const isCustomElement = (name: string) => name.startsWith('marketplace-');

const jsx = async (code: string) => (await transform(code, { loader: 'jsx', jsx: 'automatic' })).code;

/** As the framework's own compiler takes it. */
const compilers: Record<FrameworkName, (code: string) => string | Promise<string>> = {
  html: (code) => code,
  react: jsx,
  next: jsx,
  solid: async (code) => (await transform(code, { loader: 'jsx', jsx: 'preserve' })).code,
  astro: async (code) => {
    const [, script] = /<script>([^]*)<\/script>/.exec(code)!;
    return `${(await transform(script!)).code}${code.replace(script!, '')}`;
  },
  angular: async (code) => (await transform(code, { loader: 'ts' })).code,
  svelte: (code) => compile(code, { dev: false }).js.code,
  vue: (code) => {
    const { descriptor, errors } = parse(code);
    assert.deepEqual(errors, []);
    const source = descriptor.template!.content;
    const built = compileTemplate({
      id: 'a',
      filename: 'a.vue',
      source,
      compilerOptions: { isCustomElement },
    });
    assert.deepEqual(built.errors, []);
    return `${descriptor.scriptSetup!.content}${built.code}`;
  },
};

describe('Snippets of the set-up', () => {
  for (const [name, { code }] of Object.entries(snippets))
    test(`${name} is compiled, with the tag and what it asks`, async () => {
      const built = await compilers[name as FrameworkName](code(values));
      assert.match(built, /marketplace-session/);
      for (const value of Object.values(values)) assert.ok(built.includes(value), built);
      if (name !== 'html') assert.match(built, /import ["']marketplace-session["']/);
    });

  test('that of a page alone has one tag, and what keeps the session token out of referrers', () => {
    const tags = readTags(snippets.html.code(values));
    const [tag, ...others] = tags.filter(({ name }) => name === 'marketplace-session');
    assert.deepEqual([tag!.attributes.get('api-endpoint'), others], [values.apiEndpoint, []]);
    assert.ok(tags.some(({ attributes }) => attributes.get('content') === 'no-referrer'));
  });

  test('a framework is known by what package.json depends on, the outer one first', () => {
    const found = [
      ...[['react'], ['react', 'next'], ['vue'], ['@angular/core'], ['svelte'], ['express'], []],
      ...[['solid-js'], ['react', 'astro']],
    ];
    assert.deepEqual(
      found.map((packages) => detectFramework(packages)),
      ['react', 'next', 'vue', 'angular', 'svelte', 'html', 'html', 'solid', 'astro'],
    );
  });
});
