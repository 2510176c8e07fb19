// The documents as a site: `docs/` and the files beside it as they are, searchable, with examples that run.
import { createHash } from 'node:crypto';
import {
  cpSync,
  createReadStream,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { extname, join, posix, resolve } from 'node:path';
import { defineConfig, type DefaultTheme } from 'vitepress';
import { slugOf } from '../../tools/documents.ts';

/** Pages by the file that they are made of; all others have the path of theirs, without `docs/`. */
const rewrites: Record<string, string> = {
  'README.md': 'index.md',
  'CHANGELOG.md': 'changelog.md',
  'CONTRIBUTING.md': 'contributing.md',
  'SECURITY.md': 'security-policy.md',
  'docs/README.md': 'documents.md',
  'docs/decisions/README.md': 'decisions/index.md',
};
const pageOf = (path: string) => rewrites[path] ?? path.replace(/^docs\//, '');

const otherFolders = readdirSync('.', { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'docs')
  .map(({ name }) => `${name}/**`);

/** What stands beside the pages: the gallery of the demo, and the files of the script tag that it and the examples run. */
const folders: Record<string, string> = {
  '/gallery/': 'demo/gallery/public',
  '/assets/': 'demo/marketplace/public',
  '/cdn/': 'dist/cdn',
};

/** The gallery's own links lead into the demo's marketplace, which is not here. */
const withoutDemo = (html: string) =>
  html
    .replace(
      /<nav aria-label="Site">[\s\S]*?<\/nav>/,
      '<nav aria-label="Site"><a href="../">Documents</a></nav>',
    )
    .replace('<span>Tempo</span>', '<span>marketplace-session</span>')
    .replace('<a class="brand" href="/">', '<a class="brand" href="../">');

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** The list of documents is the list of pages: its headings are groups, its links are pages. */
function sidebar(): DefaultTheme.SidebarItem[] {
  const groups = readFileSync('docs/README.md', 'utf8').split(/^## /m).slice(1);
  return groups.map((group) => ({
    text: group.split('\n')[0],
    items: [...group.matchAll(/^- \[([^\]]+)\]\(([^)]+)\)/gm)].map(([, text, target]) => {
      const path = posix.join('docs', target!);
      return path.endsWith('.md') ? { text, link: `/${pageOf(path)}` } : { text, link: target };
    }),
  }));
}

/** Only scripts of the site itself run, and nothing is asked of anybody else. Highlighted code has inline styles. */
function policyOf(html: string): string {
  const inline = [...html.matchAll(/<script(?![^>]*\bsrc=)[^>]*>([\s\S]*?)<\/script>/g)];
  const hashes = inline.map(
    ([, script]) => `'sha256-${createHash('sha256').update(script!).digest('base64')}'`,
  );
  return [
    "default-src 'none'",
    `script-src 'self' ${[...new Set(hashes)].join(' ')}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "frame-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

export default defineConfig({
  title: 'marketplace-session',
  description: 'Sell time in a web app: the documents.',
  head: [['link', { rel: 'icon', href: '/assets/tempo.svg', type: 'image/svg+xml' }]],
  srcDir: '..',
  srcExclude: otherFolders,
  rewrites: (path) => pageOf(path),
  outDir: 'dist',
  cacheDir: '../.cache/site',
  ignoreDeadLinks: [/^\/gallery\//, /^http:\/\/localhost/],
  markdown: {
    anchor: { slugify: slugOf },
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    config(md) {
      md.core.ruler.push('links', ({ tokens, env }) => {
        const from = posix.relative(
          resolve('.').replaceAll('\\', '/'),
          (env.realPath ?? env.path).replaceAll('\\', '/'),
        );
        for (const token of tokens.flatMap(({ children }) => children ?? [])) {
          const href = token.type === 'link_open' ? token.attrGet('href') : null;
          const [, path, anchor = ''] = /^(?!\w+:|\/)([^#]+\.md)(#.*)?$/.exec(href ?? '') ?? [];
          if (path) token.attrSet('href', `/${pageOf(posix.join(posix.dirname(from), path))}${anchor}`);
        }
      });
      const fence = md.renderer.rules.fence!;
      md.renderer.rules.fence = (tokens, index, ...more) => {
        const token = tokens[index]!;
        const { info, content } = token;
        // Diagrams read well enough as they are written.
        if (info === 'mermaid') token.info = 'text';
        const isLive = /^html\s.*\blive\b/.test(info);
        return (
          fence(tokens, index, ...more) +
          (isLive ? `<LiveExample code="${encodeURIComponent(content)}" />` : '')
        );
      };
    },
  },
  vue: { template: { compilerOptions: { isCustomElement: (tag) => tag.startsWith('marketplace-') } } },
  vite: {
    configFile: false,
    publicDir: false,
    plugins: [
      {
        name: 'beside-the-pages',
        configureServer(server) {
          server.middlewares.use((request, response, next) => {
            const { pathname } = new URL(request.url!, 'http://localhost');
            const [prefix, folder] =
              Object.entries(folders).find(([start]) => pathname.startsWith(start)) ?? [];
            if (!folder) return next();
            const name = pathname.slice(prefix!.length) || 'index.html';
            const path = join(folder, posix.normalize(`/${name}`));
            if (!existsSync(path) || !statSync(path).isFile()) return next();
            response.setHeader('Content-Type', contentTypes[extname(path)] ?? 'application/octet-stream');
            if (prefix === '/gallery/' && name === 'index.html')
              return response.end(withoutDemo(readFileSync(path, 'utf8')));
            createReadStream(path).pipe(response);
          });
        },
      },
    ],
  },
  transformHtml: (html) =>
    html.replace(
      /(<meta charset="utf-8">)/i,
      `$1<meta http-equiv="Content-Security-Policy" content="${policyOf(html)}">`,
    ),
  buildEnd({ outDir }) {
    const isShipped = (path: string) => !/\.(map|d\.ts)$/.test(path);
    for (const [prefix, folder] of Object.entries(folders))
      cpSync(folder, join(outDir, prefix), { recursive: true, filter: isShipped });
    const gallery = join(outDir, 'gallery/index.html');
    writeFileSync(gallery, withoutDemo(readFileSync(gallery, 'utf8')));
  },
  themeConfig: {
    sidebar: sidebar(),
    outline: [2, 3],
    search: { provider: 'local' },
    nav: [
      { text: 'Getting started', link: '/getting-started' },
      { text: 'Reference', link: '/reference' },
      { text: 'Errors', link: '/troubleshooting' },
      { text: 'Gallery', link: '/gallery/', target: '_self' },
    ],
  },
});
