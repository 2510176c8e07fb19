// npm test: everything, one step after the other, with one count at the end; with "thorough" what takes too long for it.
import { spawn } from 'node:child_process';
import { findBrowser, findFirefox, findWebkit } from './browser.mjs';

/** Engines that cannot be had here. */
const missing = [];

/** The engines beside Chromium that can be had here. */
function engines() {
  return [
    ['Firefox', 'firefox', findFirefox],
    ['WebKit', 'webkit', findWebkit],
  ].filter(([name, , find]) => find() || !missing.push(name));
}

/** How the browser runner tells its count: "3 passed". */
const ofBrowsers = /(\d+) (passed|failed)/g;
/** How node:test does: "pass 3". */
const ofNode = /^\S* ?(pass|fail) (\d+)$/gm;

/** The same tests in each engine: they wait more than they work, so all engines run at once. */
const inBrowsers = () => [
  { title: 'controller and elements, in Chromium', script: 'test:browser', count: ofBrowsers },
  ...engines().map(([name, ENGINE]) => ({
    title: `controller and elements, in ${name}`,
    script: 'test:browser',
    count: ofBrowsers,
    env: { ENGINE },
  })),
];

const everything = () => [
  [{ title: 'build', script: 'build' }],
  [{ title: 'protocol and service', script: 'test:node', count: ofNode }],
  inBrowsers(),
  [{ title: 'end to end', script: 'test:e2e', count: ofNode }],
];

/** Tests that find more the longer they run, each alone: what they measure is not to be what others cost. */
const thorough = () =>
  [
    { file: 'chaos', env: { CHAOS_SESSIONS: '2000' } },
    { file: 'stripe-webhook', env: { PAYMENT_REPEATS: '3' } },
    { file: 'disputes', env: { DISPUTE_ORDERS: '250' } },
    { file: 'model', env: { MODEL_RUNS: '100' } },
    { file: 'garbage', env: { FUZZ_RUNS: '60' } },
    { file: 'tabs', env: { TABS_RUNS: '100' } },
  ].map(({ file, env }) => [
    {
      title: `${file}, at length`,
      script: 'test:files',
      files: [`test/service/${file}.test.ts`],
      count: ofNode,
      env,
    },
  ]);

const steps = process.argv[2] === 'thorough' ? thorough() : everything();
const env = { ...process.env, CHROME_PATH: await findBrowser(), FORCE_COLOR: '0' };
let passed = 0;
let failed = 0;

for (const step of steps) await Promise.all(step.map((part) => perform(part, step.length > 1)));

for (const name of missing)
  console.log(`\nNot tested in ${name}: it is not on this machine and could not be installed.`);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;

/** Runs a part and counts; beside others it is told once it is done. */
async function perform({ title, script, count, env: more, files = [] }, isBesideOthers) {
  if (!isBesideOthers) console.log(`\n— ${title}`);
  const startedAt = Date.now();
  const { code, output } = await run(['run', '--silent', script, '--', ...files], more, isBesideOthers);
  if (isBesideOthers) console.log(`\n— ${title}\n${output}`);
  const counted = count ? read(output, count) : { passed: 0, failed: 0 };
  passed += counted.passed;
  // A part that broke off without a failed test has failed all the same.
  failed += counted.failed || (code === 0 ? 0 : 1);
  if (count && code === 0 && counted.passed === 0) failed += 1;
  console.log(
    `— ${title}: ${code === 0 ? 'done' : 'FAILED'} in ${Math.round((Date.now() - startedAt) / 1000)} s`,
  );
}

function run(args, more = {}, isSilent = false) {
  return new Promise((resolve) => {
    const child = spawn('npm', args, {
      env: { ...env, ...more },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
      if (!isSilent) process.stdout.write(chunk);
    });
    child.on('close', (code) => resolve({ code, output }));
  });
}

/** The last count of each kind is the part's total. */
function read(output, pattern) {
  const counts = { passed: 0, failed: 0 };
  for (const [, first, second] of output.matchAll(pattern)) {
    const word = /\d/.test(first) ? second : first;
    counts[word.startsWith('pass') ? 'passed' : 'failed'] = Number(/\d/.test(first) ? first : second);
  }
  return counts;
}
