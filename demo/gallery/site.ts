import { fileURLToPath } from 'node:url';
import { Hono } from 'hono';
import { readStaticFile } from '../static-files.js';

const publicFolder = fileURLToPath(new URL('./public/', import.meta.url));

/** As strict as a page can be: the tag needs nothing of what is forbidden here. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
  "require-trusted-types-for 'script'",
  'trusted-types lit-html',
].join('; ');

/** `/gallery/`: every state of the tag and its pieces, side by side; each in a frame of its own. */
export function gallerySite(): Hono {
  const site = new Hono();
  site.get('/gallery', (c) => c.redirect('/gallery/', 308));
  site.get('/gallery/*', async (c) => {
    const file = await readStaticFile(publicFolder, c.req.path.slice('/gallery'.length));
    if (!file) return c.notFound();
    return c.body(file.content, 200, {
      'Content-Type': file.contentType,
      'Content-Security-Policy': policy,
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-cache',
    });
  });
  return site;
}
