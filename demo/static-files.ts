import { readFile } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.map': 'application/json',
};

export interface StaticFile {
  content: string;
  contentType: string;
}

/**
 * A text file below a folder; `index.html` for a path that ends in a slash.
 * @returns null where there is none, or the path leads out of the folder.
 */
export async function readStaticFile(folder: string, path: string): Promise<StaticFile | null> {
  const root = resolve(folder);
  const file = join(root, path.endsWith('/') ? `${path}index.html` : path);
  const contentType = contentTypes[extname(file)];
  if (!contentType || !file.startsWith(root + sep)) return null;
  const content = await readFile(file, 'utf8').catch(() => null);
  return content === null ? null : { content, contentType };
}
