import { readFile, readdir } from 'node:fs/promises';

const folder = new URL('../../../dist/cdn/', import.meta.url);

/** The file that a page names in its script tag. */
export const entryPath = '/marketplace-session.js';

export interface ScriptFile {
  /** Path on the site. */
  path: string;
  content: string;
}

/** All scripts of the build for a script tag, read at one moment. */
export async function readCdnFiles(): Promise<ScriptFile[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.js'));
  return Promise.all(
    names.map(async (name) => ({ path: `/${name}`, content: await readFile(new URL(name, folder), 'utf8') })),
  );
}
