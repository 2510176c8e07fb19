/**
 * A server for a page without a framework: the page and the script, and nothing else of the folder.
 * @param serviceOrigin what the page may ask
 */
export const pageServer = (
  port: number,
  serviceOrigin: string,
): string => `// Serves the page and the files of its script, and nothing else of this folder.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  'connect-src ${serviceOrigin}',
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types lit-html',
].join('; ');

const server = createServer(async (request, response) => {
  const [path] = request.url.split('?');
  const name = path === '/' ? 'index.html' : /^\\/(marketplace-session\\/[\\w-][\\w.-]*\\.js)$/.exec(path)?.[1];
  const content = name && (await readFile(new URL(name, import.meta.url)).catch(() => undefined));
  if (!content) return response.writeHead(404).end();
  response.writeHead(200, {
    'Content-Type': name.endsWith('.js') ? 'text/javascript' : 'text/html; charset=utf-8',
    'Content-Security-Policy': policy,
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(content);
});
server.listen(Number(process.env.PORT ?? ${port}), '127.0.0.1', () =>
  console.log(\`The page is at http://localhost:\${server.address().port}/\`),
);
`;
