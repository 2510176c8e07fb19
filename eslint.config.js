import globals from 'globals';
import lit from 'eslint-plugin-lit';
import * as wc from 'eslint-plugin-wc';
import tseslint from 'typescript-eslint';

/** What each layer may import from the others. Arrows run downwards only: elements -> controller -> sandbox -> protocol <- service. */
const mayImport = {
  protocol: [],
  sandbox: ['protocol'],
  snippets: [],
  inspection: ['protocol'],
  controller: ['sandbox', 'protocol'],
  elements: ['controller', 'snippets', 'protocol'],
  angular: ['controller', 'protocol'],
  compat: ['elements', 'controller', 'protocol'],
  react: ['elements', 'controller', 'protocol'],
  solid: ['controller', 'protocol'],
  svelte: ['elements', 'controller', 'protocol'],
  vue: ['controller', 'protocol'],
  sdk: ['protocol'],
  service: ['inspection', 'protocol'],
  conformance: ['protocol'],
  setup: ['inspection', 'snippets', 'sdk', 'protocol'],
  testing: ['sandbox', 'controller', 'sdk', 'protocol'],
};

const layers = Object.keys(mayImport);

/** Within the service: features stand on the foundation and on each other's index, the foundation on nothing above it. */
const serviceRules = [
  {
    files: ['src/service/foundation/**/*.ts'],
    patterns: [
      { regex: '(^|/)features/', message: 'The foundation knows no feature.' },
      { regex: '(^|/)node/', message: 'The foundation knows no server.' },
      {
        regex: '^(\\.\\./)+(service|application|features|purges)\\.js$',
        message: 'The foundation knows no feature.',
      },
    ],
  },
  {
    files: ['src/service/features/*/*.ts'],
    patterns: [
      {
        regex: '^\\.\\./(?!\\.\\.)[^/]+/(?!index\\.js$)',
        message: 'A feature knows others by their index.js.',
      },
    ],
  },
  {
    files: ['src/service/features/*/*/*.ts'],
    patterns: [
      {
        regex: '^\\.\\./\\.\\./(?!\\.\\.)[^/]+/(?!index\\.js$)',
        message: 'A feature knows others by their index.js.',
      },
    ],
  },
];

const otherLayers = (layer) =>
  layers
    .filter((other) => other !== layer && !mayImport[layer].includes(other))
    .map((other) => ({
      // A layer may have a folder of another one's name.
      regex: `^(\\.\\./)+${other}/`,
      message: `${layer} must not import from ${other}; see docs/architecture.md.`,
    }));

const ownRules = {
  protocol: [{ regex: '^[^.]', message: 'protocol imports nothing but itself.' }],
  sandbox: [{ regex: '^[^.]', message: 'A sandbox runs wherever there is fetch, and needs nothing else.' }],
  controller: [
    {
      regex: '^(lit|@lit/|node:|hono|kysely)',
      message: 'The controller knows no view, server or framework.',
    },
  ],
};

const restrict = (files, patterns) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns }] },
});

const importRules = [
  ...layers.map((layer) =>
    restrict([`src/${layer}/**/*.ts`], [...otherLayers(layer), ...(ownRules[layer] ?? [])]),
  ),
  // A later rule takes the place of an earlier one: these hold both.
  ...serviceRules.map(({ files, patterns }) => restrict(files, [...otherLayers('service'), ...patterns])),
];

/** What a server has no use for, it need not install: packages of the SDK, beside types. */
const sdkPackages = (files, packages) => ({
  files,
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: `^(?!\\.|(${packages.join('|')})$)`,
            allowTypeImports: true,
            message: 'The SDK needs no package at run time.',
          },
        ],
      },
    ],
    'no-restricted-syntax': [
      'error',
      {
        selector: "ImportExpression:not([source.value='jose'])",
        message: 'Of the packages that may be missing, only jose is imported when it is needed.',
      },
    ],
  },
});
const sdkRules = [
  sdkPackages(['src/sdk/**/*.ts'], []),
  sdkPackages(['src/sdk/supabase/**/*.ts'], ['@supabase/ssr']),
];

export default tseslint.config(
  {
    ignores: ['dist/', 'site/dist/', '.cache/', 'coverage/', 'node_modules/', '.data/', 'examples/*/.next/'],
  },
  ...tseslint.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-expressions': 'off',
      'no-console': ['error', { allow: ['warn', 'error'] }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  { files: ['src/elements/**/*.ts', 'src/index.ts'], ...lit.configs['flat/recommended'] },
  { files: ['src/elements/**/*.ts', 'src/index.ts'], ...wc.configs['flat/recommended'] },
  ...importRules,
  ...sdkRules,
  {
    files: ['tools/**', 'test/**', 'demo/**', 'examples/**', 'src/cli.ts', 'src/service/**'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['tools/**', 'demo/**', '*.mjs'],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
  },
);
