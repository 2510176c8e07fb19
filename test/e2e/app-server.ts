import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { ensureScriptTagFiles } from '../../tools/script-tag-files.mjs';

const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript' };

/** A provider's app of an origin of its own: a page with nothing but the tag, and a page to return to. */
export class AppServer {
  readonly origin: string;
  readonly #server: ReturnType<typeof createServer>;

  private constructor(server: ReturnType<typeof createServer>) {
    this.#server = server;
    this.origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  }

  /** @param serviceUrl where the tag asks. */
  static async open(serviceUrl: string): Promise<AppServer> {
    ensureScriptTagFiles();
    const server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url!, 'http://localhost');
      if (pathname === '/' || pathname === '/elsewhere') {
        const page =
          pathname === '/' ? pageOf(serviceUrl, searchParams) : '<!doctype html><title>Elsewhere</title>';
        response.setHeader('Content-Type', 'text/html').end(page);
        return;
      }
      const file = join('dist/cdn', normalize(pathname));
      readFile(file).then(
        (content) => response.setHeader('Content-Type', types[extname(file)] ?? 'text/plain').end(content),
        () => response.writeHead(404).end(),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new AppServer(server);
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** The page of an application. @param attributes of the tag, as a query. */
  addressOf(application: string, attributes = ''): string {
    return `${this.origin}/?app=${application}${attributes && `&${attributes}`}`;
  }
}

/** The app: the tag with the attributes of the query. Nothing else. */
function pageOf(serviceUrl: string, query: URLSearchParams): string {
  const attributes = [...query]
    .filter(([name]) => name !== 'session' && name !== 'app')
    .map(([name, value]) => ` ${name}="${value}"`);
  return `<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <meta name="referrer" content="same-origin">
  <link rel="icon" href="data:,">
  <title>An app</title>
  <script type="module" src="/marketplace-session.js"></script>
  <marketplace-session api-endpoint="${serviceUrl}/api/v1" application-id="${query.get('app')}"${attributes.join('')}></marketplace-session>
</html>`;
}
