import globals from 'globals';
import lit from 'eslint-plugin-lit';
import * as wc from 'eslint-plugin-wc';
import tseslint from 'typescript-eslint';

/** What each layer may import from the others. Arrows run downwards only: elements -> controller -> protocol <- service. */
const mayImport = {
  protocol: [],
  controller: ['protocol'],
  elements: ['controller', 'protocol'],
  sdk: ['protocol'],
  service: ['protocol'],
  conformance: ['protocol'],
};

const layers = Object.keys(mayImport);

const importRules = layers.map((layer) => ({
  files: [`src/${layer}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: layers
          .filter((other) => other !== layer && !mayImport[layer].includes(other))
          .map((other) => ({
            regex: `(^|/)${other}/`,
            message: `${layer} must not import from ${other}; see docs/architecture.md.`,
          }))
          .concat(
            layer === 'protocol'
              ? [{ regex: '^[^.]', message: 'protocol imports nothing but itself.' }]
              : layer === 'controller'
                ? [
                    {
                      regex: '^(lit|@lit/|node:|hono|kysely)',
                      message: 'The controller knows no view, server or framework.',
                    },
                  ]
                : [],
          ),
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', 'node_modules/', '.data/'] },
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
  {
    files: ['tools/**', 'test/**', 'demo/**', 'src/cli.ts', 'src/service/**'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['tools/**', 'demo/**', '*.mjs'],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
  },
);
