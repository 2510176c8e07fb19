// Finds the programs of packages, for Node to run: what npm makes of them starts on some systems only by a shell.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The file of a package's program. */
export function program(name, bin = name) {
  const folder = join('node_modules', name);
  const { bin: programs } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, typeof programs === 'string' ? programs : programs[bin]);
}
