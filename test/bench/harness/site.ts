import type { ScriptFile } from './cdn-files.js';
import { gzip } from './gzip.js';
import { listen, type LocalServer } from './local-server.js';

/**
 * Serves pages as they are and scripts as `gzip -9`, nothing from a cache.
 * @param headers of each page, beside the usual ones.
 */
export function startSite(
  pages: Record<string, string>,
  scripts: readonly ScriptFile[],
  headers: Record<string, string> = {},
): Promise<LocalServer> {
  const packed = new Map(scripts.map(({ path, content }) => [path, gzip(content)]));
  return listen((request, response) => {
    const { pathname } = new URL(request.url!, 'http://site');
    const script = packed.get(pathname);
    response.setHeader('Cache-Control', 'no-store');
    if (script) {
      response.setHeader('Content-Type', 'text/javascript; charset=utf-8');
      response.setHeader('Content-Encoding', 'gzip');
      response.end(script);
    } else if (pathname in pages) {
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...headers });
      response.end(pages[pathname]);
    } else {
      response.writeHead(404).end();
    }
  });
}
