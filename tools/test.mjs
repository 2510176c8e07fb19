// npm test: everything, one step after the other, with one count at the end.
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

/** The same tests in each engine: they wait more than they work, so all engines run at once. */
const inBrowsers = [
  ['controller and elements, in Chromium', 'test:browser', /(\d+) (passed|failed)/g],
  ...engines().map(([name, engine]) => [
    `controller and elements, in ${name}`,
    'test:browser',
    /(\d+) (passed|failed)/g,
    { ENGINE: engine },
  ]),
];

/** Steps of parts, each with the way to read its count: node:test prints "pass 3", the browser runner "3 passed". */
const steps = [
  [['build', 'build', null]],
  [['protocol and service', 'test:node', /^\S* ?(pass|fail) (\d+)$/gm]],
  inBrowsers,
  [['end to end', 'test:e2e', /^\S* ?(pass|fail) (\d+)$/gm]],
];

const env = { ...process.env, CHROME_PATH: await findBrowser(), FORCE_COLOR: '0' };
let passed = 0;
let failed = 0;

for (const step of steps) await Promise.all(step.map((part) => perform(part, step.length > 1)));

for (const name of missing)
  console.log(`\nNot tested in ${name}: it is not on this machine and could not be installed.`);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;

/** Runs a part and counts; beside others it is told once it is done. */
async function perform([title, script, count, more], isBesideOthers) {
  if (!isBesideOthers) console.log(`\n— ${title}`);
  const startedAt = Date.now();
  const { code, output } = await run(script, more, isBesideOthers);
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

function run(script, more = {}, isSilent = false) {
  return new Promise((resolve) => {
    const child = spawn('npm', ['run', '--silent', script], {
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
