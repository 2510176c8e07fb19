// npm test: everything, with one count at the end.
//   npm test -- PATH ...          some files, or all of a folder
//   npm test -- --changed [REF]   what the changes since a commit may have broken: since the last one where none is named
//   npm run test:thorough         what takes too long for npm test
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findBrowser, findFirefox, findHeadlessShell, findWebkit } from './browser.mjs';
import { program } from './program.mjs';
import { bundle } from './tests/bundles.mjs';
import { changedTests } from './tests/changed.mjs';
import { compile, compiledFolder, compiledPath } from './tests/compile.mjs';
import { firstInEachEngine, laterInEachEngine } from './tests/engines.mjs';
import { group, testFiles } from './tests/files.mjs';
import { runJobs } from './tests/jobs.mjs';
import { bundlePrograms } from './tests/programs.mjs';
import { Reports } from './tests/reports.mjs';

const startedAt = Date.now();
const reports = new Reports();
/** What cannot be tested here. */
const missing = new Set();

const vite = program('vite');
const build = { title: 'build', args: [vite, 'build', '--logLevel', 'warn'] };
const scriptTagFiles = {
  title: 'build of the script tag',
  args: [vite, 'build', '--mode', 'cdn', '--logLevel', 'warn'],
  after: [build],
};

/** Whole: some processes have another working folder. */
const rawCoverage = resolve('coverage/raw');

/** Test files of node:test in one process. */
function nodeJob(files, more = {}) {
  const reporter = pathToFileURL(join('tools', 'tests', 'node-reporter.mjs')).href;
  const flags = [
    '--enable-source-maps',
    '--disable-warning=ExperimentalWarning',
    `--test-reporter=${reporter}`,
  ];
  return {
    title: files.join(', '),
    args: [...flags, join('tools', 'tests', 'run-files.mjs'), ...files],
    files,
    report: reports.expect(files),
    again: (file) => nodeJob([file], { ...more, after: [], isAlone: true }),
    ...more,
  };
}

/** What takes longest, and that first; what measures, or sets something for all of its process. */
const ownProcess = [
  ...['audit', 'garbage', 'tenancy', 'cli', 'waiting', 'migrations'],
  ...['standstill', 'gallery', 'readme', 'tabs', 'start', 'screens', 'pages', 'networks'],
  ...['chaos', 'conformance', 'disputes', 'model', 'frameworks', 'server-rendering', 'site'],
];

const serviceJobs = (files, more) => group(files, 8, ownProcess).map((some) => nodeJob(some, more));

/** They wait far more than they work. */
const waits = (files) => files.some((file) => file.endsWith('/standstill.test.ts'));

/** Large tables, long files and many instances: in CI, not in npm test. */
const largeServices = ['lists', 'session-csv', 'chaos', 'disputes'].map(
  (name) => `test/service/${name}.test.ts`,
);

/** They walk through all that there is to see, start a thing as a newcomer does, or wait for minutes: in CI, not in npm test. */
const longWalks = [
  ...['gallery', 'pages', 'screens', 'networks', 'standstill', 'readme', 'start', 'init', 'doctor'],
  ...['frameworks', 'hydration', 'server-rendering', 'older-sdk', 'site', 'reflow', 'playwright-kit'],
].map((name) => `test/e2e/${name}.test.ts`);

const endToEndJobs = (files) =>
  group(files, 4, ownProcess).map((some) =>
    nodeJob(some, { after: [scriptTagFiles], share: waits(some) ? 0.25 : 0.75 }),
  );

/** Those first that have a process for themselves; last what is short, so that the end comes for all at once. */
const longestFirst = (jobs) => jobs.toSorted((a, b) => a.files.length - b.files.length);

/** Files in one engine, a page after the other; nothing where it is not to be had here. */
function pageJob(ENGINE, files, { isCounted = false } = {}) {
  const [name, find] = {
    chromium: ['Chromium', () => process.env.CHROME_PATH],
    firefox: ['Firefox', findFirefox],
    webkit: ['WebKit', findWebkit],
  }[ENGINE];
  if (!files.length) return [];
  if (!find()) {
    missing.add(name);
    return [];
  }
  return [
    {
      title: `controller and elements in ${name}`,
      args: [
        program('@web/test-runner', 'web-test-runner'),
        ...(isCounted ? ['--coverage'] : []),
        '--files',
        ...files,
      ],
      after: [scriptTagFiles],
      share: 0.15,
      env: { ENGINE },
      report: reports.expect(files, name),
      again: (file) => pageJob(ENGINE, [file])[0],
    },
  ];
}

/** The same in two processes: pages wait for real seconds, one after the other, most of their time. */
const pageJobs = (engine, files) =>
  [0, 1].flatMap((half) =>
    pageJob(
      engine,
      files.filter((_, index) => index % 2 === half),
    ),
  );

function everything() {
  return [
    build,
    scriptTagFiles,
    ...pageJobs('chromium', testFiles.pages),
    ...pageJobs('firefox', firstInEachEngine),
    ...pageJobs('webkit', firstInEachEngine),
    ...longestFirst([
      // The embedded database is asked in the thorough run.
      ...serviceJobs(
        testFiles.service.filter((file) => !largeServices.includes(file)),
        { env: { DATABASE: 'PostgreSQL' } },
      ),
      ...endToEndJobs(testFiles.endToEnd.filter((file) => !longWalks.includes(file))),
    ]),
  ];
}

/** They ask each route in turn, or search for an order that fails: on PostgreSQL, and longer below than in npm test. */
const sweeps = [
  ...['audit', 'tenancy', 'garbage', 'garbage-process', 'cli', 'conformance', 'session-csv'],
  ...['model', 'help-model', 'subscription-model', 'disputes', 'stripe-webhook', 'tabs', 'chaos'],
].map((name) => `test/service/${name}.test.ts`);

/** Whether another database may show something else. */
const asksTheDatabase = (file) => !sweeps.includes(file);

/** Whatever npm test leaves out, the lines that tests reach, and searches that find more the longer they run. */
function thorough() {
  const onPglite = serviceJobs(testFiles.service.filter(asksTheDatabase), {
    // Counting lines on the slower database takes long.
    env: { DATABASE: 'PGlite', NODE_V8_COVERAGE: rawCoverage, FILE_MINUTES: '20' },
  });
  const coverage = {
    title: 'coverage of the service',
    args: [program('c8'), 'report', '--temp-directory', rawCoverage],
    after: onPglite,
  };
  const searches = [
    ['garbage-process', { RAW_INPUTS: '100000', GENERATED_REQUESTS: '20000' }],
    ['session-csv', { CSV_ROWS: '1000000' }],
    ['model', { MODEL_RUNS: '40' }],
    ['stripe-webhook', { PAYMENT_ORDERS: '800' }],
    ['subscription-model', { SUBSCRIPTION_RUNS: '40' }],
    ['disputes', { DISPUTE_ORDERS: '150' }],
    ['help-model', { HELP_RUNS: '40' }],
    ['garbage', { FUZZ_RUNS: '40' }],
    ['tabs', { TABS_RUNS: '50' }],
    ['chaos', { CHAOS_SESSIONS: '2000' }],
  ].map(([name, env]) =>
    nodeJob([`test/service/${name}.test.ts`], {
      env: { ...env, FILE_MINUTES: '20' },
      // They wait for nothing: more of them at a time are only slower, and whatever waits for a second beside them fails.
      share: 2,
      // Only this one measures how late things are.
      isAlone: name === 'chaos',
    }),
  );
  return [
    build,
    scriptTagFiles,
    ...pageJob('chromium', testFiles.pages, { isCounted: true }),
    ...pageJobs('firefox', laterInEachEngine),
    ...pageJobs('webkit', laterInEachEngine),
    // What takes longest first: nobody waits for it alone at the end.
    ...searches,
    ...endToEndJobs(longWalks),
    ...onPglite,
    coverage,
  ];
}

/** The test files of a kind that the paths name; a folder names all in it. */
function named(paths, kind) {
  const isWanted = (file) =>
    paths.some((path) => file === path || file.startsWith(`${path.replace(/\/$/, '')}/`));
  return testFiles[kind].filter(isWanted);
}

/** Some files only, each where it belongs. */
function some(paths) {
  const [service, pages, endToEnd] = ['service', 'pages', 'endToEnd'].map((kind) => named(paths, kind));
  return [
    ...(endToEnd.length || pages.length ? [build, scriptTagFiles] : []),
    ...['chromium', 'firefox', 'webkit'].flatMap((engine) => pageJobs(engine, pages)),
    ...serviceJobs(service),
    ...endToEndJobs(endToEnd),
  ];
}

function onDone({ title, report }, { code, output, ms }) {
  if (report) report.end(title, { code, output });
  else if (code !== 0) reports.fail(title, output);
  else console.log(`ok  ${title}, ${(ms / 1000).toFixed(1)} s`);
}

/** So many files that fail are no accident. */
const mostAccidents = 8;

/** The files that have failed, one after the other: what passes now is told as unsteady. */
function failedAgain(jobs) {
  const failed = jobs.flatMap(({ report, again }) =>
    (report?.failedFiles ?? []).map((file) => ({ report, file, again })),
  );
  if (failed.length > mostAccidents) return [];
  return failed.map(({ report, file, again }) => {
    reports.forget(report, file);
    console.log(`again  ${file}`);
    return again(file);
  });
}

const [first, ...rest] = process.argv.slice(2);
/** Undefined where not some are named. */
const paths =
  first === '--changed'
    ? changedTests(rest[0])
    : first && first !== 'thorough'
      ? [first, ...rest]
      : undefined;
const needsBrowser = !paths || ['pages', 'endToEnd'].some((kind) => named(paths, kind).length);

if (needsBrowser) process.env.CHROME_PATH = await findBrowser();
// The thorough run has the whole browser.
const shell = first === 'thorough' || !needsBrowser ? undefined : findHeadlessShell();
if (shell) process.env.HEADLESS_SHELL_PATH = shell;
process.env.COMPILED = compiledFolder;
process.env.FORCE_COLOR = '0';
rmSync(rawCoverage, { recursive: true, force: true });
await compile();
await bundlePrograms();
await bundle(paths ? named(paths, 'pages') : testFiles.pages);

const jobs = paths ? some(paths) : first === 'thorough' ? thorough() : everything();
const { startRealPostgres } = await import(pathToFileURL(compiledPath('test/service/real-postgres.ts')).href);
const postgres = await startRealPostgres();
try {
  process.env.DATABASE_URL = postgres.url;
  process.env.TEMPLATE_DATABASE = await postgres.makeTemplate();
  await runJobs(jobs, onDone);
  if (process.env.RUN_FAILED_AGAIN) await runJobs(failedAgain(jobs), onDone);
} finally {
  await postgres.stop();
}

for (const name of missing)
  console.log(`\nNot tested in ${name}: it is not on this machine and could not be installed.`);
reports.summarize();
console.log(`in ${Math.round((Date.now() - startedAt) / 1000)} s`);
process.exitCode = reports.failed ? 1 : 0;
