// The tag, as each framework writes it.

export interface FrameworkSnippet {
  /** As people call it. */
  title: string;
  /** Packages in `package.json` that tell it; none for a page without a framework. */
  packages: readonly string[];
  /** Where its development server listens by default. */
  port: number;
  /** Where the code goes. */
  file: string;
  code(tag: SnippetValues): string;
}

/** What is the reader's own in a snippet. */
export interface SnippetValues {
  apiEndpoint: string;
  applicationId: string;
  /** Colours; the page's where none is named. */
  theme?: 'light' | 'dark' | undefined;
}

const attributes = ({ apiEndpoint, applicationId, theme }: SnippetValues) =>
  `api-endpoint="${apiEndpoint}" application-id="${applicationId}"${theme ? ` theme="${theme}"` : ''}`;
const tag = (values: SnippetValues) => `<marketplace-session ${attributes(values)}></marketplace-session>`;

/** In the order in which they are looked for: what builds on another one stands before it. */
export const snippets = {
  astro: {
    title: 'Astro',
    packages: ['astro'],
    port: 4321,
    file: 'src/components/Session.astro, to be drawn by the page',
    code: (values) => `${tag(values)}

<script>
  import 'marketplace-session';
</script>`,
  },
  next: {
    title: 'Next.js',
    packages: ['next'],
    port: 3000,
    file: 'app/session.jsx, to be drawn by the page',
    code: (values) => `'use client';
import 'marketplace-session';

export const Session = () => <marketplace-session ${attributes(values)} />;`,
  },
  react: {
    title: 'React',
    packages: ['react'],
    port: 5173,
    file: 'src/session.jsx, to be drawn by the page',
    code: (values) => `import 'marketplace-session';

export const Session = () => <marketplace-session ${attributes(values)} />;`,
  },
  solid: {
    title: 'Solid',
    packages: ['solid-js'],
    port: 3000,
    file: 'src/session.jsx, to be drawn by the page',
    code: (values) => `import 'marketplace-session';

export const Session = () => <marketplace-session ${attributes(values)} />;`,
  },
  vue: {
    title: 'Vue',
    packages: ['vue'],
    port: 5173,
    file: 'src/Session.vue; compilerOptions.isCustomElement: (tag) => tag.startsWith("marketplace-")',
    code: (values) => `<script setup>
import 'marketplace-session';
</script>

<template>
  ${tag(values)}
</template>`,
  },
  svelte: {
    title: 'Svelte',
    packages: ['svelte'],
    port: 5173,
    file: 'src/Session.svelte',
    code: (values) => `<script>
  import 'marketplace-session';
</script>

${tag(values)}`,
  },
  angular: {
    title: 'Angular',
    packages: ['@angular/core'],
    port: 4200,
    file: 'src/app/session.ts',
    code: (values) => `import { Component, CUSTOM_ELEMENTS_SCHEMA } from '@angular/core';
import 'marketplace-session';

@Component({
  selector: 'app-session',
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: \`${tag(values)}\`,
})
export class Session {}`,
  },
  html: {
    title: 'no framework',
    packages: [],
    port: 8000,
    file: 'index.html',
    code: (values) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <meta name="referrer" content="no-referrer" />
    <title>My page</title>
    <script type="module" src="/marketplace-session/marketplace-session.js"></script>
  </head>
  <body>
    ${tag(values)}
    <h1>What people pay for</h1>
  </body>
</html>`,
  },
} satisfies Record<string, FrameworkSnippet>;

export type FrameworkName = keyof typeof snippets;

export const isFramework = (name: string): name is FrameworkName => Object.hasOwn(snippets, name);

/** @param packages names of what `package.json` depends on */
export function detectFramework(packages: readonly string[]): FrameworkName {
  const names = Object.keys(snippets) as FrameworkName[];
  return names.find((name) => snippets[name].packages.some((one) => packages.includes(one))) ?? 'html';
}
