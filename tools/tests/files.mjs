// Finds the test files: a new one is run without being named anywhere.
import { readdirSync } from 'node:fs';
import { sep } from 'node:path';

const all = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => `test/${name.replaceAll(sep, '/')}`)
  .sort();

const isOfPages = (file) => /^test\/(controller|elements)\//.test(file);
const isEndToEnd = (file) => file.startsWith('test/e2e/');

export const testFiles = {
  /** Run by node:test, on the databases. */
  service: all.filter((file) => !isOfPages(file) && !isEndToEnd(file)),
  /** Run inside a page, by the browser runner. */
  pages: all.filter(isOfPages),
  /** Run by node:test, with a browser in hand. */
  endToEnd: all.filter(isEndToEnd),
};

/**
 * Splits files into groups, each for one process: what a process has loaded and compiled serves all files of its group.
 * @param alone names of those that get a process of their own, first of all and in this order.
 */
export function group(files, size, alone = []) {
  const named = alone.flatMap((name) => files.filter((file) => file.endsWith(`/${name}.test.ts`)));
  const groups = named.map((file) => [file]);
  const others = files.filter((file) => !named.includes(file));
  for (let start = 0; start < others.length; start += size) groups.push(others.slice(start, start + size));
  return groups;
}
