// npm run bench [-- --json FILE] [--only NAME,NAME] [--short] [--no-build]
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { benchmarks } from './benchmarks.js';
import { launchBrowser } from './harness/browser.js';
import { assertMeasured, type Row } from './harness/measurement.js';
import { table, toJson } from './harness/report.js';

const { values: options } = parseArgs({
  options: {
    /** Where to write the figures for a program. */
    json: { type: 'string' },
    /** Some of the benchmarks, by name. */
    only: { type: 'string' },
    /** A twentieth of everything: whether each row can still be measured, and no figure to write down. For CI. */
    short: { type: 'boolean', default: false },
    /** Measures the `dist` that is there. */
    'no-build': { type: 'boolean', default: false },
  },
});

const wanted = options.only?.split(',') ?? benchmarks.map(({ name }) => name);
const unknown = wanted.filter((name) => !benchmarks.some((benchmark) => benchmark.name === name));
if (unknown.length) throw new Error(`There is no benchmark named ${unknown.join(', ')}`);

if (!options['no-build']) {
  console.log('npm run build');
  execFileSync('npm', ['run', '--silent', 'build'], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
}

const browser = await launchBrowser();
console.log(`Chromium ${browser.version()}, Node ${process.version}, ${cpus().length} processors`);
const rows: Row[] = [];
let failed = 0;
const sized = (count: number) => (options.short ? Math.max(2, Math.ceil(count / 20)) : count);
try {
  for (const { name, measure } of benchmarks) {
    if (!wanted.includes(name)) continue;
    console.log(name);
    const startedAt = performance.now();
    try {
      rows.push(
        ...assertMeasured(await measure({ browser, sized, note: (line) => console.log(`  ${line}`) })),
      );
    } catch (error) {
      // The other figures are still worth having.
      console.error(`${name} could not be measured:`, error);
      failed += 1;
    }
    console.log(`  ${Math.round((performance.now() - startedAt) / 1000)} s`);
  }
} finally {
  await browser.close();
}

console.log(`\n${table(rows)}`);
if (options.json) writeFileSync(options.json, toJson(rows));
// Figures fail nothing; what cannot be measured does.
if (failed) process.exitCode = 1;
console.log(`${wanted.length - failed} passed, ${failed} failed`);
