import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Where tests run compiled (tools/tests/compile.mjs), the folder with everything compiled. */
const { COMPILED } = process.env;

/** Where sources are found by their paths in a process of their own: as its working folder. */
export const sourceFolder = COMPILED ?? process.cwd();

/** What Node needs to run sources in a process of its own. */
export const nodeFlags = COMPILED ? ['--enable-source-maps'] : ['--import', import.meta.resolve('tsx')];

/**
 * A source for Node to run with `nodeFlags`.
 * @param source where tests run compiled it is a bundle if there is one (tools/tests/programs.mjs)
 */
export function programOf(source: string): string {
  if (!COMPILED) return resolve(source);
  const path = source.replace(/\.ts$/, '.js');
  const bundle = join(COMPILED, 'programs', path);
  return existsSync(bundle) ? bundle : join(COMPILED, path);
}
