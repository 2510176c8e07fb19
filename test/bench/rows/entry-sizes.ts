// What each entry of the package adds to an application that bundles it.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundle } from '../harness/bundle.js';
import { gzipBytes } from '../harness/gzip.js';
import type { Benchmark, Row } from '../harness/measurement.js';
import { sum } from '../harness/statistics.js';

/** Entries for browsers, as package.json exports them, with a target for the part that loads first. */
const entries: Record<string, number | null> = {
  '.': null,
  './elements/marketplace-session.js': null,
  './controller': 6144,
  './protocol': null,
};

const root = new URL('../../../', import.meta.url);

interface PackageDescription {
  exports: Record<string, { default: string }>;
}

export const entrySizes: Benchmark = {
  name: 'entry-sizes',
  async measure() {
    const description = JSON.parse(
      await readFile(new URL('package.json', root), 'utf8'),
    ) as PackageDescription;
    const rows: Row[] = [];
    for (const [entry, target] of Object.entries(entries)) {
      const path = fileURLToPath(new URL(description.exports[entry]!.default, root));
      const { first, late } = await bundle(path);
      const name = `import 'marketplace-session${entry.slice(1)}'`;
      const firstBytes = sum(first.map(gzipBytes));
      rows.push({ name: `${name}: first load`, value: firstBytes, unit: 'B gzip', target });
      if (late.length === 0) continue;
      const withLateParts = firstBytes + sum(late.map(gzipBytes));
      rows.push({ name: `${name}: with late parts`, value: withLateParts, unit: 'B gzip', target: null });
    }
    return rows;
  },
};
