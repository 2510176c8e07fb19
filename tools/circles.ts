// Circles of imports among the sources, types included: a file that cannot be read without another that needs it first.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What each file below a folder imports of the others. */
function importsBelow(folder: string): Map<string, string[]> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => path.endsWith('.ts'));
  return new Map(files.map((path) => [path, importsOf(path)]));
}

function importsOf(path: string): string[] {
  const statements = readFileSync(path, 'utf8').matchAll(
    /^(?:import|export)\b[^;]*?\bfrom '(\.[^']+)\.js'/gm,
  );
  return [...statements]
    .map(([, target]) => `${join(dirname(path), target!)}.ts`)
    .filter((target) => existsSync(target));
}

/** Groups of files that can all reach each other (Tarjan, 1972). */
export function circlesBelow(folder: string): string[][] {
  const imports = importsBelow(folder);
  const circles: string[][] = [];
  const stack: string[] = [];
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const visit = (path: string) => {
    index.set(path, index.size);
    low.set(path, index.get(path)!);
    stack.push(path);
    for (const next of imports.get(path) ?? []) {
      if (!index.has(next)) visit(next);
      if (stack.includes(next)) low.set(path, Math.min(low.get(path)!, low.get(next)!));
    }
    if (low.get(path) !== index.get(path)) return;
    const group = stack.splice(stack.indexOf(path));
    if (group.length > 1) circles.push(group);
  };
  for (const path of imports.keys()) if (!index.has(path)) visit(path);
  return circles;
}
