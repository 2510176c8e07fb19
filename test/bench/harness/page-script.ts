import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.js';

/** A script of `pages/`, ready for a browser. @param name without extension. */
export async function pageScript(name: string): Promise<string> {
  const { first } = await bundle(fileURLToPath(new URL(`../pages/${name}.ts`, import.meta.url)));
  return first.join('\n');
}
